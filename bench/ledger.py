"""How fast the ledger is sealed and verified: events as reads of one resident leave them, taken back at the end.

    python -m bench.ledger [--events 200000] [--postgresql]

On the database that DATABASE_URL names, or SQLite in BOROUGH_HOME; with --postgresql on a server of its own, for as
long as it takes. Beside it, the same rows read and hashed one by one.
"""

import argparse
import os
from contextlib import nullcontext
from hashlib import sha256
from time import perf_counter

import django

from bench.machine import machine_line
from tests.postgres import temporary_server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--postgresql", action="store_true", help="start a PostgreSQL server for it")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "borough.web.settings")
    with temporary_server() if options.postgresql else nullcontext() as url:
        if url:
            os.environ["DATABASE_URL"] = url
        django.setup()
        measure(options.events)


def measure(events: int) -> None:

    from django.core.management import call_command
    from django.db import connection, transaction

    from borough.governance.ledger.sealing import seal_ledger
    from borough.governance.ledger.verifying import verify_ledger

    call_command("migrate", verbosity=0)
    now = "now()" if connection.vendor == "postgresql" else "strftime('%Y-%m-%d %H:%M:%f', 'now')"
    columns = "at, kind, viewer_kind, viewer_id, viewer_name, purpose, agreement, verb, people, everyone"
    values = f"""{now}, 'read', 'staff', 'U' || (n %% 500), 'A member of staff', 'offer-help', 'help-contact-centre',
        'residents.read_resident', 1, false"""
    series = "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %s)"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM governance_ledgerentry")
        before = cursor.fetchone()[0]
        cursor.execute(f"INSERT INTO governance_ledgerentry ({columns}) {series} SELECT {values} FROM s", [events])
        cursor.execute(
            "INSERT INTO governance_ledgersubject (entry_id, resident_id) "
            "SELECT id, 'R' || (id %% 200000) FROM governance_ledgerentry WHERE id > %s ORDER BY id",
            [before],
        )
        started = perf_counter()
        sealed = seal_ledger()
        sealing = perf_counter() - started
        started = perf_counter()
        verdict = verify_ledger()
        verifying = perf_counter() - started
        started = perf_counter()
        cursor.execute(f"SELECT id, {columns} FROM governance_ledgerentry")
        peer = 0
        for row in cursor.fetchall():
            sha256(repr(row).encode()).digest()
            peer += 1
        reading = perf_counter() - started
        transaction.set_rollback(True)
    assert not verdict.faults, verdict.faults
    print(machine_line())
    version = ".".join(str(part) for part in connection.get_database_version())
    print(f"{connection.vendor} {version}, {sealed:,} events of one resident each")
    print(f"  sealed             {sealed / sealing:10,.0f} a second")
    print(f"  verified           {verdict.entries / verifying:10,.0f} a second")
    print(f"  read and hashed    {peer / reading:10,.0f} a second (the same rows without their residents or a chain)")


if __name__ == "__main__":
    main()
