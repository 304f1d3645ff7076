from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from borough.accounts.policies import system_viewer
from borough.common.errors import Problem
from borough.directory.actions import import_services

SHOWN = 20


class Command(BaseCommand):
    help = "Take in services in Open Referral UK: a JSON file, or a folder or zip of JSON or of its tables in CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--feed",
            default="",
            help="name of the list that FILE holds whole: what is no longer in it is marked and not shown",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_services(options["file"], by=system_viewer("import_services"), feed=options["feed"])
        except Problem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"{report.services} services of {report.organizations} organisations at {report.locations} places: "
            f"{report.new} new, {report.changed} changed, {report.same} as before, {report.left} no longer listed. "
            f"{report.rejected} entries rejected and kept."
        )
        for one in report.rejects[:SHOWN]:
            self.stdout.write(f"  {one.file} entry {one.position}: {one.reason}. {one.remedy}")
        if len(report.rejects) > SHOWN:
            self.stdout.write(f"  and {len(report.rejects) - SHOWN} more.")
