"""The template environment of all rooms."""

from typing import Any

from django.http import HttpRequest
from jinja2 import ChainableUndefined, Environment


def environment(**options: Any) -> Environment:
    # GOV.UK's base template reads attributes of things that a page does not set.
    return Environment(**{**options, "autoescape": True, "undefined": ChainableUndefined})


def page_context(request: HttpRequest) -> dict[str, Any]:
    return {}
