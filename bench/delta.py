"""What a night's changes cost: so many records get a telephone, move, go or come back, and are linked again.

    python -m bench.delta [--records 10000] [--seed 5]

On the database that DATABASE_URL names, where everything is rolled back, or on a copy of SQLite's in BOROUGH_HOME: a
rollback of SQLite's would need a savepoint, which doubles what it writes. Records have to be linked before. The peer is
reading the standard values of as many records by id in the same run.
"""

import argparse
import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import django

from bench.machine import machine_line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "borough.web.settings")
    with nullcontext() if os.environ.get("DATABASE_URL") else copied_home():
        django.setup()
        run(options)


@contextmanager
def copied_home() -> Iterator[None]:
    """Work on a copy of the SQLite database that is in BOROUGH_HOME, beside it."""
    home = os.environ.get("BOROUGH_HOME", "var")
    with TemporaryDirectory(prefix="bench-delta-", dir=home) as copy:
        name = "borough.sqlite3"
        with closing(sqlite3.connect(Path(home, name))) as held, closing(sqlite3.connect(Path(copy, name))) as other:
            held.backup(other)
        os.environ["BOROUGH_HOME"] = copy
        yield


def run(options: argparse.Namespace) -> None:
    from django.db import connection, transaction

    from borough.accounts.policies import system_viewer
    from borough.governance.ledger.sealing import seal_ledger
    from borough.residents.actions import link_records

    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM residents_record")
        newest = cursor.fetchone()[0]
    if not newest:
        raise SystemExit("There are no records here. Run borough demo --no-serve first.")
    chance = random.Random(options.seed)
    ids = sorted(chance.sample(range(1, newest + 1), min(options.records, newest)))
    undone = connection.vendor == "postgresql"
    with transaction.atomic() if undone else nullcontext():
        with transaction.atomic():
            _change(ids, newest, chance)
        # A worker seals what was written before; the door would, were there none.
        seal_ledger()
        started, used = perf_counter(), process_time()
        report = link_records(by=system_viewer("bench"), purpose="residents-index")
        wall, cpu = perf_counter() - started, process_time() - used
        started = perf_counter()
        _read(ids)
        bare = perf_counter() - started
        if undone:
            transaction.set_rollback(True)
    connection.close()
    print(machine_line())
    print(f"{connection.vendor}, {newest:,} records, {len(ids):,} of them changed ({report.kind})")
    print(f"  linking the changes   {wall:7.2f} s wall {cpu:7.2f} s CPU, {report.records:,} records looked at")
    print(f"  by stage              {', '.join(f'{name} {took} s' for name, took in report.seconds.items())}")
    print(f"  reading as many by id {bare:7.2f} s wall, ratio {wall / bare:.0f}")


def _change(ids: list[int], newest: int, chance: random.Random) -> None:
    """A third get another telephone, a third move to an address of somebody else, a third go or come back."""
    from django.db import connection

    with connection.cursor() as cursor:
        for place, one in enumerate(ids):
            if place % 3 == 0:
                phone = f"+4477009{chance.randrange(100_000):05d}"
                cursor.execute("UPDATE residents_record SET pending = true, phone = %s WHERE id = %s", [phone, one])
            elif place % 3 == 1:
                cursor.execute(
                    "UPDATE residents_record SET pending = true, (address, postcode, uprn) = "
                    "(SELECT o.address, o.postcode, o.uprn FROM residents_record o WHERE o.id = %s) WHERE id = %s "
                    "AND EXISTS (SELECT 1 FROM residents_record o WHERE o.id = %s)",
                    [other := chance.randrange(1, newest + 1), one, other],
                )
            else:
                cursor.execute(
                    "UPDATE residents_record SET pending = true, "
                    "gone_at = CASE WHEN gone_at IS NULL THEN CURRENT_TIMESTAMP END WHERE id = %s",
                    [one],
                )


def _read(ids: list[int]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for one in ids:
            cursor.execute("SELECT * FROM residents_comparable WHERE record_id = %s", [one])
            cursor.fetchone()


if __name__ == "__main__":
    main()
