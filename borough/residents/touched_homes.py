"""Which homes have more or less to do with each other since some records changed, and who moved between them.

What a pair of records at two homes weighs depends on what ties the two (linkage/moves.py). The ties of each home are
kept, so that those that a night's changes make or loosen tell which other homes are concerned; the pairs between these
are weighed again. Works on DuckDB's `former` and `people`, the changed records as they were and as they are.
"""

import duckdb
from django.db import connection

from borough.residents.changes import bring_pairs
from borough.residents.linkage.moves import TIED, find_ties, pair_movers
from borough.residents.linkage.standardise import PEOPLE_COLUMNS
from borough.residents.models import Comparable, HomeTie, Pair
from borough.residents.transfer import bring, name_rows, pour

_COMPARABLE, _PAIR, _TIE = Comparable._meta.db_table, Pair._meta.db_table, HomeTie._meta.db_table
_HOME = "home varchar(260)"
# What a record says of its home; the other columns of TIED follow from these.
_SAID = ("home", "both_names", "forename", "surname", "forename_full", "dob", "nino", "nhs_number")
_COLUMNS = ("home", "key", "initial", "bits", "sure")
# As the main database keeps it: half of the text's MD5, without a sign.
TIES_SQL = "select home, (md5_number_lower(key) >> 1)::bigint as key, initial, bits, sure from ties"


def keep_changed_ties(con: duckdb.DuckDBPyConnection, homes: int) -> None:
    """Bring the kept ties up to the changed records, whose standard values are kept already, and make `home_pairs`
    (here, there), both ways round: the homes that share more or less than they did. `homes`: as for find_ties."""
    name_rows("touched", [_HOME], _stirred_homes(con), key="home")
    wanted = ", ".join(f"c.{name}" for name in TIED)
    columns = {name: PEOPLE_COLUMNS[name] for name in TIED}
    bring(con, "at_home", columns, f"SELECT {wanted} FROM touched t CROSS JOIN {_COMPARABLE} c WHERE c.home = t.home")
    find_ties(con, homes, "at_home")
    bring(
        con,
        "held_ties",
        {"id": "bigint", "home": "varchar", "key": "bigint", "initial": "varchar", "bits": "double", "sure": "boolean"},
        f"SELECT k.id, k.home, k.key, k.initial, k.bits, {_sure('k')} FROM touched t CROSS JOIN {_TIE} k "
        "WHERE k.home = t.home",
    )
    names = ", ".join(_COLUMNS)
    con.execute(
        f"""create or replace temp table changed_ties as
        select null::bigint as id, {names} from ({TIES_SQL}) anti join held_ties using ({names})
        union all select id, {names} from held_ties anti join ({TIES_SQL}) using ({names})"""
    )
    pour(con, f"select {names} from changed_ties where id is null order by home, key", _TIE, _COLUMNS)
    keys = con.execute("select distinct home, key from changed_ties order by home, key").fetchall()
    name_rows("changed_ties", [_HOME, "key bigint"], keys, key="home, key")
    # The new ones are there already, and the old ones still.
    bring(
        con,
        "tied_homes",
        {"here": "varchar", "there": "varchar"},
        f"SELECT DISTINCT c.home, k.home FROM changed_ties c CROSS JOIN {_TIE} k "
        "WHERE k.key = c.key AND k.home <> c.home",
    )
    con.execute(
        """create or replace temp table home_pairs as
        select here, there from tied_homes union select there, here from tied_homes order by all"""
    )
    gone = con.execute("select id from changed_ties where id is not null order by id").fetchall()
    name_rows("gone_ties", ["id bigint"], gone, key="id")
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_TIE} WHERE id IN (SELECT id FROM gone_ties)")


