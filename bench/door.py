"""What the door costs: a resident's page with the door and without any control, in turns, by several workers at once.

    python -m bench.door [--pages 300] [--workers 4] [--residents 1000000]

On the database that DATABASE_URL names, or SQLite in BOROUGH_HOME, after a demo has filled it. With --residents it is
made as large as that first, by copies of who is there. On PostgreSQL the pages with the door are asked for as a role
that gets no row without it; run this as a superuser, on a database that is for nothing else.
"""

import argparse
import json
import os
import random
import subprocess
import sys
from statistics import median
from time import perf_counter
from typing import Any

import django

from bench.machine import machine_line

ROLE = "borough_bench_site"
PURPOSE = "offer-help"
COPIED = ("residents_household", "residents_resident", "residents_record", "residents_membership")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=300, help="pages of each kind for each worker")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--residents", type=int, default=0)
    parser.add_argument("--as-worker", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "borough.web.settings")
    django.setup()
    if options.as_worker is not None:
        print(json.dumps(measure(options.pages, options.as_worker)))
        return
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if options.residents:
        fill(options.residents)
    if not resident_ids(1):
        raise SystemExit("There are no residents here. Run borough demo --no-serve first.")
    install()
    print(machine_line())
    print(
        f"{connection.vendor}, {count('residents_resident'):,} residents, {count('governance_ledgersubject'):,} looks"
    )
    for workers in sorted({1, options.workers}):
        report(workers, options.pages)
    who_saw_me()


def report(workers: int, pages: int) -> None:
    command = [sys.executable, "-m", "bench.door", "--pages", str(pages), "--as-worker"]
    running = [subprocess.Popen([*command, str(n)], stdout=subprocess.PIPE, text=True) for n in range(workers)]
    answers = [json.loads(each.communicate()[0].splitlines()[-1]) for each in running]
    print(f"  {workers} worker{'s' * (workers > 1)}, {pages} pages each of both, in turns")
    medians = {}
    for name in answers[0]:
        times = sorted(time for answer in answers for time in answer[name])
        medians[name] = median(times)
        print(f"    {name:20} median {median(times):7.2f} ms   p99 {times[int(len(times) * 0.99)]:7.2f} ms")
    print(f"    ratio of medians     {medians['with the door'] / medians['without control']:.3f}")


def measure(pages: int, seed: int) -> dict[str, list[float]]:
    """Milliseconds of each page, by its kind."""
    from django.test import Client
    from django.urls import reverse

    ids = resident_ids(100)
    client = Client(SERVER_NAME="localhost")
    client.get(sign_in_link(seed))
    client.post(reverse("governance:purpose"), {"purpose": PURPOSE})
    chance = random.Random(seed)
    took: dict[str, list[float]] = {"with the door": [], "without control": []}
    for resident_id in ids:
        # Once untimed, so that the disk is not what is measured.
        with controlled(False):
            client.get(reverse("residents:resident", args=[resident_id]))
    for _ in range(pages + 20):
        for name, control in (("with the door", True), ("without control", False)):
            address = reverse("residents:resident", args=[chance.choice(ids)])
            with controlled(control):
                started = perf_counter()
                answer = client.get(address)
                took[name].append((perf_counter() - started) * 1000)
            assert answer.status_code == 200, answer.status_code
    return {name: times[20:] for name, times in took.items()}


class controlled:  # noqa: N801 (reads as what it does)
    """The database as the site's role with its door; or as the owner, with a door that only says yes."""

    def __init__(self, control: bool) -> None:
        self.control = control

    def __enter__(self) -> None:
        from django.db import connections

        from borough.governance import door

        # A connection for each, for as long as the measurement lasts, as the site has one: changing the role of one
        # would have the server plan everything anew.
        connections["default"] = _connection(self.control)
        self.real = (door.Opening.saw, door.check_sealing, door.passes.is_installed, door._agreement_for)
        if not self.control:
            said_yes = _agreement()
            door.Opening.saw = lambda self, ids: None  # type: ignore[method-assign]
            door.check_sealing = lambda: None
            door.passes.is_installed = lambda: False
            door._agreement_for = lambda viewer, purpose, verb: said_yes

    def __exit__(self, *error: object) -> None:
        from borough.governance import door

        door.Opening.saw, door.check_sealing, door.passes.is_installed, door._agreement_for = self.real  # type: ignore[method-assign]


