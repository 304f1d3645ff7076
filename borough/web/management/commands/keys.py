from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from borough.accounts.actions import add_api_key, revoke_api_key
from borough.accounts.policies import STAFF_ROLES
from borough.accounts.queries import list_api_keys
from borough.common.errors import Problem
from borough.common.words import date_words


class Command(BaseCommand):
    help = "The keys with which other systems use the API: list them, add one, or revoke one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--add", metavar="NAME", help='a new key for this system, such as "Contact centre"')
        parser.add_argument("--role", choices=sorted(STAFF_ROLES), help="the kind of work that the new key may do")
        parser.add_argument("--revoke", metavar="ID", help="shut out the system with this key")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["add"]:
            if not options["role"]:
                raise CommandError("Say which work the system may do: --role.")
            key_id, key = add_api_key(name=options["add"], role=options["role"])
            self.stdout.write(f"{key_id}: {key}\nKeep the key now: it cannot be shown again.")
            return
        if options["revoke"]:
            try:
                revoke_api_key(key_id=options["revoke"])
            except Problem as problem:
                raise CommandError(str(problem)) from problem
            self.stdout.write(f"{options['revoke']} is shut out.")
            return
        keys = list_api_keys()
        for key_id, name, role, made, revoked in keys:
            state = f"revoked {date_words(revoked)}" if revoked else f"made {date_words(made)}"
            self.stdout.write(f"{key_id}  {STAFF_ROLES[role]}  {name}, {state}")
        if not keys:
            self.stdout.write('No system may use the API yet. Let one in: borough keys --add "Its name" --role analyst')
