"""Puts the door into PostgreSQL, as the owner of the tables; and says what a running house lacks of it."""

import hashlib
from collections.abc import Iterator

from django.db import connection, transaction
from psycopg import sql

from borough.common.errors import Problem
from borough.governance.enforcing import passes
from borough.governance.enforcing.functions import statements
from borough.governance.enforcing.tables import LETTERBOX_ROOM, WITHOUT_THE_DOOR, guarded_tables, house_tables, room_of

# What the application's role may do with the ledger: rows are written by the door, seals by the worker.
_LEDGER = {
    "governance_ledgerentry": "SELECT",
    "governance_ledgersubject": "SELECT",
    "governance_seal": "SELECT, INSERT",
    "governance_cosignature": "SELECT, INSERT",
}
_EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"


def install_door(role: str, *, rehearsed: bool = False) -> list[str]:
    """Make the door's functions, give `role` what the site needs and put the policies on. Returns what was done.

    Repeating it changes nothing; after a migration it brings the door up to the tables. `rehearsed`: see functions.py.
    Raises Problem.
    """
    if connection.vendor != "postgresql":
        raise Problem("Only PostgreSQL can hold the door.", "Set DATABASE_URL to a PostgreSQL database.")
    _check_role(role)
    to, guarded = sql.Identifier(role), guarded_tables()
    with transaction.atomic(), connection.cursor() as cursor:

        def do(text: str, **names: sql.Composable) -> None:
            cursor.execute(sql.SQL(text).format(to=to, **names).as_string(connection.connection))

        for statement in statements(rehearsed=rehearsed):
            cursor.execute(statement)
        do("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        do("GRANT USAGE ON SCHEMA public, door TO {to}")
        do("GRANT EXECUTE ON FUNCTION door.open, door.log, door.is_open TO {to}")
        do("GRANT EXECUTE ON FUNCTION door.open_letterbox, door.letterbox_is_open TO {to}")
        # The night's deletion: of batches that are over by the database's own clock.
        do("GRANT EXECUTE ON FUNCTION public.governance_ledger_let_go TO {to}")
        there = _tables_there()
        for table in there:
            name = sql.Identifier(table)
            do("REVOKE ALL ON {table} FROM {to}", table=name)
            do("GRANT {rights} ON {table} TO {to}", table=name, rights=sql.SQL(_LEDGER.get(table, _EVERYTHING)))
            do("DROP POLICY IF EXISTS door ON {table}", table=name)
            do("ALTER TABLE {table} {way} ROW LEVEL SECURITY", table=name, way=_way(table in guarded))
            if table in guarded:
                # In parentheses it is asked once for each query, and not for each row.
                do(
                    "CREATE POLICY door ON {table} TO {to} USING ((SELECT {asked}())) WITH CHECK ((SELECT {asked}()))",
                    table=name,
                    asked=sql.Identifier("door", _asked_for(table)),
                )
        # Anew each time: a view that is replaced can lose no column, and one of an older version would stay.
        cursor.execute("SELECT viewname FROM pg_views WHERE schemaname = 'door'")
        for (old,) in cursor.fetchall():
            do("DROP VIEW {view}", view=sql.Identifier("door", old))
        for source, query in WITHOUT_THE_DOOR.items():
            view = sql.Identifier("door", source)
            # The view is the owner's, whom no policy holds.
            do("CREATE VIEW {view} AS {query}", view=view, query=sql.SQL(query))
            do("GRANT SELECT ON {view} TO {to}", view=view)
        do("COMMENT ON SCHEMA door IS {mark}", mark=sql.Literal(_mark()))
    passes.forget()
    return [
        "the functions of the door are there",
        f"{role} may use {len(there)} tables and owns none",
        f"{len(guarded)} tables give no row without an entry in the ledger: {', '.join(guarded)}",
    ]


def door_faults() -> Iterator[tuple[str, str]]:
    """(what is wrong, what to do) for each reason why this connection's role would not be held by the door."""
    install = "As the owner of the tables: borough door install --role …"
    guarded = guarded_tables()
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls, current_user FROM pg_roles WHERE rolname = current_user")
        over_it, role = cursor.fetchone()
        if over_it:
            yield (
                f"The role {role} is a superuser or bypasses row-level security: no door holds it.",
                "Put the application's own role into DATABASE_URL: docs/how-to/go-live.md.",
            )
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace "
            "AND pg_has_role(c.relowner, 'MEMBER') ORDER BY 1 LIMIT 1"
        )
        if owned := cursor.fetchone():
            yield (
                f"The role {role} owns tables, such as {owned[0]}: it could take the door away.",
                "Put the application's own role into DATABASE_URL: docs/how-to/go-live.md.",
            )
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid "
            "WHERE c.relrowsecurity AND p.polname = 'door' AND c.relnamespace = 'public'::regnamespace"
        )
        if missing := set(guarded) - {row[0] for row in cursor.fetchall()}:
            yield f"{', '.join(sorted(missing))}: the database gives rows without an entry in the ledger.", install
        cursor.execute("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'door'")
        mark = cursor.fetchone()
        if mark is None or mark[0] != _mark():
            yield "The door in the database is not the one that this version comes with.", install
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relname = ANY(%s) AND c.relnamespace = 'public'::regnamespace "
            "AND (has_table_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE') "
            "OR has_table_privilege(c.oid, 'TRUNCATE')) ORDER BY 1",
            [sorted(_LEDGER)],
        )
        if changeable := [row[0] for row in cursor.fetchall()]:
            yield f"The role {role} may change the ledger ({', '.join(changeable)}).", install


def _check_role(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls, pg_has_role(rolname, current_user, 'MEMBER') "
            "FROM pg_roles WHERE rolname = %s",
            [role],
        )
        found = cursor.fetchone()
    if found is None:
        raise Problem(
            f"There is no role {role}.", f"As an administrator of the server: CREATE ROLE {role} LOGIN PASSWORD '…'"
        )
    if any(found):
        raise Problem(
            f"The role {role} is a superuser, bypasses row-level security, or is a member of the owner.",
            "Make a role of its own for the application, with none of these.",
        )


def _tables_there() -> list[str]:
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    ours = {model._meta.db_table for model in house_tables()} | {"django_migrations"}
    return sorted(ours & there)


def _way(guarded: bool) -> sql.SQL:
    return sql.SQL("ENABLE" if guarded else "DISABLE")


def _asked_for(table: str) -> str:
    """The function that says whether this table's rows are to be seen."""
    return "letterbox_is_open" if room_of(table) == LETTERBOX_ROOM else "is_open"


def _mark() -> str:
    """What this version of the door is known by."""
    policies = [f"{table} {_asked_for(table)}" for table in guarded_tables()]
    return hashlib.sha256("\n".join([*statements(), *policies, *WITHOUT_THE_DOOR.values()]).encode()).hexdigest()[:16]
