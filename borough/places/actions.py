"""Published writes of places."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from django.db import connection, transaction

from borough.accounts.policies import ANALYST, IG_OFFICER, SYSTEM, Viewer, check_may_work_as
from borough.places.files import ADDRESS_COLUMNS, AddressRow, read_addresses, read_areas
from borough.places.models import Area

ROWS_AT_A_TIME = 10_000


def load_areas(path: Path, *, by: Viewer) -> int:
    """Replace all areas by those of a GeoJSON file (see files.read_areas). Returns how many.

    Raises Problem, naming the feature, and changes nothing when one is wrong.
    """
    check_may_work_as(by, ANALYST, IG_OFFICER, SYSTEM)
    areas = read_areas(path)
    with transaction.atomic():
        Area.objects.filter(parent__isnull=False).delete()
        Area.objects.all().delete()
        Area.objects.bulk_create(areas, batch_size=200)
    return len(areas)


def load_addresses(path: Path, *, by: Viewer, progress: Callable[[int, int], None] | None = None) -> int:
    """Add the addresses of a CSV file (see files.read_addresses), or bring them up to date. Returns how many rows.

    An address that the file lacks stays. `progress` gets (bytes read, bytes in all), near enough. Raises Problem,
    naming line and column, and changes nothing when a row is wrong.
    """
    check_may_work_as(by, ANALYST, IG_OFFICER, SYSTEM)
    with transaction.atomic():
        rows = _with_progress(read_addresses(path), path, progress)
        return _merge_on_postgresql(rows) if connection.vendor == "postgresql" else _merge_on_sqlite(rows)


def _with_progress(
    rows: Iterable[AddressRow], path: Path, progress: Callable[[int, int], None] | None
) -> Iterator[AddressRow]:
    done = 0
    for number, row in enumerate(rows, start=1):
        done += len(row[1]) + 60
        if progress and number % ROWS_AT_A_TIME == 0:
            total = path.stat().st_size
            progress(min(done, total), total)
        yield row
    if progress:
        progress(path.stat().st_size, path.stat().st_size)


_COLUMNS = (*ADDRESS_COLUMNS, "match_key")
_LIST = ", ".join(_COLUMNS)
_UPSERT = "ON CONFLICT (uprn) DO UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])


def _merge_on_sqlite(rows: Iterator[AddressRow]) -> int:
    loaded = 0
    marks = ", ".join(["%s"] * len(_COLUMNS))
    with connection.cursor() as cursor:
        while chunk := list(islice(rows, ROWS_AT_A_TIME)):
            cursor.executemany(f"INSERT INTO places_address ({_LIST}) VALUES ({marks}) {_UPSERT}", chunk)
            loaded += len(chunk)
    return loaded


def _merge_on_postgresql(rows: Iterator[AddressRow]) -> int:
    loaded = 0
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE new_address ON COMMIT DROP AS "
            f"SELECT {_LIST}, 0::bigint AS row_number FROM places_address WITH NO DATA"
        )
        with cursor.copy(f"COPY new_address ({_LIST}, row_number) FROM STDIN") as copy:
            for row in rows:
                copy.write_row((*row, loaded))
                loaded += 1
        # Twice in the file: the last one stands, as on SQLite.
        cursor.execute(
            f"INSERT INTO places_address ({_LIST}) SELECT DISTINCT ON (uprn) {_LIST} FROM new_address "
            f"ORDER BY uprn, row_number DESC {_UPSERT}"
        )
        cursor.execute("DROP TABLE new_address")
    return loaded
