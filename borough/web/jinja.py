"""The template environment of all rooms: loaders, words, and what every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, PrefixLoader

from borough.accounts.queries import viewer_of
from borough.accounts.sessions import IDLE
from borough.cases.kinds import self_referral_kind
from borough.common import clock
from borough.common.tables import Table
from borough.common.words import date_words, distance_words, month_words, number_words, phone_words, time_words
from borough.governance.queries import purpose_of
from borough.governance.rights.links import PURPOSE as RIGHTS_PURPOSE
from borough.governance.rights.pages import SESSION as OWN_RECORD
from borough.governance.rights.rules import PAGE_STAYS_OPEN
from borough.web.brand import brand_address
from borough.web.forms import form_components, form_errors
from borough.web.navigation import navigation_for


def environment(**options: Any) -> Environment:
    """Autoescaped; `_` and `{% trans %}` are Django's gettext; GOV.UK's macros under `govuk_frontend_jinja/`."""
    options["loader"] = ChoiceLoader(
        [options["loader"], PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})]
    )
    # GOV.UK's macros read attributes of things that a page does not set.
    env = Environment(**{**options, "undefined": ChainableUndefined, "autoescape": True})  # noqa: S701
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals |= {
        "static": static,
        "url": url,
        "form_components": form_components,
        "form_errors": form_errors,
        "brand_address": brand_address,
        "check_table": check_table,
        "self_referral_is_on": lambda: self_referral_kind() is not None,
    }
    env.filters |= {
        "date_words": date_words,
        "month_words": month_words,
        "distance_words": distance_words,
        "time_words": time_words,
        "number_words": number_words,
        "phone_words": phone_words,
    }
    return env


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page by its name, such as url("residents:resident", id)."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def check_table(table: Any) -> None:
    """A macro imported under the name of the page's table hides it, and would draw an empty one."""
    if not isinstance(table, Table):
        raise TypeError('draw_table needs a Table: write {% from "house/parts.html" import table as draw_table %}')


def _goes_after(kind: str, own: str) -> int:
    if kind in ("staff", "partner"):
        return int(IDLE.total_seconds())
    return int(PAGE_STAYS_OPEN.total_seconds()) if own else 0


def page_context(request: HttpRequest) -> dict[str, Any]:
    viewer = viewer_of(request)
    own = RIGHTS_PURPOSE if request.session.get(OWN_RECORD) else ""
    return {
        # Of which purpose the agreements are that this page stands on, and since when.
        "shown_for": purpose_of(request) if viewer.kind == "staff" else own,
        "drawn_at": clock.now().isoformat(timespec="microseconds"),
        "viewer": viewer,
        # After so many seconds without use the page goes from the screen.
        "goes_after": _goes_after(viewer.kind, own),
        "purpose": purpose_of(request),
        "purpose_name": request.session.get("purpose_name", "") if viewer.kind == "staff" else "",
        "authority": settings.AUTHORITY,
        "rehearsal": settings.REHEARSAL,
        "language": get_language(),
        "navigation": navigation_for(viewer, request.path),
    }
