from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from borough.accounts.policies import system_viewer
from borough.common.errors import Problem
from borough.directory.actions import import_services


class Command(BaseCommand):
    help = "Take in services from a file in the JSON of Open Referral UK."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_services(options["file"], by=system_viewer("import_services"))
        except Problem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"{report.services} services of {report.organizations} organisations at {report.locations} places, "
            f"{report.rejected} entries rejected and kept."
        )
        for position, reason in report.rejects[:20]:
            self.stdout.write(f"  entry {position}: {reason}")
