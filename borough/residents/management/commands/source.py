import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from borough.accounts.policies import system_viewer
from borough.common.errors import Problem
from borough.residents.actions import add_source
from borough.residents.mapping import read_mapping
from borough.residents.queries import list_sources


class Command(BaseCommand):
    help = "Confirm the mapping of a source, or list the sources."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        does = parser.add_subparsers(dest="does", required=True)
        add = does.add_parser("add", help="add a source, or change how it is read")
        add.add_argument("mapping", type=Path, help="its mapping file (TOML)")
        add.add_argument("--confirm", metavar="NAME", help="your name: you have read the mapping and it is right")
        does.add_parser("list", help="every source and its newest load")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["does"] == "add":
                self._add(options["mapping"], options["confirm"])
            else:
                self._list()
        except Problem as problem:
            raise CommandError(str(problem)) from problem

    def _add(self, path: Path, name: str | None) -> None:
        mapping = read_mapping(path)
        if not name or not name.strip():
            raise Problem(
                f"Nobody has confirmed {path}.", f'Read it, then: borough source add {path} --confirm "Your name"'
            )
        code = add_source(by=system_viewer(name.strip()), mapping=mapping)
        self.stdout.write(f"{mapping.title} is confirmed by {name.strip()}. Next: borough load {code} FILE")

    def _list(self) -> None:
        sources = list_sources()
        if not sources:
            self.stdout.write('There are no sources. Add one: borough source add FILE --confirm "Your name"')
        for source in sources:
            load = source.last_load
            newest = f"load {load.load_id} {load.state} {load.started_at:%Y-%m-%d %H:%M}" if load else "never loaded"
            self.stdout.write(f"{source.code:24} {source.records:>10,} records  {newest}")
