from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from borough.accounts.policies import system_viewer
from borough.common.errors import Problem
from borough.places.actions import load_areas


class Command(BaseCommand):
    help = "Replace the borough's areas by those of a GeoJSON file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_areas(options["file"], by=system_viewer("borough load_areas"))
        except Problem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{loaded:,} areas loaded")
