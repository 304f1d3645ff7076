import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from borough.common.errors import Problem
from borough.residents.guessing import guess_mapping
from borough.residents.linkage.evaluate import Evaluation, evaluate_file
from borough.residents.mapping import read_mapping


class Command(BaseCommand):
    help = "Link a labelled CSV or Parquet file without touching the database, and print how right it is."
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--truth", required=True, metavar="COLUMN", help="the column that says who is who")
        parser.add_argument("--source", default="", metavar="COLUMN", help="the column that tells systems apart")
        parser.add_argument("--mapping", type=Path, metavar="FILE", help="mapping file; guessed where none is given")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            mapping = read_mapping(options["mapping"]) if options["mapping"] else guess_mapping(path)
            result = evaluate_file(
                path,
                mapping,
                truth=options["truth"],
                source=options["source"],
                guessed=options["mapping"] is None,
            )
        except Problem as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(result.as_dict()) if options["json"] else _as_table(result))


def _as_table(result: Evaluation) -> str:
    figures = result.figures
    rows = [
        ("Records", f"{figures.records:,}"),
        ("Left out (not readable, or no truth)", f"{result.left_out:,}"),
        ("Persons in truth", f"{figures.persons_true:,}"),
        ("Persons found", f"{figures.persons_found:,}"),
        ("Precision of pairs", f"{figures.precision:.4f}"),
        ("Recall of pairs", f"{figures.recall:.4f}"),
        ("F1 of pairs", f"{figures.f1:.4f}"),
        ("B-cubed precision", f"{figures.bcubed_precision:.4f}"),
        ("B-cubed recall", f"{figures.bcubed_recall:.4f}"),
        ("B-cubed F1", f"{figures.bcubed_f1:.4f}"),
        *((f"Seconds to {stage}", f"{seconds:.2f}") for stage, seconds in result.seconds.items()),
        ("Peak memory, MiB", f"{result.peak_rss_mb:,}"),
    ]
    if result.identifiers:
        rows.append(("Also used to identify", ", ".join(result.identifiers)))
    return "\n".join(f"{title:<38}{value:>12}" for title, value in rows)
