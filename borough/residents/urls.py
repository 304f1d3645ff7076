from django.urls import path

from borough.residents import views

app_name = "residents"
urlpatterns = [
    path("", views.search, name="search"),
    path("sources/", views.sources, name="sources"),
    path("sources/<slug:code>/", views.source, name="source"),
    path("loads/<int:load_id>/", views.load, name="load"),
    path("<str:resident_id>/", views.resident, name="resident"),
]
