from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from borough.web.front import front_faults


class Command(BaseCommand):
    help = (
        "Ask the web server in front, as a stranger would: its certificate, versions and ciphers of TLS, and whether "
        "it believes forged headers. Best run from another machine."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", default=settings.BASE_URL, help="of the site (default: BOROUGH_BASE_URL)")
        parser.add_argument("--http-port", type=int, default=80, help="its port for http (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(front_faults(options["address"], http_port=options["http_port"]))
        if faults:
            raise CommandError("\n".join(f"{what} {remedy}" for what, remedy in faults))
        self.stdout.write("The server in front does what it should.")
