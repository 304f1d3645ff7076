from django.urls import path

from borough.insight import views

app_name = "insight"
urlpatterns = [
    path("cohorts/", views.cohorts, name="cohorts"),
    path("cohorts/new/", views.cohort_new, name="cohort_new"),
    path("cohorts/<str:cohort_id>/", views.cohort, name="cohort"),
    path("cohorts/<str:cohort_id>/freeze/", views.freeze, name="freeze"),
    path("cohorts/<str:cohort_id>/messages/", views.campaign, name="cohort_campaign"),
    path("map/", views.area_map, name="map"),
    path("heat/", views.heat, name="heat"),
    path("outcomes/", views.outcomes, name="outcomes"),
    path("figures/", views.figures, name="figures"),
]
