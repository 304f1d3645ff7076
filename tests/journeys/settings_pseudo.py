"""The site in a language that does not exist: every word that went through gettext stands in ⟦brackets⟧."""

from typing import Any

from django.utils.translation import trans_real


def _bracketed(function: Any) -> Any:
    def translate(*given: Any) -> str:
        return f"⟦{function(*given)}⟧"

    return translate


for _name in ("gettext", "ngettext", "pgettext", "npgettext"):
    setattr(trans_real, _name, _bracketed(getattr(trans_real, _name)))

from borough.web.settings import *  # noqa: E402, F403
