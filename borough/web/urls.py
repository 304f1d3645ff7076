"""Every address of the site: the front door's own pages, then one line for each room."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from borough.web import views

front_door = [
    path("", views.home, name="home"),
    path("staff/", views.staff_home, name="staff_home"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("brand.css", views.brand, name="brand"),
    path("health", views.health, name="health"),
]

ROOMS = {
    "accounts": "",
    "governance": "governance/",
    "residents": "residents/",
    "insight": "insight/",
    "messaging": "messages/",
    "cases": "cases/",
    "volunteers": "volunteers/",
    "directory": "services/",
    "places": "areas/",
}


def _ready(room: str) -> bool:  # TEMP while the rooms are being built
    from importlib import import_module

    try:
        return bool(find_spec(f"borough.{room}.urls") and import_module(f"borough.{room}.urls"))
    except (ImportError, AttributeError):
        return False


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((front_door, "web"))),
    *(path(at, include(f"borough.{room}.urls")) for room, at in ROOMS.items() if _ready(room)),
]

handler400 = "borough.web.views.bad_request"
handler403 = "borough.web.views.refused"
handler404 = "borough.web.views.not_found"
handler500 = "borough.web.views.broken"