def _stirred_homes(con: duckdb.DuckDBPyConnection) -> list[tuple[str]]:
    """The homes where what ties a home has come or gone: not where another record, which did not change, says the
    same as the one that does or did."""
    said = ", ".join(_SAID)
    rows = con.execute(
        f"""
        select {said} from ((select {said} from former except select {said} from people)
            union all (select {said} from people except select {said} from former))
        where home is not null order by home, both_names
        """
    ).fetchall()
    kinds = [_HOME, *(f"{name} varchar(161)" for name in _SAID[1:])]
    name_rows("stirred", kinds, rows)
    same = " AND ".join(f"c.{name} IS NOT DISTINCT FROM s.{name}" for name in _SAID[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT s.home FROM stirred s WHERE NOT EXISTS (SELECT 1 FROM {_COMPARABLE} c "
            f"WHERE c.home = s.home AND {same} AND NOT EXISTS (SELECT 1 FROM changed t WHERE t.id = c.record_id)) "
            "ORDER BY s.home"
        )
        homes: list[tuple[str]] = cursor.fetchall()
    return homes


def find_touched_movers(con: duckdb.DuckDBPyConnection) -> None:
    """Make `movers` of the pairs that a changed record is in, or that lie between homes of `home_pairs`."""
    homes = con.execute(
        """select home from people where home is not null union select here from home_pairs order by 1"""
    ).fetchall()
    name_rows("touched", [_HOME], homes, key="home")
    columns = {"here": "varchar", "there": "varchar", "mine": "varchar", "theirs": "varchar", "bits": "double"}
    bring(
        con,
        "tied",
        {**columns, "other_bits": "double", "sure": "boolean"},
        f"SELECT a.home, b.home, a.initial, b.initial, a.bits, b.bits, {_sure('a')} FROM touched t CROSS JOIN {_TIE} a "
        f"CROSS JOIN {_TIE} b WHERE a.home = t.home AND b.key = a.key AND b.home <> a.home",
    )
    con.execute(
        """
        create or replace temp table concerned_ties as
        select * from tied where here in (select home from people) or (here, there) in (from home_pairs)
        """
    )
    con.execute(
        """
        create or replace temp table along as
        select here, there, mine as initial, least(bits, other_bits) as bits, sure from concerned_ties
        union select there, here, theirs, least(bits, other_bits), sure from concerned_ties
        """
    )
    _bring_whoever_may_move(con)
    pair_movers(con, "at_home")
    con.execute(
        """
        create or replace temp table movers as
        select l, r, standing from movers where l in (select unique_id from people)
            or r in (select unique_id from people)
        union select l, r, standing from movers join at_home a on a.unique_id = l join at_home b on b.unique_id = r
            join home_pairs on here = a.home and there = b.home
        """
    )


def _bring_whoever_may_move(con: duckdb.DuckDBPyConnection) -> None:
    """Make `at_home` (unique_id, home, initial, both_names): all at homes of `home_pairs`, and at any other home that a
    changed record's home shares a tie with, who could be that record's person."""
    whole = con.execute("select distinct here from home_pairs order by 1").fetchall()
    name_rows("touched", [_HOME], whole, key="home")
    sought = con.execute(
        """
        select distinct there, p.initial, p.both_names from concerned_ties c join people p on p.home = c.here
        where (p.initial <> c.mine or p.initial <> c.theirs) and there not in (select here from home_pairs)
        order by all
        """
    ).fetchall()
    name_rows("sought", [_HOME, "initial varchar(1)", "both_names varchar(161)"], sought)
    columns = {"unique_id": "bigint", "home": "varchar", "initial": "varchar", "both_names": "varchar"}
    wanted = "SELECT c.record_id, c.home, c.initial, c.both_names FROM"
    bring(
        con,
        "others_at_home",
        columns,
        f"{wanted} touched t CROSS JOIN {_COMPARABLE} c WHERE c.home = t.home "
        f"UNION ALL {wanted} sought s CROSS JOIN {_COMPARABLE} c WHERE c.home = s.home "
        "AND (c.initial = s.initial OR c.both_names = s.both_names)",
    )
    con.execute(
        """create or replace temp table at_home as from others_at_home
        union select unique_id, home, initial, both_names from people where home is not null"""
    )


def bring_pairs_between(con: duckdb.DuckDBPyConnection) -> None:
    """Add the kept pairs of records at homes of `home_pairs` to `former_pairs`."""
    pairs = con.execute("select here, there from home_pairs").fetchall()
    name_rows("home_pairs", ["here varchar(260)", "there varchar(260)"], pairs, key="here, there")
    bring_pairs(
        con,
        f"FROM home_pairs h CROSS JOIN {_COMPARABLE} c CROSS JOIN {_PAIR} p CROSS JOIN {_COMPARABLE} o "
        "WHERE c.home = h.here AND p.low = c.record_id AND o.record_id = p.high AND o.home = h.there",
    )


def _sure(tie: str) -> str:
    # As a text both databases give it alike.
    return f"CASE WHEN {tie}.sure THEN 'true' ELSE 'false' END"
