from django.urls import path

from borough.residents import check_views, quality_views, views

app_name = "residents"
urlpatterns = [
    path("", views.search, name="search"),
    path("sources/", views.sources, name="sources"),
    path("sources/<slug:code>/", views.source, name="source"),
    path("loads/<int:load_id>/", views.load, name="load"),
    path("checks/", check_views.checks, name="checks"),
    path("checks/<slug:code>/", check_views.check, name="check"),
    path("quality/", quality_views.quality, name="quality"),
    path("quality/<slug:part>/", quality_views.quality, name="quality_part"),
    path("<str:resident_id>/", views.resident, name="resident"),
]
