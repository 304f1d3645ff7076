"""Counts how good the index is: by source, by pair of sources, by blocking rule, by naming group and age.

Counted once after records were linked, over all records in DuckDB's memory, and kept as figures of which none is of one
person; a page reads the newest. What people have reviewed is in quality_review.py.
"""

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
from django.db import connection

from borough.accounts.policies import ANALYST, SYSTEM, Viewer, check_may_work_as
from borough.common import clock
from borough.governance.door import open_door
from borough.places.queries import locate_postcodes
from borough.residents.file_findings import NULLABLE
from borough.residents.keeping import newest_model
from borough.residents.linkage.pipeline import open_engine
from borough.residents.models import Membership, Pair, Quality, Record
from borough.residents.naming_groups import NOT_TOLD, naming_group_of
from borough.residents.quality_review import BANDS, GroupReview, draw_sample, review_by_group
from borough.residents.transfer import bring

# What linking goes by; a source is asked for those that its mapping reads.
WEIGHED = ("forename", "surname", "dob", "nino", "nhs_number", "phone", "email", "postcode", "uprn")
AGE_BANDS = ((0, 17), (18, 39), (40, 64), (65, 79), (80, 130))

_EMPTY = {True: "IS NULL", False: "= ''"}
_RECORD, _MEMBERSHIP, _PAIR = Record._meta.db_table, Membership._meta.db_table, Pair._meta.db_table


def count_quality(*, by: Viewer, purpose: str) -> int:
    """Count the figures anew, between two linkings. Returns how many records were counted."""
    check_may_work_as(by, ANALYST, SYSTEM)
    opening = open_door(viewer=by, purpose=purpose, verb="residents.count_quality")
    figures = Quality.objects.get(pk=keep_quality()).figures
    opening.saw_everyone(figures["residents"])
    return int(figures["records"])


def keep_quality() -> int:
    """Count the figures of the index as it is, and keep them. Returns their number."""
    with TemporaryDirectory(prefix="borough-quality-") as folder, open_engine(Path(folder)) as con:
        figures = count_figures(con)
    return Quality.objects.create(as_of=clock.now(), figures=figures).pk


