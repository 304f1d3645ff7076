"""The triggers by which the database refuses to change the ledger, put back after every migration.

They let go of what is as old as the ledger is kept, by the database's own clock, and of nothing younger. On PostgreSQL
a function of the owner's takes it away, by whole batches: the site may delete nothing itself.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.db import connections

from borough.governance.models import LEDGER_KEPT

TABLES = ("governance_ledgerentry", "governance_ledgersubject", "governance_seal", "governance_cosignature")

# Which rows may be deleted, of the tables of which any may.
_OVER = {
    "governance_ledgerentry": "OLD.written_at < {since}",
    "governance_ledgersubject": "EXISTS (SELECT 1 FROM {public}governance_ledgerentry e "
    "WHERE e.id = OLD.entry_id AND e.written_at < {since})",
}


def keep_append_only(using: str, **kwargs: Any) -> None:
    """Put the triggers on whichever tables of the ledger there are. Repeating it changes nothing."""
    connection = connections[using]
    with connection.cursor() as cursor:
        all_there = connection.introspection.table_names(cursor)
        there = [table for table in TABLES if table in all_there]
        for statement in _on_postgresql(there) if connection.vendor == "postgresql" else _on_sqlite(there):
            cursor.execute(statement)


def let_tables_be_made_anew(using: str, **kwargs: Any) -> None:
    """Before a migration: SQLite gives no table its name back while another's trigger says it."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER IF EXISTS governance_ledgersubject_no_delete")


def _on_postgresql(tables: Collection[str]) -> Iterator[str]:
    since = f"pg_catalog.now() - interval '{LEDGER_KEPT}'"
    lets_go = "".join(
        f"IF TG_OP = 'DELETE' AND TG_TABLE_NAME = '{table}' THEN "
        f"IF {over.format(since=since, public='public.')} THEN RETURN OLD; END IF; END IF; "
        for table, over in _OVER.items()
    )
    yield (
        "CREATE OR REPLACE FUNCTION governance_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {lets_go}RAISE EXCEPTION 'the ledger is append-only'; END $$"
    )
    for table in tables:
        yield (
            f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION governance_ledger_refuse()"
        )
    delete = f"""DELETE FROM public.{{table}} r
                    USING public.governance_seal s, jsonb_array_elements(s.runs) run
                    WHERE s.number = ANY(batches) AND s.sealed_at < {since}
                    AND r.{{column}} BETWEEN (run->>0)::bigint AND (run->>1)::bigint;"""
    # To compile the two statements takes several times as long as they do.
    yield f"""CREATE OR REPLACE FUNCTION governance_ledger_let_go(batches bigint[]) RETURNS bigint
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
            DECLARE
                gone bigint;
            BEGIN
                {delete.format(table="governance_ledgersubject", column="entry_id")}
                {delete.format(table="governance_ledgerentry", column="id")}
                GET DIAGNOSTICS gone = ROW_COUNT;
                RETURN gone;
            END $$"""
    # Whose site may ask for it is said where the door is installed (enforcing/installing.py).
    yield "REVOKE ALL ON FUNCTION governance_ledger_let_go FROM PUBLIC"


def _on_sqlite(tables: Collection[str]) -> Iterator[str]:
    since = f"datetime('now', '-{LEDGER_KEPT}')"
    for table in tables:
        for change in ("UPDATE", "DELETE"):
            over = _OVER.get(table) if change == "DELETE" else None
            unless = f"WHEN NOT {over.format(since=since, public='')} " if over else ""
            # Anew each time: that of an older version refused everything.
            yield f"DROP TRIGGER IF EXISTS {table}_no_{change.lower()}"
            yield (
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} {unless}"
                "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )
