"""The triggers by which the database refuses to change the ledger, put back after every migration.

SQLite drops a table's triggers when a migration makes the table anew.
"""

from typing import Any

from django.db import connections

TABLES = ("governance_ledgerentry", "governance_ledgersubject", "governance_seal", "governance_cosignature")


def keep_append_only(using: str, **kwargs: Any) -> None:
    """Put the triggers on whichever tables of the ledger there are. Repeating it changes nothing."""
    connection = connections[using]
    with connection.cursor() as cursor:
        there = connection.introspection.table_names(cursor)
        for table in TABLES:
            if table not in there:
                continue
            if connection.vendor == "postgresql":
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION governance_ledger_refuse()"
                )
                continue
            for change in ("UPDATE", "DELETE"):
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
                )
