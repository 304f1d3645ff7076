import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from borough.accounts.policies import system_viewer
from borough.cases.actions import import_cases
from borough.cases.kinds import kind
from borough.common.errors import Problem


class Command(BaseCommand):
    help = "Open cases for a backlog in a CSV file. The same file again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--service", required=True, help="the council service whose cases they are")
        parser.add_argument("--mapping", default="{}", help="JSON: heading in the file → column of ours")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            mapping = json.loads(options["mapping"])
        except ValueError as error:
            raise CommandError(f'--mapping is not JSON: {error}. For example: {{"Case no": "key"}}') from error
        try:
            report = import_cases(
                options["file"],
                by=system_viewer("import_cases"),
                purpose=kind(options["service"]).purpose,
                service=options["service"],
                mapping=mapping,
            )
        except Problem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"{report.opened} cases opened, {report.known} were open already, "
            f"{len(report.rejects)} lines rejected and kept."
        )
        for line, column, reason in report.rejects[:20]:
            self.stdout.write(f"  line {line}, {column}: {reason}")
