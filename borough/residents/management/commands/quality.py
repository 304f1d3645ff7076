import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from borough.accounts.policies import system_viewer
from borough.common.errors import Problem
from borough.residents.actions import count_quality
from borough.residents.quality_pages import PARTS, Part
from borough.residents.queries import read_quality


class Command(BaseCommand):
    help = "Print how good the residents index is: by source, by pair of sources, by rule, by group, and as reviewed."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of: {', '.join(PARTS)} (default: all)")
        parser.add_argument("--refresh", action="store_true", help="count anew first; linking does so by itself")
        parser.add_argument("--purpose", default="residents-index", help="purpose that a count is written down under")

    def handle(self, *args: Any, **options: Any) -> None:
        by = system_viewer("borough quality")
        wrong = [part for part in options["parts"] if part not in PARTS]
        if wrong:
            raise CommandError(f"There is no part {wrong[0]}. Choose from: {', '.join(PARTS)}.")
        try:
            if options["refresh"]:
                count_quality(by=by, purpose=options["purpose"])
            view = read_quality(viewer=by)
        except Problem as problem:
            raise CommandError(str(problem)) from problem
        if view is None:
            raise CommandError("Nothing was counted yet. Run: borough link, or borough quality --refresh")
        self.stdout.write(f"{view.records:,} records of {view.residents:,} residents, {view.as_of:%Y-%m-%d %H:%M}")
        for name in options["parts"] or PARTS:
            self._tell(PARTS[name][1](view))

    def _tell(self, part: Part) -> None:
        self.stdout.write(f"\n{part.title}")
        for heading, sentences in part.alerts:
            self.stdout.write(f"  {heading}")
            for sentence in sentences:
                self.stdout.write(f"    {sentence}")
        heads = [str(column.title) for column in part.columns]
        cells = [[_words(row.get(column.name)) for column in part.columns] for row in part.rows]
        widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
        for row in [heads, *cells]:
            line = "  ".join(
                cell.rjust(width) if column.numeric else cell.ljust(width)
                for cell, width, column in zip(row, widths, part.columns, strict=True)
            )
            self.stdout.write(f"  {line.rstrip()}")


def _words(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int | float) else str(value)
