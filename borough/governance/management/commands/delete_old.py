from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from borough.accounts.policies import system_viewer
from borough.common.errors import Problem
from borough.governance.actions import delete_what_is_over


class Command(BaseCommand):
    help = "Delete what has been kept for as long as its table says. A worker does it every night by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count what would go and what is held")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = delete_what_is_over(by=system_viewer("borough delete-old"), dry_run=options["dry_run"])
        except Problem as problem:
            raise CommandError(str(problem)) from problem
        word = "would go" if options["dry_run"] else "deleted"
        for label, (gone, held) in counts.items():
            self.stdout.write(f"{label}: {gone:,} {word}, {held:,} held")
        self.stdout.write(f"{sum(gone for gone, _ in counts.values()):,} rows {word}.")
