import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from borough.accounts.policies import system_viewer
from borough.common.errors import Problem
from borough.residents.actions import match_record_addresses


class Command(BaseCommand):
    help = "Find the properties of addresses that have no UPRN and are not written as the gazetteer has them."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--purpose", default="residents-index", help="purpose that this is written down under")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = match_record_addresses(by=system_viewer("borough match-addresses"), purpose=options["purpose"])
        except Problem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"{report.asked:,} addresses had no property; {report.found:,} do now. "
            f"{report.records:,} records wait to be linked: run borough link."
        )
