from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from borough.accounts.actions import (
    close_account,
    end_sessions,
    give_first_password,
    open_account,
    remove_second_factor,
)
from borough.accounts.queries import events_of, list_accounts
from borough.common.errors import Problem
from borough.common.words import time_words


class Command(BaseCommand):
    help = (
        "Everybody who signs in: list them, close an account, end somebody's sessions, replace a forgotten password or "
        "a lost second factor. Each change names who made it, and the person reads it on the page of their account."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--close", metavar="EMAIL", help="nobody signs in with it; open sessions end at once")
        what.add_argument("--open", metavar="EMAIL", help="let somebody whose account was closed sign in again")
        what.add_argument("--end-sessions", metavar="EMAIL", help="sign somebody out of every browser, at once")
        what.add_argument("--new-password", metavar="EMAIL", help="a password that works once, for who forgot theirs")
        what.add_argument("--new-second-factor", metavar="EMAIL", help="for who lost their phone; needs --confirmed-by")
        what.add_argument("--events", metavar="EMAIL", help="what happened with the account, the newest first")
        parser.add_argument("--by", metavar="NAME", default="", help="who makes the change")
        parser.add_argument(
            "--confirmed-by", metavar="NAME", default="", help="a second person, who knows and has spoken to the first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        changes = ("close", "open", "end_sessions", "new_password", "new_second_factor")
        asked = next((name for name in changes if options[name]), "")
        if asked and not options["by"].strip():
            raise CommandError("Say who makes the change: --by NAME.")
        try:
            self.stdout.write(self._change(asked, options) if asked else self._tell(options))
        except Problem as problem:
            raise CommandError(str(problem)) from problem

    def _change(self, asked: str, options: dict[str, Any]) -> str:
        email, by = options[asked], options["by"].strip()
        if asked == "close":
            close_account(email=email, done_by=by)
            return f"The account of {email} is closed."
        if asked == "open":
            open_account(email=email, done_by=by)
            return f"{email} can sign in again."
        if asked == "end_sessions":
            return f"{email} is signed out of {end_sessions(email=email, done_by=by)} browsers."
        if asked == "new_password":
            password = give_first_password(email=email, done_by=by)
            return f"{email} can sign in once, within 3 days, with this password and their code: {password}"
        remove_second_factor(email=email, asked_by=by, confirmed_by=options["confirmed_by"])
        return f"{email} sets up a new second factor at the next sign-in."

    def _tell(self, options: dict[str, Any]) -> str:
        if options["events"]:
            events = events_of(options["events"])
            rows = [f"{time_words(at)}  {what}{f' ({by})' if by else ''}" for at, what, by in events]
            return "\n".join(rows) or "Nothing has happened with such an account."
        rows = [
            "  ".join(
                (
                    one.email,
                    one.name,
                    one.role,
                    "open" if one.is_open else "closed",
                    "second factor" if one.has_second_factor else "no second factor yet",
                    *(["first password"] if one.has_first_password else []),
                    f"signed in to {one.open_in} browsers",
                )
            )
            for one in list_accounts()
        ]
        return "\n".join(rows) or "Nobody signs in yet. Add somebody: borough add-staff"
