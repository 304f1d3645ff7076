from django.urls import path

from borough.directory import gap_views, listing_views, views

app_name = "directory"
urlpatterns = [
    path("", views.search, name="search"),
    path("bring-in/", views.bring_in, name="bring_in"),
    path("gaps/", gap_views.gaps, name="gaps"),
    path("suggest/", listing_views.suggest, name="suggest"),
    path("suggested/", listing_views.suggested, name="suggested"),
    path("still-right/<str:token>/", listing_views.still_right, name="still_right"),
    path("still-right/<str:token>/code/", listing_views.send_code, name="send_code"),
    path("still-right/<str:token>/new/", listing_views.new_link, name="new_link"),
    path("confirmed/", listing_views.confirmed, name="confirmed"),
    path("suggestions/", listing_views.suggestions, name="suggestions"),
    path("suggestions/<str:suggestion_id>/", listing_views.suggestion, name="suggestion"),
    path("unconfirmed/", listing_views.unconfirmed, name="unconfirmed"),
    path("<str:service_id>/", views.service, name="service"),
    path("<str:service_id>/mistake/", listing_views.mistake, name="mistake"),
    path("<str:service_id>/edit/", listing_views.edit, name="edit"),
]
