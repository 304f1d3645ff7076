"""What the door costs: reading one resident's contact through it, and by a bare query, in turns in one run.

    python -m bench.door [--reads 2000]

On the database that DATABASE_URL names, or SQLite in BOROUGH_HOME, after a demo has filled it.
"""

import argparse
import os
import random
from statistics import median
from time import perf_counter

import django

from bench.machine import machine_line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--reads", type=int, default=2000)
    reads = parser.parse_args().reads
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "borough.web.settings")
    django.setup()

    from django.db import connection

    from borough.accounts.policies import CONTACT_WORKER, Viewer
    from borough.residents.queries import list_contacts

    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM residents_resident WHERE retired_at IS NULL ORDER BY id LIMIT 5000")
        ids = [row[0] for row in cursor.fetchall()]
    if not ids:
        raise SystemExit("There are no residents here. Run borough demo --no-serve first.")
    viewer = Viewer(kind="staff", id="UBENCH", name="Bench", roles=frozenset({CONTACT_WORKER}))
    columns = "id, forename, surname, phone, email, language, address, postcode, small_area, uprn"

    def through_the_door(resident_id: str) -> None:
        list_contacts([resident_id], viewer=viewer, purpose="offer-help")

    def bare(resident_id: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM residents_resident WHERE id = %s", [resident_id])
            cursor.fetchone()

    took: dict[str, list[float]] = {"through the door": [], "bare query": []}
    chance = random.Random(1)
    for _ in range(reads):
        for name, read in (("through the door", through_the_door), ("bare query", bare)):
            resident_id = chance.choice(ids)
            started = perf_counter()
            read(resident_id)
            took[name].append((perf_counter() - started) * 1000)
    print(machine_line())
    print(f"{connection.vendor}, {reads} reads each, in turns")
    for name, times in took.items():
        times.sort()
        print(f"  {name:18} median {median(times):7.3f} ms   p99 {times[int(len(times) * 0.99)]:7.3f} ms")
    print(f"  ratio of medians   {median(took['through the door']) / median(took['bare query']):.1f}")


if __name__ == "__main__":
    main()
