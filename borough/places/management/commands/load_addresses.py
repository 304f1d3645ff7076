from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from borough.accounts.policies import system_viewer
from borough.common.errors import Problem
from borough.places.actions import load_addresses


class Command(BaseCommand):
    help = "Add the addresses of a CSV file (uprn, address, postcode, lat, lon, small_area, kind), or update them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_addresses(options["file"], by=system_viewer("borough load_addresses"))
        except Problem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{loaded:,} addresses loaded")
