from django.urls import path

from borough.residents import check_views, quality_views, review_views, views

app_name = "residents"
urlpatterns = [
    path("", views.search, name="search"),
    path("sources/", views.sources, name="sources"),
    path("sources/<slug:code>/", views.source, name="source"),
    path("loads/<int:load_id>/", views.load, name="load"),
    path("checks/", check_views.checks, name="checks"),
    path("checks/<slug:code>/", check_views.check, name="check"),
    path("checks/<slug:code>/propose/", check_views.propose, name="propose"),
    path("quality/", quality_views.quality, name="quality"),
    path("quality/<slug:part>/", quality_views.quality, name="quality_part"),
    path("review/", review_views.review, name="review"),
    path("review/next/", review_views.review_next, name="review_next"),
    path("review/<int:low>/<int:high>/", review_views.review_pair, name="review_pair"),
    path("review/undo/<str:act>/", review_views.review_undo, name="review_undo"),
    path("<str:resident_id>/merge/", review_views.review_merge, name="review_merge"),
    path("<str:resident_id>/split/", review_views.review_split, name="review_split"),
    path("<str:resident_id>/move/<int:record_id>/", review_views.review_move, name="review_move"),
    path("<str:resident_id>/", views.resident, name="resident"),
]
