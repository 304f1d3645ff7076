"""What `borough check` refuses."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


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
