from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from borough.common.errors import Problem
from borough.governance.enforcing.installing import door_faults, install_door


class Command(BaseCommand):
    help = "The door in PostgreSQL: no row of a resident for the site without an entry in the ledger."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        install = what.add_parser("install", help="as the owner of the tables: put it in, or bring it up to date")
        install.add_argument("--role", required=True, help="the role that the site and its worker sign in as")
        what.add_parser("check", help="as the site's role: say whether the door holds it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["what"] == "install":
                for done in install_door(options["role"]):
                    self.stdout.write(f"Done: {done}.")
                return
            faults = [f"{what} {remedy}" for what, remedy in door_faults()]
        except (Problem, DatabaseError) as error:
            raise CommandError(str(error)) from error
        if faults:
            raise CommandError("The door does not hold this role.\n" + "\n".join(faults))
        self.stdout.write("The door holds this role: it gets no row of a resident without an entry in the ledger.")
