"""A copy of somebody's data as they get it: one zip with a page to read and a file for other systems."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from borough.governance.rights.holdings import SOMEBODY_ELSE
from borough.governance.rights.ports import words_of_field


def build_zip(parts: Sequence[Mapping[str, Any]], *, reference: str, made_at: datetime, council: str) -> bytes:
    """The zip: your-data.html and your-data.json."""
    document = {
        "reference": reference,
        "made_at": made_at.isoformat(),
        "by": council,
        "holdings": [{"title": part["title"], "kept": part["keep"], "rows": part["rows"]} for part in parts],
    }
    page = render_to_string(
        "rights/copy_file.html",
        {
            "parts": [{**part, "rows": [_words(row) for row in part["rows"]]} for part in parts],
            "reference": reference,
            "made_at": made_at,
            "council": council,
            "somebody_else": SOMEBODY_ELSE,
        },
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("your-data.html", page)
        file.writestr("your-data.json", json.dumps(document, ensure_ascii=False, indent=1))
    return buffer.getvalue()


def _words(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(words_of_field(name), _value_words(value)) for name, value in row.items()]


def _value_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_value_words(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(_value_words(part) for part in value)
    return str(value)
