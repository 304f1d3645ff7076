from django.urls import path

from borough.volunteers import join_views, own_views, proposal_views, views, volunteer_views

app_name = "volunteers"
urlpatterns = [
    path("", views.volunteers, name="list"),
    path("join/", join_views.join, name="join"),
    path("join/done/", join_views.joined, name="joined"),
    path("join/<str:token>/", join_views.confirm, name="confirm"),
    path("applications/", join_views.applications, name="applications"),
    path("applications/<str:application_id>/approve/", join_views.approve, name="approve"),
    path("applications/<str:application_id>/decline/", join_views.decline, name="decline"),
    path("match/", proposal_views.propose, name="match"),
    path("proposals/<str:proposal_id>/", proposal_views.proposal, name="proposal"),
    path("proposals/<str:proposal_id>/send/", proposal_views.send, name="send_proposal"),
    path("proposals/<str:proposal_id>/<int:match_id>/", proposal_views.change, name="change_proposed"),
    path("mine/", own_views.mine, name="mine"),
    path("mine/duty/", own_views.duty, name="duty"),
    path("mine/hours/", own_views.hours, name="hours"),
    path("mine/rather-not/", own_views.rather_not, name="rather_not"),
    path("mine/away/", own_views.away, name="away"),
    path("mine/away/<int:away_id>/remove/", own_views.not_away, name="not_away"),
    path("person/<str:volunteer_id>/", views.volunteer, name="volunteer"),
    path("person/<str:volunteer_id>/duty/", views.change_duty, name="change_duty"),
    path("cases/<str:case_id>/", views.case_offers, name="case_offers"),
    path("cases/<str:case_id>/offer/", views.make_offer, name="make_offer"),
    path("cases/<str:case_id>/live/", views.ask_live, name="ask_live"),
    path("cases/<str:case_id>/offers/<str:offer_id>/apart/", views.keep_apart, name="keep_apart"),
    path("cases/<str:case_id>/offers/<str:offer_id>/withdraw/", views.withdraw, name="withdraw"),
    path("cases/<str:case_id>/offers/<str:offer_id>/link/", views.new_link, name="new_link"),
    path("task/done/", volunteer_views.thanks, name="thanks"),
    path("task/<str:token>/", volunteer_views.offer, name="offer"),
    path("task/<str:token>/answer/", volunteer_views.answer, name="answer"),
    path("task/<str:token>/finish/", volunteer_views.finish, name="finish"),
    path("task/<str:token>/on-my-way/", volunteer_views.on_my_way, name="on_my_way"),
    path("task/<str:token>/could-not/", volunteer_views.could_not, name="could_not"),
    path("task/<str:token>/worry/", volunteer_views.worry, name="worry"),
]
