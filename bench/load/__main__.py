"""Fifty coordinators and five hundred volunteers at once, while a web process and a worker are killed.

    python -m bench.load [--minutes 5] [--coordinators 50] [--volunteers 500] [--residents 3000] [--cases 2500]

On a PostgreSQL server of its own. Each coordinator opens the queue, a case, its volunteers, and asks one of them, with
pauses as people make them; each volunteer opens the link, answers, proves who they are and reports back. All of it over
the loopback, by as many connections as there are people. The peer is the health page in the same run: what the server
takes for a page that does nothing.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench.load.people import Crowd
from bench.machine import machine_line
from tests.journeys.world import free_port, serving
from tests.postgres import find_binaries, temporary_server


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--coordinators", type=int, default=50)
    parser.add_argument("--volunteers", type=int, default=500)
    parser.add_argument("--residents", type=int, default=3000)
    parser.add_argument("--cases", type=int, default=2500)
    parser.add_argument("--web-processes", type=int, default=4)
    options = parser.parse_args()
    if not find_binaries():
        print("SKIPPED: it needs PostgreSQL. To get it: apt-get install postgresql")
        return 0
    with tempfile.TemporaryDirectory(prefix="borough-load-") as home, temporary_server() as url:
        port = free_port()
        ours = {
            "BOROUGH_HOME": home,
            "BOROUGH_BASE_URL": f"http://127.0.0.1:{port}",
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "borough.web.settings",
        }
        os.environ.update(ours)
        os.environ.pop("BOROUGH_LIVE", None)
        return run(options, port)


def run(options: argparse.Namespace, port: int) -> int:
    demo = ("-m", "borough.web.cli", "demo", "--residents", str(options.residents), "--no-serve", "--json")
    subprocess.run([sys.executable, *demo], check=True, stdout=subprocess.DEVNULL)
    sizes = (str(one) for one in (options.coordinators, options.volunteers, options.cases))
    furnished = subprocess.run(
        [sys.executable, "-m", "bench.load.furnish", *sizes], check=True, capture_output=True, text=True
    )
    links = json.loads(furnished.stdout)
    import django

    django.setup()
    killed: list[str] = []
    with serving(os.environ, port, "--workers", str(options.web_processes)) as address:
        site = _child_of(os.getpid(), b"serve")
        crowd = Crowd(address, links["coordinators"], links["volunteers"])
        seconds = options.minutes * 60
        timers = [
            threading.Timer(seconds / 3, _kill, [site, b"gunicorn", killed]),
            threading.Timer(seconds * 2 / 3, _kill, [site, b"work", killed]),
        ]
        for timer in timers:
            timer.start()
        crowd.live_for(seconds)
        for timer in timers:
            timer.join()
        _let_jobs_end()
    print(machine_line())
    print(
        f"PostgreSQL on the loopback, {options.web_processes} web processes and a worker; {options.coordinators} "
        f"coordinators, {options.volunteers} volunteers, {options.minutes:g} minutes; killed: {', '.join(killed)}"
    )
    crowd.report()
    from bench.load.check import faults

    found = faults(crowd)
    print("\n".join(found) or "  nothing lost, nothing doubled: every answer that was acknowledged is in the database")
    return 1 if found or len(killed) < 2 else 0


def _kill(site: int, word: bytes, killed: list[str]) -> None:
    """kill -9 of one process: the worker, or a process of gunicorn's below its master."""
    pid = _child_of(site, word)
    if word == b"gunicorn":
        pid = _child_of(pid, b"gunicorn")
    os.kill(pid, signal.SIGKILL)
    killed.append("a web process" if word == b"gunicorn" else "the worker")


def _child_of(pid: int, word: bytes) -> int:
    """The first child of this process with this word among those of its command."""
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        if any(word == one.rpartition(b"/")[2] for one in words):
            return int(child)
    raise LookupError(f"process {pid} has no child {word.decode()}")


def _let_jobs_end(seconds: float = 120) -> None:
    """Wait until the worker has nothing to do, but for what the killed one had in hand, whose lease still runs."""
    from django_tasks_db.models import DBTaskResult

    until = time.monotonic() + seconds
    while DBTaskResult.objects.filter(status="READY").exists() and time.monotonic() < until:
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
