import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from borough.accounts.policies import system_viewer
from borough.common.errors import Problem
from borough.residents.actions import LinkReport, link_records


class Command(BaseCommand):
    help = "Decide which records are one person, and bring residents, households and search up to it."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--purpose", default="residents-index", help="purpose that the linking is written down under"
        )
        parser.add_argument("--everything", action="store_true", help="all records, not only what changed")
        parser.add_argument(
            "--retrain", action="store_true", help="learn anew what agreements are worth, then link everything"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with tqdm(unit=" stages", desc="Linking", disable=not sys.stderr.isatty()) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            try:
                report = link_records(
                    by=system_viewer("borough link"),
                    purpose=options["purpose"],
                    everything=options["everything"],
                    retrain=options["retrain"],
                    progress=show,
                )
            except Problem as problem:
                raise CommandError(str(problem)) from problem
        self._tell(report)

    def _tell(self, report: LinkReport) -> None:
        self.stdout.write(
            f"{report.records:,} records are of {report.residents:,} residents in {report.households:,} households: "
            f"{report.minted:,} ids are new, {report.retired:,} were retired."
        )
        for stage, seconds in report.seconds.items():
            self.stdout.write(f"  {stage:<12}{seconds:8.1f} s")
