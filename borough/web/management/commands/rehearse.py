from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from borough.common.errors import Problem
from borough.synthetic.rehearsal import write_rehearsal
from borough.synthetic.setting import DEFAULT, SETTINGS


class Command(BaseCommand):
    help = "Write a made-up borough's files: extracts of eight council systems, services, volunteers, and the truth."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where to write; made if it is not there")
        parser.add_argument("--residents", type=int, default=20_000, help="how many people (default: %(default)s)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same files")
        parser.add_argument(
            "--setting",
            choices=SETTINGS,
            default=DEFAULT.name,
            help="harder: fewer dates and identifiers, more shared telephones, changed names, few surnames",
        )
        parser.add_argument("--data", type=Path, help="folder of open data, to place it on real geography")
        parser.add_argument("--authority", default="", help="which council, with --data: camden, hackney …")

    def handle(self, *args: Any, **options: Any) -> None:
        with tqdm(desc="Writing", unit=" residents", disable=None) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            try:
                write_rehearsal(
                    options["folder"],
                    residents=options["residents"],
                    seed=options["seed"],
                    data=options["data"],
                    authority=options["authority"],
                    progress=show,
                    setting=options["setting"],
                )
            except Problem as problem:
                raise CommandError(str(problem)) from problem
        self.stdout.write(f"Written to {options['folder']}. Next: borough source add, then borough load.")
