"""Every address of the site: the front door's own pages, then one line for each room."""

from django.urls import URLPattern, URLResolver, include, path

from borough.standards.open_referral_uk.api import BASE
from borough.standards.open_referral_uk.api import urls as open_referral_uk
from borough.web import views
from borough.web.api import api

front_door = [
    path("", views.home, name="home"),
    path("staff/", views.staff_home, name="staff_home"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("brand.css", views.brand, name="brand"),
    path("health", views.health, name="health"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((front_door, "web"))),
    path("", include("borough.accounts.urls")),
    path("governance/", include("borough.governance.urls")),
    path("transparency/", include("borough.governance.transparency.urls")),
    path("my-record/", include("borough.governance.rights.urls")),
    path("residents/", include("borough.residents.urls")),
    path("services/", include("borough.directory.urls")),
    path("messages/", include("borough.messaging.urls")),
    path("cases/", include("borough.cases.urls")),
    path("referrals/", include("borough.cases.referrals.urls")),
    path("plans/", include("borough.cases.planning.urls")),
    path("volunteers/", include("borough.volunteers.urls")),
    path("insight/", include("borough.insight.urls")),
    path(BASE.lstrip("/"), open_referral_uk),
    path("api/", api.urls),
]

handler400 = "borough.web.views.bad_request"
handler403 = "borough.web.views.refused"
handler404 = "borough.web.views.not_found"
handler500 = "borough.web.views.broken"
