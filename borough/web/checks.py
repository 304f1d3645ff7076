"""What `borough check` refuses."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import WARNING, CheckMessage, Error, Tags, register
from django.db import DatabaseError

from borough.governance.enforcing.installing import door_faults


@register()
def check_live_database(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """A live borough is refused on SQLite: it has no roles that could hold the door."""
    engine = settings.DATABASES["default"]["ENGINE"]
    if settings.REHEARSAL or not engine.endswith("sqlite3"):
        return []
    return [
        Error(
            "A live borough cannot run on SQLite.",
            hint="Set DATABASE_URL to a PostgreSQL database, or leave BOROUGH_LIVE unset for a rehearsal.",
            id="borough.E001",
        )
    ]


# Names of this very machine; an empty host is a socket on it.
_HERE = ("", "localhost", "127.0.0.1", "::1")


@register()
def check_connections(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """A live borough is refused where what it says to another machine could be read or answered by somebody else."""
    if settings.REHEARSAL:
        return []
    found: list[CheckMessage] = []
    database = settings.DATABASES["default"]
    host = str(database.get("HOST") or "")
    if host not in _HERE and not host.startswith("/") and database.get("OPTIONS", {}).get("sslmode") != "verify-full":
        found.append(
            Error(
                "The database is on another machine, and nothing checks that it is the one.",
                hint="Add ?sslmode=verify-full to DATABASE_URL, with sslrootcert where its certificate is your own.",
                id="borough.E004",
            )
        )
    if settings.EMAIL_HOST not in _HERE and not settings.EMAIL_USE_TLS:
        found.append(
            Error(
                "E-mail goes to another machine in the clear.",
                hint="Set BOROUGH_SMTP_TLS=1, or send through a mail server on this machine.",
                id="borough.E005",
            )
        )
    return found


@register(Tags.database)
def check_no_history(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """A live borough's folder holds no history of its code: who reads a file through some fault reads all of it."""
    if not databases or settings.REHEARSAL or not (settings.PACKAGE.parent / ".git").exists():
        return []
    remedy = "Install from a copy without .git: git archive HEAD | tar -x -C /srv/borough"
    return [
        CheckMessage(WARNING, "The site runs beside the history of its code (.git).", hint=remedy, id="borough.W001")
    ]


@register(Tags.database)
def check_door(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """A live borough is refused where its role in the database could get at a resident past the door.

    Asked with `--database default`, as `borough serve` does: a machine that only lints has no database.
    """
    engine = settings.DATABASES["default"]["ENGINE"]
    if not databases or settings.REHEARSAL or engine.endswith("sqlite3"):
        return []
    try:
        return [Error(what, hint=remedy, id="borough.E002") for what, remedy in door_faults()]
    except DatabaseError:
        return [Error("The database does not answer.", hint="Check DATABASE_URL, and that it runs.", id="borough.E003")]
