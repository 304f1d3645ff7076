from django.urls import path

from borough.volunteers import views, volunteer_views

app_name = "volunteers"
urlpatterns = [
    path("", views.volunteers, name="list"),
    path("match/", views.match, name="match"),
    path("cases/<str:case_id>/", views.case_offers, name="case_offers"),
    path("cases/<str:case_id>/offer/", views.make_offer, name="make_offer"),
    path("cases/<str:case_id>/offers/<str:offer_id>/withdraw/", views.withdraw, name="withdraw"),
    path("cases/<str:case_id>/offers/<str:offer_id>/link/", views.new_link, name="new_link"),
    path("task/done/", volunteer_views.thanks, name="thanks"),
    path("task/<str:token>/", volunteer_views.offer, name="offer"),
    path("task/<str:token>/answer/", volunteer_views.answer, name="answer"),
    path("task/<str:token>/finish/", volunteer_views.finish, name="finish"),
    path("task/<str:token>/could-not/", volunteer_views.could_not, name="could_not"),
    path("task/<str:token>/worry/", volunteer_views.worry, name="worry"),
]
