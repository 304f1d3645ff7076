"""Published writes of places."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection, transaction

from borough.accounts.policies import ANALYST, IG_OFFICER, SYSTEM, Viewer, check_may_work_as
from borough.places.files import ADDRESS_COLUMNS, AddressRow, read_addresses, read_areas
from borough.places.models import Area, MatchedAddress
from borough.places.ports import address_matcher
from borough.places.queries import export_addresses

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


def match_addresses(written: Sequence[tuple[str, str]], *, by: Viewer) -> dict[tuple[str, str], str]:
    """Ask the authority's address matcher which properties these (address, postcode) mean, and keep what it found.

    Returns the UPRN of each that it is sure of: from then on `find_uprns` knows them. Raises Problem where there is
    no matcher.
    """
    check_may_work_as(by, ANALYST, SYSTEM)
    if not written:
        return {}
    with TemporaryDirectory(prefix="borough-match-") as folder:
        asked, gazetteer, answered = (Path(folder) / name for name in ("written.csv", "gazetteer.parquet", "found.csv"))
        export_addresses(gazetteer)
        with asked.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("id", "address", "postcode"), *((n, *one) for n, one in enumerate(written))])
        address_matcher().match(asked, gazetteer, answered)
        with answered.open(newline="", encoding="utf-8") as file:
            found = {written[int(row["id"])]: row["uprn"] for row in csv.DictReader(file)}
    rows = [MatchedAddress(address=one[0], postcode=one[1], uprn=uprn) for one, uprn in found.items()]
    MatchedAddress.objects.bulk_create(
        rows,
        batch_size=ROWS_AT_A_TIME,
        update_conflicts=True,
        unique_fields=["address", "postcode"],
        update_fields=["uprn"],
    )
    return found


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
