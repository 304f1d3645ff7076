import argparse
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from borough.accounts.policies import system_viewer
from borough.common.errors import Problem
from borough.residents.actions import LoadReport, load_extract
from borough.residents.finding_words import finding_words
from borough.residents.loading import confirmed_mapping
from borough.residents.mapping import read_mapping


class Command(BaseCommand):
    help = "Take an extract (CSV, Excel or Parquet) of a source in. Ctrl+C stops it and changes nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("source", help="code of the source, such as council_tax")
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, help="refuse to load unless this is the mapping that was confirmed")
        parser.add_argument("--accept-drop", action="store_true", help="more than half of the source has really left")
        parser.add_argument("--accept", action="store_true", help="the file was held as odd, and it is right")
        parser.add_argument("--purpose", default="residents-index", help="purpose that the load is written down under")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        before = signal.signal(signal.SIGINT, lambda signum, frame: stop.set())
        try:
            if options["mapping"]:
                _check_confirmed(options["source"], options["mapping"])
            with tqdm(unit="B", unit_scale=True, desc=options["file"].name, disable=not sys.stderr.isatty()) as bar:

                def show(done: int, total: int) -> None:
                    bar.total = total
                    bar.update(done - bar.n)

                report = load_extract(
                    by=system_viewer("borough load"),
                    purpose=options["purpose"],
                    source=options["source"],
                    path=options["file"],
                    progress=show,
                    should_stop=stop.is_set,
                    accept_drop=options["accept_drop"],
                    accept=options["accept"],
                )
        except Problem as problem:
            raise CommandError(str(problem)) from problem
        finally:
            signal.signal(signal.SIGINT, before)
        if report.state == "stopped":
            raise CommandError("Stopped: nothing was changed. Load the file again when you are ready.", returncode=130)
        self._tell(report)

    def _tell(self, report: LoadReport) -> None:
        if report.already:
            self.stdout.write(f"This file was taken in before (load {report.load_id}): nothing was changed.")
            return
        self.stdout.write(
            f"Load {report.load_id}: {report.rows:,} rows, {report.accepted:,} taken in, {report.rejected:,} rejected. "
            f"{report.added:,} new, {report.changed:,} changed, {report.unchanged:,} as before, {report.gone:,} gone."
        )
        for column, count in report.warnings.items():
            self.stdout.write(
                f"  {column}: {count:,} cells were left out because they cannot be what the mapping says."
            )
        for check in report.checks:
            self.stdout.write(f"  {finding_words(check)}")
        if report.unread_columns:
            self.stdout.write(f"  Not read: {', '.join(report.unread_columns)}.")


def _check_confirmed(source: str, path: Path) -> None:
    if read_mapping(path).version != confirmed_mapping(source).version:
        raise Problem(
            f"{path} is not the mapping that was confirmed for {source}.",
            f'Check it, then: borough source add {path} --confirm "Your name"',
        )
