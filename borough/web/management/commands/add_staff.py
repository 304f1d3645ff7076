from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from borough.accounts.actions import add_user, give_first_password
from borough.accounts.policies import SIGN_IN_ROLES
from borough.accounts.queries import has_account
from borough.common.errors import Problem
from borough.directory.queries import read_organization


class Command(BaseCommand):
    help = (
        "Add a member of staff or of a partner, and print a password that works once, for 3 days. Or change the name "
        "and role of the one with this email address."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, help="what they sign in with")
        parser.add_argument("--name", required=True, help="what residents read in the list of who looked")
        parser.add_argument("--role", required=True, choices=sorted(SIGN_IN_ROLES), help="their kind of work")
        parser.add_argument("--organization", default="", help="for a partner: the id of theirs in the directory")

    def handle(self, *args: Any, **options: Any) -> None:
        organization, email, name = options["organization"], options["email"], options["name"]
        is_new = not has_account(email)
        try:
            if organization:
                read_organization(organization)
            add_user(email=email, name=name, role=options["role"], organization_id=organization)
            if not is_new:
                self.stdout.write(f"{name} is changed. Their password and second factor stay as they are.")
                return
            password = give_first_password(email=email, done_by="borough add-staff")
        except Problem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"{name} can sign in once, within 3 days, with this password: {password}\n"
            "Tell it to them and nobody else, not in the message that names the site. They then set up their second "
            "factor and choose a password of their own."
        )
