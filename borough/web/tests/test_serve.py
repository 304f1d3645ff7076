"""`borough serve` as it is run: real processes, on a database of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[int, str]]:
    """The process id of `borough serve`, and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = {"DJANGO_SETTINGS_MODULE": "borough.web.settings", "BOROUGH_HOME": str(tmp_path)}
    environment = {
        key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "BOROUGH_LIVE")
    } | ours
    command = [sys.executable, "-m", "borough.web.cli", "serve", "--workers", "1", "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            until(lambda: is_answered(f"http://127.0.0.1:{port}/health"))
            yield server.pid, f"http://127.0.0.1:{port}/health"
        finally:
            server.terminate()


def until(done: Callable[[], object], seconds: float = 60) -> None:
    last = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < last, "it did not happen"
        time.sleep(0.05)


def is_answered(address: str) -> bool:
    try:
        return bool(urllib.request.urlopen(address).status == 200)
    except OSError:
        return False


def worker_of(pid: int) -> int:
    """The process id of the worker among the children of `borough serve`; 0 where there is none."""
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"work" in words:
            return int(child)
    return 0


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes of the machine: needs Linux")
def test_a_worker_that_is_killed_is_started_again_and_the_site_goes_on(served):
    pid, address = served
    until(lambda: worker_of(pid))
    killed = worker_of(pid)
    os.kill(killed, signal.SIGKILL)
    until(lambda: worker_of(pid) not in (0, killed))
    assert is_answered(address)
