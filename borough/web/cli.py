"""The `borough` command: Django's own commands and the house's."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "borough.web.settings")
    # Django names a command after its file; people type hyphens.
    name = [word.replace("-", "_") for word in sys.argv[1:2] if not word.startswith("-")]
    execute_from_command_line([*sys.argv[:1], *(name or sys.argv[1:2]), *sys.argv[2:]])


if __name__ == "__main__":
    main()
