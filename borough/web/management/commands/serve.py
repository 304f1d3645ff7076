"""The site and its worker, in one command."""

import os
import signal
import subprocess
import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Serve the site and run its background jobs. Ctrl+C stops both."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", help="address and port (default: %(default)s)")
        parser.add_argument("--workers", type=int, default=2, help="web processes (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        sys.exit(serve(options["bind"], options["workers"]))


def serve(bind: str, workers: int) -> int:
    """Run gunicorn and a worker until one ends or we are told to stop. Returns the exit status."""
    web = [sys.executable, "-m", "gunicorn", "borough.web.wsgi", "--no-control-socket"]
    web += ["--bind", bind, "--workers", str(workers), "--log-level", "warning"]
    work = [sys.executable, "-m", "borough.web.cli", "work"]
    children = [subprocess.Popen(command) for command in (web, work)]  # noqa: S603 (our own, no shell)

    def stop(signum: int, frame: object) -> None:
        for child in children:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    sys.stderr.write(f"Serving on http://{bind} (Ctrl+C to stop)\n")
    pid, status = os.wait()
    stop(0, None)
    for child in children:
        if child.pid != pid:
            child.wait()
    return os.waitstatus_to_exitcode(status) if status else 0
