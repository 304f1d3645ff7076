import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.urls import reverse

from borough.accounts.actions import make_rehearsal_link
from borough.accounts.policies import PARTNER, SIGN_IN_ROLES, STAFF_ROLES
from borough.common.errors import Problem
from borough.web.authorities import known_authorities
from borough.web.demo import run_demo, summary
from borough.web.management.commands.serve import serve
from borough.web.rehearsal import add_partner, add_staff


class Command(BaseCommand):
    help = "Make up a borough, run the whole loop on it, say what happened, and serve the site."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--residents", type=int, default=20_000, help="how many people (default: %(default)s)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same borough")
        parser.add_argument("--data", type=Path, help="folder of open data, to place it on real geography")
        parser.add_argument("--authority", default="", help="which council, with --data: camden, hackney …")
        parser.add_argument("--no-serve", action="store_true", help="end after the summary")
        parser.add_argument("--json", action="store_true", help="print the figures as one JSON object, last")
        parser.add_argument("--bind", default="127.0.0.1:8000", help="address and port of the site")
        parser.add_argument(
            "--replace", action="store_true", help="start again even if the database was not made by a rehearsal"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.REHEARSAL:
            raise CommandError("The demo makes people up and BOROUGH_LIVE is set. Unset it, or use another machine.")
        authority = options["authority"]
        if authority in known_authorities() and authority != settings.AUTHORITY.code:
            # The council's name and colours are read when the settings are: begin again with its file.
            os.environ["BOROUGH_AUTHORITY"] = authority
            os.execv(sys.executable, [sys.executable, "-m", "borough.web.cli", *sys.argv[1:]])  # noqa: S606 (no shell is what we want)
        folder = settings.HOME / "rehearsal"
        self._make_room(folder, options["replace"])
        try:
            figures = run_demo(
                folder,
                residents=options["residents"],
                seed=options["seed"],
                data=options["data"],
                authority=authority,
                quiet=options["json"],
            )
        except Problem as problem:
            raise CommandError(str(problem)) from problem
        if not options["json"] or not options["no_serve"]:
            self.stdout.write(summary(figures))
        if not options["no_serve"]:
            self._say_where(options["bind"])
            call_command("collectstatic", interactive=False, verbosity=0)
        if options["json"]:
            self.stdout.write(json.dumps(figures))
        if not options["no_serve"]:
            self.stdout.flush()
            sys.exit(serve(options["bind"], workers=2))

    def _make_room(self, folder: Path, replace: bool) -> None:
        """An empty database and folder. What an earlier rehearsal made goes without asking: its seed brings it back."""
        if connection.introspection.table_names() and not (folder / "manifest.json").exists() and not replace:
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM residents_source")
                if cursor.fetchone()[0]:
                    raise CommandError(
                        "This database holds sources that no demo made. To replace all of it: borough demo --replace. "
                        "To keep it: set BOROUGH_HOME or DATABASE_URL to another place."
                    )
        shutil.rmtree(folder, ignore_errors=True)
        if connection.vendor == "sqlite":
            connection.close()
            for suffix in ("", "-wal", "-shm"):
                Path(f"{settings.DATABASES['default']['NAME']}{suffix}").unlink(missing_ok=True)
            call_command("migrate", verbosity=0)
        else:
            call_command("migrate", verbosity=0)
            call_command("flush", interactive=False, verbosity=0)

    def _say_where(self, bind: str) -> None:
        base = f"http://{bind}"
        self.stdout.write("\n  Sign in as (each link works for 24 hours):\n")
        for role, user_id in add_staff().items():
            self.stdout.write(f"    {STAFF_ROLES[role]:<30} {base}{make_rehearsal_link(user_id)}")
        if partner := add_partner():
            self.stdout.write(f"    {SIGN_IN_ROLES[PARTNER]:<30} {base}{make_rehearsal_link(partner)}")
        self.stdout.write(f"    {'Resident, no sign-in':<30} {base}{reverse('cases:ask')}\n")
