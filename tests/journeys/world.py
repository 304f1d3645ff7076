"""A small rehearsal borough in a database of its own, and the site that serves it, as `borough serve` would.

It lives in other processes, as the real one does: nothing that a journey meets is faked or shared with the test.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

RESIDENTS = 1000
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class World:
    """`links`: role → path that signs in. `addresses`: person → pages that no link leads to. `facts`: for journeys."""

    address: str
    environment: Mapping[str, str]
    links: Mapping[str, str]
    addresses: Mapping[str, list[str]] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    def run(self, *command: str) -> str:
        """Run a `borough` command in this world. Returns what it printed."""
        return _run(self.environment, "-m", "borough.web.cli", *command)

    def ask(self, source: str) -> str:
        """Run Python in this world, Django ready. Returns what it printed."""
        return _run(self.environment, "-c", f"import django; django.setup()\n{source}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def database(home: Path) -> Iterator[dict[str, str]]:
    """The environment of an empty database: on the server that the tests use, else a SQLite file in `home`."""
    url = os.environ.get("TEST_DATABASE_URL")
    if not url:
        yield {}
        return
    import psycopg

    name = f"borough_journeys_{uuid.uuid4().hex[:8]}"
    base, _, options = url.partition("?")
    server = base.rsplit("/", 1)[0]
    suffix = f"?{options}" if options else ""
    with psycopg.connect(
        f"{server}/postgres{suffix}".replace("postgres://", "postgresql://"), autocommit=True
    ) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield {"DATABASE_URL": f"{server}/{name}{suffix}"}
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def build_world(home: Path, served_by: str = "borough.web.settings") -> Iterator[World]:
    """`borough demo` for 1,000 people, then some work in every state, then the site that serves it (its settings)."""
    port = free_port()
    with database(home) as chosen:
        environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "BOROUGH_LIVE")}
        environment |= chosen | {
            "BOROUGH_HOME": str(home),
            "BOROUGH_AUTHORITY": "rehearsal",
            "BOROUGH_BASE_URL": f"http://127.0.0.1:{port}",
            "DJANGO_SETTINGS_MODULE": "borough.web.settings",
            "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        }
        _run(environment, "-m", "borough.web.cli", "demo", "--residents", str(RESIDENTS), "--no-serve", "--json")
        made = json.loads(_run(environment, "-m", "tests.journeys.furnish"))
        with serving({**environment, "DJANGO_SETTINGS_MODULE": served_by}, port) as address:
            yield World(address, environment, made["links"], made["addresses"], made["facts"])


@contextmanager
def serving(environment: Mapping[str, str], port: int, *more: str) -> Iterator[str]:
    """`borough serve`, its worker included, until the block ends. Gives the address."""
    command = [sys.executable, "-m", "borough.web.cli", "serve", "--bind", f"127.0.0.1:{port}", *more]
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL) as server:
        try:
            _wait_for(f"{address}/health", server)
            yield address
        finally:
            server.terminate()


def _wait_for(address: str, server: subprocess.Popen[bytes], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while server.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(address):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"{address} did not answer: borough serve ended with {server.poll()}")


def _run(environment: Mapping[str, str], *arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], env=dict(environment), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)[:200]} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout
