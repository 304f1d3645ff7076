import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from borough.common.errors import Problem
from borough.residents.guessing import guess
from borough.residents.mapping_text import mapping_text


class Command(BaseCommand):
    help = "Guess the mapping of an unknown file. A person checks it and confirms it with: borough source add"
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it here instead of printing it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = mapping_text(guess(options["file"]))
        except Problem as problem:
            raise CommandError(str(problem)) from problem
        output: Path | None = options["output"]
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            # Never over a mapping that somebody has corrected.
            with output.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError as error:
            raise CommandError(f"{output} is there already. Choose another name, or delete it.") from error
        self.stdout.write(f'Check every line of {output}, then: borough source add {output} --confirm "Your name"')
