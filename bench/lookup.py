"""How fast the index answers: who may this be, by the verb and through the API, and the search box by what is typed.

    python -m bench.lookup [--asks 2000] [--workers 4]

On the database that DATABASE_URL names, or SQLite in BOROUGH_HOME, after records were linked. The peer is the bare
query of a resident by id in the same run: what it costs to ask the database anything at all.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import cycle, islice
from socket import socket
from time import perf_counter, sleep
from typing import Any

import django

from bench.machine import machine_line

DETAILS = ("forename", "surname", "dob", "sex", "nino", "nhs_number", "phone", "email", "address", "postcode", "uprn")
PURPOSE = "offer-help"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--asks", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=4)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "borough.web.settings")
    django.setup()
    from django.db import connection

    from borough.accounts.actions import add_api_key, revoke_api_key

    people = _people(options.asks)
    if not people:
        raise SystemExit("There are no linked records here. Run borough demo --no-serve first.")
    print(machine_line())
    print(f"{connection.vendor}, {_count('residents_resident'):,} residents, {_count('residents_record'):,} records")
    _in_process(people)
    key_id, key = add_api_key(name="Bench", role="contact_worker")
    try:
        _through_api(people, key, options.workers)
    finally:
        revoke_api_key(key_id=key_id)


def _people(asks: int) -> list[dict[str, str | None]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(f'CAST({name} AS text)' for name in DETAILS)} FROM residents_record "
            "WHERE gone_at IS NULL AND NOT pending ORDER BY row_hash LIMIT %s",
            [asks],
        )
        return [dict(zip(DETAILS, row, strict=True)) for row in cursor.fetchall()]


def _count(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def _in_process(people: list[dict[str, str | None]]) -> None:
    from django.db import connection

    from borough.accounts.policies import ANALYST, CONTACT_WORKER, Viewer
    from borough.residents.queries import look_up, search_residents

    worker = Viewer(kind="staff", id="UBENCH", name="Bench", roles=frozenset({CONTACT_WORKER}))
    analyst = Viewer(kind="staff", id="UBENCH", name="Bench", roles=frozenset({ANALYST}))

    def bare(person: dict[str, str | None]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM residents_resident WHERE dob = %s LIMIT 1", [person["dob"]])
            cursor.fetchone()

    def search(text: Callable[[dict[str, str | None]], str]) -> Callable[[dict[str, str | None]], object]:
        return lambda person: search_residents(text(person), viewer=analyst, purpose="residents-index")

    dated = [person for person in people if person["dob"] and person["surname"] and person["postcode"]][:500]
    numbered = [person for person in people if person["nino"]][:500]
    _tell("bare query", bare, people)
    _tell("look_up, by the verb", lambda person: look_up(person, viewer=worker, purpose=PURPOSE), people)
    _tell("search: name prefix", search(lambda p: f"{(p['forename'] or '')[:3]} {(p['surname'] or '')[:4]}"), dated)
    _tell("search: misspelt name", search(lambda p: f"{_slip(p['forename'])} {_slip(p['surname'])}"), dated)
    _tell("search: postcode and year", search(lambda p: f"{p['postcode']} {(p['dob'] or '')[:4]}"), dated)
    _tell("search: identifier", search(lambda p: p["nino"] or ""), numbered)


def _slip(name: str | None) -> str:
    """The name with its third and fourth letters exchanged."""
    name = name or "Smith"
    return name[:2] + name[3:4] + name[2:3] + name[4:]


def _tell(title: str, ask: Callable[[Any], object], over: Sequence[Any]) -> None:
    if not over:
        return
    ask(over[0])
    times = []
    for one in over:
        started = perf_counter()
        ask(one)
        times.append((perf_counter() - started) * 1000)
    _print(title, times)


def _print(title: str, times: list[float]) -> None:
    times.sort()
    at = {share: times[min(len(times) - 1, int(len(times) * share))] for share in (0.5, 0.95, 0.99)}
    print(f"  {title:28} p50 {at[0.5]:7.2f} ms   p95 {at[0.95]:7.2f} ms   p99 {at[0.99]:7.2f} ms   n {len(times)}")


def _through_api(people: list[dict[str, str | None]], key: str, workers: int) -> None:
    with closing(socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-control-socket", "--bind", f"127.0.0.1:{port}", "--workers", str(workers)]
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", "borough.web.wsgi", *options])
    bodies = [json.dumps({"purpose": PURPOSE, "person": _sendable(person)}) for person in people]
    try:
        _wait_for(port)
        _ask_in_turn(port, key, bodies[: workers * 20])
        _print("look_up, API, one client", _ask_in_turn(port, key, bodies))
        clients = workers * 2
        started = perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            parts = [list(islice(cycle(bodies), place, place + len(bodies))) for place in range(clients)]
            done = sum(len(times) for times in pool.map(lambda part: _ask_in_turn(port, key, part), parts))
        rate = done / (perf_counter() - started)
        print(f"  look_up, API, {clients} clients, {workers} workers: {rate:.0f} a second")
    finally:
        server.terminate()
        server.wait()


def _sendable(person: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in person.items() if value}


def _wait_for(port: int) -> None:
    for _ in range(200):
        with closing(socket()) as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.1)
    raise SystemExit("The server did not start.")


def _ask_in_turn(port: int, key: str, bodies: Sequence[str]) -> list[float]:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    times = []
    for body in bodies:
        started = perf_counter()
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
            connection.request("POST", "/api/residents/lookup", body, headers)
            answer = connection.getresponse()
            answer.read()
        if answer.status != 200:
            raise SystemExit(f"The API answered {answer.status}.")
        times.append((perf_counter() - started) * 1000)
    return times


if __name__ == "__main__":
    main()
