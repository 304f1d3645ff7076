"""Values that so many records came to share since the model was trained that they say nothing of a person any more.

A full training strikes them (linkage/corpus.py). A night's extract may bring one too, a default telephone on a thousand
rows: it is struck from then on, before anything is compared by it.
"""

import duckdb

from borough.residents.linkage.corpus import MOST_AT_HOME, MOST_SHARED
from borough.residents.models import Comparable, Statistic
from borough.residents.transfer import bring, name_rows

_COMPARABLE = Comparable._meta.db_table
_LIMITS = {"phone": MOST_SHARED, "email": MOST_SHARED, "uprn": MOST_AT_HOME, "home": MOST_AT_HOME}


def strike_shared(con: duckdb.DuckDBPyConnection, model_id: int) -> set[int]:
    """Add to the model's statistics what the records of `people` bring past its limit.

    Returns the kept records that have such a value: they have to be made comparable again.
    """
    touched: set[int] = set()
    for column, most in _LIMITS.items():
        con.execute(
            f"""create or replace temp table brought_values as
            select {column} as value, count(*) as n from people where {column} is not null group by 1"""
        )
        values = con.execute("select value from brought_values order by 1").fetchall()
        name_rows("brought_values", ["value varchar(260)"], values, key="value")
        bring(
            con,
            "held_ids",
            {"value": "varchar", "id": "bigint"},
            f"SELECT v.value, c.record_id FROM brought_values v CROSS JOIN {_COMPARABLE} c WHERE c.{column} = v.value",
        )
        shared = con.execute(
            f"""
            select value, n + others as records from brought_values join (
                select value, count(*) as others from held_ids
                where id not in (select unique_id from people) group by value
                union all select value, 0 from brought_values where value not in (select value from held_ids
                    where id not in (select unique_id from people))
            ) using (value) where records > {most} order by value
            """
        ).fetchall()
        rows = [
            Statistic(model_id=model_id, kind=f"struck_{column}", value=value, number=records)
            for value, records in shared
        ]
        # One that is struck already is held by nobody, and comes again each time somebody brings it.
        Statistic.objects.bulk_create(rows, ignore_conflicts=True)
        con.execute("create or replace temp table struck_values (value varchar)")
        if shared:
            con.executemany("insert into struck_values values (?)", [(value,) for value, _ in shared])
        found = con.execute("select id from held_ids join struck_values using (value)").fetchall()
        touched.update(row[0] for row in found)
    return touched
