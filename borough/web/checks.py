"""What `borough check` refuses."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
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
