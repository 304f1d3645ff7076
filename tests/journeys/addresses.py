"""Prints, for the database of this process, the links that sign in and the pages behind signed links, as JSON."""

import json
import os
import sys

import django


def main() -> None:
    from borough.accounts.actions import make_rehearsal_link
    from borough.accounts.policies import STAFF_ROLES
    from borough.accounts.queries import list_staff

    links = {role: make_rehearsal_link(list_staff(roles=[role])[0][0]) for role in STAFF_ROLES}
    json.dump({"links": links, "addresses": {}}, sys.stdout)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "borough.web.settings")
    django.setup()
    main()
