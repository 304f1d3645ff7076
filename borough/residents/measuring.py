"""How right is the index as it stands? For a rehearsal, whose truth is known."""

from pathlib import Path

import duckdb
from django.db import connection

from borough.accounts.policies import Viewer
from borough.governance.door import open_door
from borough.residents.linkage.evaluate import Figures, measure
from borough.residents.models import Membership

BATCH = 50_000


def measure_index(truth: Path, *, viewer: Viewer, purpose: str) -> Figures:
    """Compare who the index thinks each record is with `truth`, a CSV of source, key and person.

    Records that the truth does not know, and truth without a record, are left out of the count.
    """
    opening = open_door(viewer=viewer, purpose=purpose, verb="residents.measure_index")
    with duckdb.connect() as con:
        con.execute("create table linked (source varchar, key varchar, resident varchar)")
        people = _copy_links(con)
        con.execute(
            """
            create table both_sides as
            select row_number() over () as id, linked.resident as cluster, truth.person
            from linked join read_csv(?, all_varchar = true) as truth using (source, key)
            """,
            [str(truth)],
        )
        con.execute("create view found as select id, cluster from both_sides")
        con.execute("create view truth as select id, person from both_sides")
        figures = measure(con, "found", "truth")
    opening.saw_everyone(people)
    return figures


def _copy_links(con: duckdb.DuckDBPyConnection) -> int:
    """Fill `linked` by columns, in batches: row by row DuckDB would take minutes. Returns how many records."""
    import pyarrow as pa

    rows = 0
    query = Membership.objects.filter(ended_at=None, record__gone_at=None).values_list(
        "record__source_id", "record__key", "resident_id"
    )
    sql, parameters = query.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        while batch := cursor.fetchmany(BATCH):
            chunk = pa.table(dict(zip(("source", "key", "resident"), zip(*batch, strict=True), strict=True)))  # noqa: F841
            con.execute("insert into linked select source, key, resident from chunk")
            rows += len(batch)
    return rows
