"""Who lives together: a household is the residents at one property, and goes with them when they move together.

Works on the DuckDB tables of settling.py: `persons`, `concerned`, `actual_ids`, `revived`, `addresses`.
"""

import duckdb
import pyarrow as pa
from django.db import connection

from borough.common import clock
from borough.common.bulk import without_indexes
from borough.common.ids import mint_id
from borough.residents.gathering import bring_addresses
from borough.residents.models import Household, Resident
from borough.residents.transfer import bring, name_rows, pour

# A property with so many surnames that no two residents share is let by the room.
SURNAMES_OF_SHARED = 7
SHARED_KINDS = ("hmo", "care_home", "hostel")

_HOUSEHOLD, _RESIDENT = Household._meta.db_table, Resident._meta.db_table


def make_homes(con: duckdb.DuckDBPyConnection, *, everywhere: bool, moving: bool) -> None:
    """Make `homes` (uprn, size, shared, began_on, household) of the properties concerned where somebody lives now, and
    add `resident`, `household` and `small_area` to `persons`.

    `everywhere`: the whole gazetteer is in `addresses`. `moving`: people may have moved since; a decision moves nobody.
    """
    con.execute(
        """create or replace temp table persons as
        select p.*, i.resident from persons p join actual_ids i using (cluster) order by cluster"""
    )
    _bring_former(con, everywhere=everywhere)
    _bring_neighbours(con, everywhere=everywhere)
    if not everywhere:
        uprns = con.execute("select uprn from touched_homes").fetchall()
        bring_addresses(con, [row[0] for row in uprns])
    kinds = ", ".join(f"'{kind}'" for kind in SHARED_KINDS)
    con.execute(
        f"""
        create or replace temp table homes as
        with here as (
            select uprn, upper(surname) as surname, home_since from persons where uprn <> '' and left_on is null
            union all select uprn, upper(surname), home_since from neighbours
        ),
        surnames as (
            select uprn, surname, count(*) as n, min(home_since) as began_on from here group by all
        ),
        sizes as (
            select uprn, sum(n)::bigint as size, count(*) filter (n = 1 and surname <> '') as unrelated,
                   min(began_on) as began_on
            from surnames group by uprn
        )
        select uprn, sizes.size, unrelated >= {SURNAMES_OF_SHARED} or coalesce(kind in ({kinds}), false) as shared,
               began_on, household
        from sizes left join addresses using (uprn) left join known_homes using (uprn) order by uprn
        """
    )
    _carry_households(con, moving=moving)
    _reopen_households(con, moving=moving)
    _name_homes(con)
    con.execute(
        """
        create or replace temp table persons as
        select p.* , case when p.left_on is null then h.household end as household,
               coalesce(a.small_area, '') as small_area
        from persons p left join homes h using (uprn) left join addresses a using (uprn) order by cluster
        """
    )


def _bring_former(con: duckdb.DuckDBPyConnection, *, everywhere: bool) -> None:
    """Make `former` (resident, uprn, household) of the residents concerned, as they stood, and `known_homes`, the
    households of their properties then and now. Where all are concerned, none is looked up by itself."""
    residents, households = f"{_RESIDENT} r WHERE true", f"{_HOUSEHOLD} h WHERE true"
    if not everywhere:
        concerned = con.execute("select resident from concerned order by 1").fetchall()
        name_rows("concerned", ["id varchar(20)"], concerned, key="id")
        residents = f"concerned c CROSS JOIN {_RESIDENT} r WHERE r.id = c.id"
    bring(
        con,
        "former",
        {"resident": "varchar", "uprn": "varchar", "household": "varchar"},
        f"SELECT r.id, r.uprn, r.household_id FROM {residents}",
    )
    con.execute(
        """create or replace temp table touched_homes as
        select uprn from former where uprn <> '' union select uprn from persons where uprn <> '' order by 1"""
    )
    if not everywhere:
        uprns = con.execute("select uprn from touched_homes").fetchall()
        name_rows("touched_homes", ["uprn varchar(12)"], uprns, key="uprn")
        households = f"touched_homes t CROSS JOIN {_HOUSEHOLD} h WHERE h.uprn = t.uprn"
    bring(
        con,
        "known_homes",
        {"uprn": "varchar", "household": "varchar", "size": "bigint"},
        f"SELECT h.uprn, h.id, h.size FROM {households} AND h.ended_on IS NULL",
    )


def _bring_neighbours(con: duckdb.DuckDBPyConnection, *, everywhere: bool) -> None:
    """Make `neighbours` (uprn, surname, home_since): who else lives at these properties, unconcerned."""
    if everywhere:
        con.execute("create or replace temp table neighbours (uprn varchar, surname varchar, home_since varchar)")
        return
    bring(
        con,
        "neighbours",
        {"uprn": "varchar", "surname": "varchar", "home_since": "varchar"},
        f"SELECT r.uprn, r.surname, CAST(r.home_since AS text) FROM touched_homes t CROSS JOIN {_RESIDENT} r "
        "WHERE r.uprn = t.uprn AND r.retired_at IS NULL AND r.left_on IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM concerned c WHERE c.id = r.id)",
    )


