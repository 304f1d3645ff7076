from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from borough.accounts.policies import system_viewer
from borough.common.errors import Problem
from borough.volunteers.actions import import_volunteers


class Command(BaseCommand):
    help = "Take in volunteers from a CSV file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_volunteers(options["file"], by=system_viewer("import_volunteers"))
        except Problem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"{report.volunteers} volunteers taken in, {report.rejected} lines rejected and kept; "
            f"{report.unplaced} live at postcodes that are not in the gazetteer, and cannot be matched."
        )
        for line, column, reason in report.rejects[:20]:
            self.stdout.write(f"  line {line}, {column}: {reason}")