def count_figures(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """All figures, as JSON can hold them."""
    _bring_records(con)
    _name_groups(con, clock.today())
    records, residents = con.execute("select count(*), count(distinct resident) from held").fetchall()[0]
    sample, pairs = draw_sample(), _count_pairs()
    return {
        "records": records,
        "residents": residents,
        "sources": _by_source(con),
        "overlaps": _overlaps(con),
        "rules": pairs.rules,
        "bands": pairs.bands,
        "sample": sample,
        "places": _places(con),
        "naming": _by_group(con, "naming", review_by_group(sample, pairs.bands, _naming_of)),
        "ages": _by_group(con, "age", review_by_group(sample, pairs.bands, _age_of)),
    }


def _bring_records(con: duckdb.DuckDBPyConnection) -> None:
    """Make `held`: each record that has not gone, with its resident and whether each of WEIGHED is missing."""
    # One number for all fields, a bit for each that is missing: a million rows cross in half the time.
    bits = " + ".join(
        f"CASE WHEN r.{name} {_EMPTY[name in NULLABLE]} THEN {1 << place} ELSE 0 END"
        for place, name in enumerate(WEIGHED)
    )
    columns = dict.fromkeys(("source", "resident", "forename", "surname", "dob", "postcode"), "varchar")
    bring(
        con,
        "brought_records",
        {**columns, "missing": "integer"},
        f"SELECT r.source_id, m.resident_id, r.forename, r.surname, CAST(r.dob AS text), r.postcode, {bits} "
        f"FROM {_RECORD} r LEFT JOIN {_MEMBERSHIP} m ON m.record_id = r.id AND m.ended_at IS NULL "
        "WHERE r.gone_at IS NULL",
    )
    missing = ", ".join(f"(missing >> {place}) & 1 as no_{name}" for place, name in enumerate(WEIGHED))
    con.execute(f"create or replace temp table held as select * exclude (missing), {missing} from brought_records")
    con.execute("drop table brought_records")
    con.execute(
        """create or replace temp table spread as
        select resident, list(distinct source) as sources from held where resident is not null group by resident"""
    )
    con.execute(
        """create or replace temp table held as
        select held.*, coalesce(len(sources) > 1, false) as elsewhere from held left join spread using (resident)"""
    )


def _name_groups(con: duckdb.DuckDBPyConnection, today: date) -> None:
    """Add `naming` and `age` to `held`: in memory, for as long as the counting lasts."""
    names = con.execute("select distinct forename, surname from held").fetchall()
    forenames, surnames = ([row[place] for row in names] for place in (0, 1))
    groups = [naming_group_of(forename, surname) for forename, surname in names]
    kinds = pa.string()
    con.register(
        "groups",
        pa.table(
            {
                "forename": pa.array(forenames, kinds),
                "surname": pa.array(surnames, kinds),
                "naming": pa.array(groups, kinds),
            }
        ),
    )
    years = f"date_diff('year', dob::date, date '{today}') - (strftime(dob::date, '%m%d') > '{today:%m%d}')::int"
    bands = " ".join(f"when {years} between {low} and {high} then '{low}-{high}'" for low, high in AGE_BANDS)
    con.execute(
        f"""create or replace temp table held as
        select held.*, naming, case when dob is null then '{NOT_TOLD}' {bands} else '{NOT_TOLD}' end as age
        from held join groups using (forename, surname)"""
    )
    con.unregister("groups")


def _by_source(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """`elsewhere`: records whose resident has a record in another source; `doubles`: records beyond one a resident."""
    sums = ", ".join(f"sum(no_{name})::bigint" for name in WEIGHED)
    rows = con.execute(
        f"""select source, count(*), count(distinct resident), count(resident), count(*) filter (elsewhere), {sums}
        from held group by source order by source"""
    ).fetchall()
    return {
        source: {
            "records": records,
            "residents": residents,
            "doubles": linked - residents,
            "elsewhere": elsewhere,
            "missing": dict(zip(WEIGHED, missing, strict=True)),
        }
        for source, records, residents, linked, elsewhere, *missing in rows
    }


def _overlaps(con: duckdb.DuckDBPyConnection) -> list[list[Any]]:
    """[source, other source, records of the first whose resident has a record in the other]."""
    return [
        list(row)
        for row in con.execute(
            """select source, other, count(*) from held join
            (select resident, unnest(sources) as other from spread where len(sources) > 1) using (resident)
            where source <> other group by all order by all"""
        ).fetchall()
    ]


@dataclass(frozen=True)
class _Pairs:
    """`rules`: what each blocking rule brought: pairs found, those strong enough to join, of these the refused.
    `bands`: how many pairs each band of weight has."""

    rules: list[dict[str, Any]]
    bands: dict[str, int]


def _count_pairs() -> _Pairs:
    """In one reading of the pairs, of which there are millions."""
    kept = newest_model()
    names = kept[1].rules if kept else ()
    cases = " ".join(f"WHEN {band.sql} THEN '{band.code}'" for band in BANDS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rule, CASE {cases} END AS band, count(*), count(CASE WHEN refused <> '' THEN 1 END) "
            f"FROM {_PAIR} GROUP BY 1, 2 ORDER BY 1, 2"
        )
        rows = cursor.fetchall()
    rules: dict[int, dict[str, Any]] = {}
    bands = {band.code: 0 for band in BANDS}
    for rule, band, found, refused in rows:
        columns = list(names[rule]) if rule < len(names) else []
        own = rules.setdefault(rule, {"columns": columns, "found": 0, "strong": 0, "refused": 0})
        bands[band] += found
        own["found"] += found
        if band != "weak":
            own["strong"] += found
            own["refused"] += refused
    return _Pairs(rules=list(rules.values()), bands=bands)


def _places(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Postcodes that the borough's addresses do not have: by source, and residents who have one here and one there."""
    written = [row[0] for row in con.execute("select distinct postcode from held where postcode <> ''").fetchall()]
    here = locate_postcodes(written)
    if not here:
        # No addresses were loaded: nothing can be said to lie outside.
        return {}
    con.register(
        "outside", pa.table({"postcode": pa.array([code for code in written if code not in here], pa.string())})
    )
    rows = con.execute(
        "select source, count(*) from held join outside using (postcode) group by source order by source"
    ).fetchall()
    both = con.execute(
        """select count(*) from (
            select resident from held left join outside using (postcode) where postcode <> '' and resident is not null
            group by resident having bool_or(outside.postcode is null) and bool_or(outside.postcode is not null))"""
    ).fetchall()[0][0]
    con.unregister("outside")
    return {"sources": dict(rows), "residents_here_and_there": both}


def _by_group(con: duckdb.DuckDBPyConnection, column: str, review: dict[str, GroupReview]) -> list[dict[str, Any]]:
    """For each group: records, those linked to another source, those without a birth date or an identifier, and what
    the reviewed sample says of its pairs."""
    rows = con.execute(
        f"""select {column}, count(*), count(*) filter (elsewhere), sum(no_dob)::bigint,
        count(*) filter (no_nino = 1 and no_nhs_number = 1) from held group by 1 order by 1"""
    ).fetchall()
    return [
        {"code": code, "records": records, "elsewhere": elsewhere, "no_dob": no_dob, "no_identifier": no_identifier}
        | asdict(review.get(code, GroupReview()))
        for code, records, elsewhere, no_dob, no_identifier in rows
    ]


def _naming_of(record: Record) -> str:
    return naming_group_of(record.forename, record.surname)


def _age_of(record: Record) -> str:
    if record.dob is None:
        return NOT_TOLD
    today = clock.today()
    age = today.year - record.dob.year - ((today.month, today.day) < (record.dob.month, record.dob.day))
    return next((f"{low}-{high}" for low, high in AGE_BANDS if low <= age <= high), NOT_TOLD)
