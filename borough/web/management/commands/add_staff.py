import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from borough.accounts.actions import add_user
from borough.accounts.policies import SIGN_IN_ROLES
from borough.common.errors import Problem
from borough.directory.queries import read_organization


class Command(BaseCommand):
    help = "Add a member of staff or of a partner, or change the one with this email address. Asks for a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, help="what they sign in with")
        parser.add_argument("--name", required=True, help="what residents read in the list of who looked")
        parser.add_argument("--role", required=True, choices=sorted(SIGN_IN_ROLES), help="their kind of work")
        parser.add_argument("--organization", default="", help="for a partner: the id of theirs in the directory")

    def handle(self, *args: Any, **options: Any) -> None:
        # A pipe can give the password too: nothing secret on the command line, where others can read it.
        password = getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        organization = options["organization"]
        try:
            if organization:
                read_organization(organization)
            add_user(
                email=options["email"],
                name=options["name"],
                role=options["role"],
                password=password,
                organization_id=organization,
            )
        except Problem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{options['name']} can sign in. The first sign-in sets up their second factor.")
