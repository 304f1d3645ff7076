"""Which homes have more or less to do with each other since some records changed.

What a pair of records at two homes weighs depends on who else is at both (linkage/moves.py). So the pairs between the
homes of changed records and any home that shares two names with them, or somebody known for sure, are weighed again.
Works on DuckDB's `former` and `people`, the changed records as they were and as they are.
"""

from collections.abc import Sequence

import duckdb

from borough.residents.changes import take_pairs
from borough.residents.models import Comparable, Pair
from borough.residents.transfer import bring, name_rows

_COMPARABLE, _PAIR = Comparable._meta.db_table, Pair._meta.db_table
_HOME, _NAMES = "home varchar(260)", "both_names varchar(161)"
# Who is known for sure, as moves.py has it.
_KEYS = (("nino",), ("nhs_number",), ("forename_full", "dob"))
_KNOWN = ("home", "both_names", "namesakes", "nino", "nhs_number", "forename_full", "dob")


def find_touched_homes(con: duckdb.DuckDBPyConnection) -> None:
    """Make `home_pairs` (here, there), both ways round: the homes whose pairs of records are to be weighed again."""
    con.execute("create or replace temp table homes_found (here varchar, there varchar)")
    homes = con.execute(
        """select distinct home from (select home from former union all select home from people)
        where home is not null order by home"""
    ).fetchall()
    name_rows("touched", [_HOME], homes, key="home")
    kinds = {name: "double" if name == "namesakes" else "varchar" for name in _KNOWN}
    known = ", ".join(f"c.{name}" for name in _KNOWN)
    bring(con, "held", kinds, f"SELECT {known} FROM touched t CROSS JOIN {_COMPARABLE} c WHERE c.home = t.home")
    con.execute(f"insert into held select {', '.join(_KNOWN)} from former where home is not null")
    _find_by_names(con)
    for place, key in enumerate(_KEYS):
        _find_by_key(con, place, key)
    con.execute(
        """create or replace temp table home_pairs as
        select here, there from homes_found union select there, here from homes_found order by all"""
    )


def _find_by_names(con: duckdb.DuckDBPyConnection) -> None:
    names = """select home, both_names, max(coalesce(namesakes, 1)) as namesakes from held
        where both_names is not null group by all"""
    # Of two names that homes share at least one is not the commonest of its home: that one is looked up.
    asked = con.execute(
        f"""select home, both_names from ({names})
        qualify row_number() over (partition by home order by namesakes desc, both_names) > 1 order by all"""
    ).fetchall()
    every = con.execute(f"select home, both_names from ({names}) order by all").fetchall()
    name_rows("names_asked", [_HOME, _NAMES], asked, key="home, both_names")
    name_rows("names_held", [_HOME, _NAMES], every, key="home, both_names")
    _add(
        con,
        f"SELECT DISTINCT n.home, c.home FROM names_asked n CROSS JOIN {_COMPARABLE} c "
        "WHERE c.both_names = n.both_names AND c.home IS NOT NULL AND c.home <> n.home AND EXISTS "
        f"(SELECT 1 FROM names_held h JOIN {_COMPARABLE} o ON o.home = c.home AND o.both_names = h.both_names "
        "WHERE h.home = n.home AND h.both_names <> n.both_names)",
    )


def _find_by_key(con: duckdb.DuckDBPyConnection, place: int, key: Sequence[str]) -> None:
    filled = " and ".join(f"{column} is not null" for column in key)
    rows = con.execute(f"select distinct home, {', '.join(key)} from held where {filled} order by all").fetchall()
    name_rows(f"keys_{place}", [_HOME, *(f"{column} varchar(80)" for column in key)], rows)
    equal = " AND ".join(f"c.{column} = k.{column}" for column in key)
    _add(
        con,
        f"SELECT DISTINCT k.home, c.home FROM keys_{place} k CROSS JOIN {_COMPARABLE} c "
        f"WHERE {equal} AND c.home IS NOT NULL AND c.home <> k.home",
    )


def _add(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    bring(con, "some_homes", {"here": "varchar", "there": "varchar"}, sql)
    con.execute("insert into homes_found select * from some_homes")


def take_pairs_between(con: duckdb.DuckDBPyConnection) -> None:
    """Move the kept pairs of records at homes of `home_pairs` to `former_pairs`."""
    columns = {"l": "bigint", "r": "bigint", "here": "varchar", "there": "varchar"}
    ends = " UNION ALL ".join(
        f"SELECT p.low, p.high, t.home, o.home FROM touched t CROSS JOIN {_COMPARABLE} c CROSS JOIN {_PAIR} p "
        f"CROSS JOIN {_COMPARABLE} o WHERE c.home = t.home AND p.{mine} = c.record_id AND o.record_id = p.{other}"
        for mine, other in (("low", "high"), ("high", "low"))
    )
    bring(con, "pairs_of_touched", columns, ends)
    between = con.execute("select distinct l, r from pairs_of_touched join home_pairs using (here, there)").fetchall()
    name_rows("between_homes", ["low bigint", "high bigint"], between, key="low, high")
    take_pairs(con, f"FROM between_homes b CROSS JOIN {_PAIR} p WHERE p.low = b.low AND p.high = b.high")
