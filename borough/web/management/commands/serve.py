"""The site and its worker, in one command."""

import os
import signal
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Serve the site and run its background jobs. Ctrl+C stops both."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", help="address and port (default: %(default)s)")
        parser.add_argument("--workers", type=int, default=2, help="web processes (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.REHEARSAL:
            call_command("migrate", verbosity=0)
        else:
            # The site's own role may change no table; and what could get past the door is not served.
            call_command("check", deploy=True, databases=["default"])
        call_command("collectstatic", interactive=False, verbosity=0)
        sys.exit(serve(options["bind"], options["workers"]))


def serve(bind: str, workers: int) -> int:
    """Run gunicorn and a worker until one ends or we are told to stop. Returns the exit status.

    A worker that was killed, as by a machine out of memory, is started again: residents' messages go on. One that ends
    by itself has said why, and ends everything; gunicorn looks after its own processes.
    """
    web = [sys.executable, "-m", "gunicorn", "borough.web.wsgi", "--no-control-socket"]
    web += ["--bind", bind, "--workers", str(workers), "-c", "python:borough.web.gunicorn_logs"]
    commands = {"web": web, "work": [sys.executable, "-m", "borough.web.cli", "work"]}
    children = {name: subprocess.Popen(command) for name, command in commands.items()}  # noqa: S603 (our own, no shell)
    stopping = False

    def stop(signum: int, frame: object) -> None:
        nonlocal stopping
        stopping = True
        for child in children.values():
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    sys.stderr.write(f"Serving on http://{bind} (Ctrl+C to stop)\n")
    while True:
        pid, status = os.wait()
        if pid == children["work"].pid and os.WIFSIGNALED(status) and not stopping:
            children["work"] = subprocess.Popen(commands["work"])  # noqa: S603
            continue
        break
    stop(0, None)
    for child in children.values():
        if child.pid != pid:
            child.wait()
    return os.waitstatus_to_exitcode(status) if status else 0
