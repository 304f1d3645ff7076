from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from borough.common.jobs import run_forever, run_pending


class Command(BaseCommand):
    help = "Run background jobs: send messages, act on replies. Runs until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="run what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            run_pending()
        else:
            run_forever()