def _carry_households(con: duckdb.DuckDBPyConnection, *, moving: bool) -> None:
    """A household most of whose members, two or more, now live at one property without a household goes on there."""
    con.execute(
        f"""
        create or replace temp table carried as
        with moved as (
            select f.household, p.uprn, count(*) as n
            from persons p join former f using (resident) join homes h on h.uprn = p.uprn
            where f.household is not null and f.uprn <> p.uprn and p.left_on is null and h.household is null
            group by all
        )
        select m.household, m.uprn from moved m join known_homes k using (household)
        where {moving} and n >= 2 and n * 2 > k.size
        qualify row_number() over (partition by m.uprn order by n desc, m.household) = 1
        """
    )
    # Who stays behind is another household from now on.
    con.execute("update homes set household = null where household in (select household from carried)")
    con.execute("update homes set household = c.household from carried c where c.uprn = homes.uprn")


def _reopen_households(con: duckdb.DuckDBPyConnection, *, moving: bool) -> None:
    """A household that had ended goes on where the same people turn out to have lived there all the time: since the
    day on which it began, or because a resident's id came back. Where nobody moves, whoever lives there again: so
    decisions that are undone in any order leave the households that they found."""
    empty = con.execute("select uprn from homes where household is null order by uprn").fetchall()
    if not empty or not Household.objects.exclude(ended_on=None).exists():
        return
    name_rows("coming_back", ["uprn varchar(12)"], empty, key="uprn")
    bring(
        con,
        "ended",
        {"uprn": "varchar", "household": "varchar", "began_on": "varchar", "ended_on": "varchar"},
        f"SELECT h.uprn, h.id, CAST(h.began_on AS text), CAST(h.ended_on AS text) FROM coming_back c "
        f"CROSS JOIN {_HOUSEHOLD} h WHERE h.uprn = c.uprn AND h.ended_on IS NOT NULL",
    )
    con.execute(
        f"""
        create or replace temp table reopened as
        with known as (
            select e.*, coalesce(h.began_on::varchar = e.began_on, false) as as_long
            from ended e join homes h using (uprn)
        )
        select uprn, household from known
        where {not moving} or as_long or uprn in (select uprn from persons join revived using (resident))
        qualify row_number() over (partition by uprn order by as_long desc, ended_on desc, household desc) = 1
        """
    )
    con.execute("update homes set household = r.household from reopened r where r.uprn = homes.uprn")


def _name_homes(con: duckdb.DuckDBPyConnection) -> None:
    new = [row[0] for row in con.execute("select uprn from homes where household is null order by uprn").fetchall()]
    if new:
        ids = pa.table({"uprn": pa.array(new, pa.string()), "household": pa.array([mint_id("H") for _ in new])})
        con.register("minted", ids)
        con.execute("update homes set household = minted.household from minted where homes.uprn = minted.uprn")
        con.unregister("minted")


def write_households(con: duckdb.DuckDBPyConnection) -> None:
    """Bring the households of the properties concerned up to `homes`; one that nobody lives in any more has ended."""
    columns = ("id", "uprn", "size", "shared", "began_on")
    sql = "select household, uprn, size, shared, began_on from homes order by uprn"
    with connection.cursor() as cursor:
        if not Household.objects.exists():
            with without_indexes(_HOUSEHOLD):
                pour(con, sql, _HOUSEHOLD, columns)
            return
        ended = con.execute("select household from known_homes anti join homes using (household) order by 1").fetchall()
        name_rows("ended_homes", ["id varchar(20)"], ended, key="id")
        carried = con.execute("select household, uprn from carried").fetchall()
        name_rows("carried", ["id varchar(20)", "uprn varchar(12)"], carried, key="id")
        cursor.execute(f"UPDATE {_HOUSEHOLD} SET uprn = carried.uprn FROM carried WHERE {_HOUSEHOLD}.id = carried.id")
        names = ", ".join(columns)
        cursor.execute(f"CREATE TEMP TABLE incoming AS SELECT {names} FROM {_HOUSEHOLD} WHERE false")
        pour(con, sql, "incoming", columns)
        cursor.execute(
            f"UPDATE {_HOUSEHOLD} SET ended_on = %s, size = 0 WHERE id IN (SELECT id FROM ended_homes)",
            [clock.today()],
        )
        sets = ", ".join(f"{name} = excluded.{name}" for name in columns[1:])
        differs = " OR ".join(f"{_HOUSEHOLD}.{name} IS DISTINCT FROM excluded.{name}" for name in columns[1:])
        cursor.execute(
            f"INSERT INTO {_HOUSEHOLD} ({names}) SELECT {names} FROM incoming WHERE true ON CONFLICT (id) "
            f"DO UPDATE SET {sets}, ended_on = NULL WHERE {differs} OR {_HOUSEHOLD}.ended_on IS NOT NULL"
        )
        cursor.execute("DROP TABLE incoming")