_known: list[Any] = []
_connections: dict[bool, Any] = {}


def _connection(control: bool) -> Any:
    if control not in _connections:
        from django.db import connection

        _connections[control] = made = connection.copy()
        if control and made.vendor == "postgresql":
            with made.cursor() as cursor:
                cursor.execute(f"SET SESSION AUTHORIZATION {ROLE}")
    return _connections[control]


def _agreement() -> Any:
    if not _known:
        from borough.governance.models import Agreement

        _known.append(Agreement.objects.get(pk="help-contact-centre"))
    return _known[0]


def sign_in_link(seed: int) -> str:
    from borough.accounts.actions import make_rehearsal_link
    from borough.accounts.models import User

    users = User.objects.filter(role="contact_worker").order_by("id")
    return make_rehearsal_link(users[seed % len(users)].id)


def resident_ids(limit: int) -> list[str]:
    from borough.residents.models import Resident

    return list(Resident.objects.filter(retired_at=None).order_by("?").values_list("id", flat=True)[:limit])


def count(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def install() -> None:
    from django.db import connection

    from borough.governance.enforcing.installing import install_door

    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {ROLE} LOGIN")
    install_door(ROLE)


def fill(residents: int) -> None:
    """Copy who is there, with their households and records, until there are as many."""
    from django.db import connection, transaction

    there = count("residents_resident")
    if not there:
        raise SystemExit("There is nobody to copy. Run borough demo --no-serve first.")
    copies = -(-residents // there) - 1
    if copies < 1:
        return
    numbers = "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %s) SELECT n FROM s)"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM residents_record")
        records = int(cursor.fetchone()[0])
        cursor.execute("SELECT max(id) FROM residents_membership")
        memberships = int(cursor.fetchone()[0])
        changes = {
            "residents_household": {"id": "t.id || n", "uprn": "substr(md5(t.uprn || n), 1, 12)"},
            "residents_resident": {
                "id": "t.id || n",
                "household_id": "t.household_id || n",
                "retired_into_id": "t.retired_into_id || n",
            },
            "residents_record": {"id": f"t.id + n * {records}", "key": "t.key || '-' || n"},
            "residents_membership": {
                "id": f"t.id + n * {memberships}",
                "record_id": f"t.record_id + n * {records}",
                "resident_id": "t.resident_id || n",
            },
        }
        for table in COPIED:
            columns = [one.name for one in connection.introspection.get_table_description(cursor, table)]
            values = ", ".join(changes[table].get(name, f't."{name}"') for name in columns)
            names = ", ".join(f'"{name}"' for name in columns)
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t, {numbers} copies", [copies])
    with connection.cursor() as cursor:
        for table in COPIED:
            cursor.execute(f"ANALYZE {table}")


def who_saw_me() -> None:
    """One resident's newest looks, of the residents who were looked at most."""
    from django.db import connection
    from django.db.models import Count

    from borough.governance.models import LedgerSubject

    most = LedgerSubject.objects.values("resident_id").annotate(looks=Count("id")).order_by("-looks")[:200]
    ids = [row["resident_id"] for row in most]
    times = []
    with connection.cursor() as cursor:
        for resident_id in ids:
            started = perf_counter()
            cursor.execute(
                "SELECT * FROM governance_ledgerentry WHERE id IN (SELECT entry_id FROM governance_ledgersubject "
                "WHERE resident_id = %s ORDER BY entry_id DESC LIMIT 20)",
                [resident_id],
            )
            cursor.fetchall()
            times.append((perf_counter() - started) * 1000)
    print(f"  who saw me           median {median(times):7.2f} ms (the newest 20 looks of one resident)")


if __name__ == "__main__":
    main()
