from django.urls import path

from borough.messaging import views

app_name = "messaging"
urlpatterns = [
    path("", views.campaigns, name="campaigns"),
    path("campaigns/<str:campaign_id>/", views.campaign, name="campaign"),
    path("campaigns/<str:campaign_id>/wording/", views.wording, name="wording"),
    path("campaigns/<str:campaign_id>/start/", views.start, name="start"),
    path("campaigns/<str:campaign_id>/stop/", views.stop, name="stop"),
    path("campaigns/<str:campaign_id>/not-reached/", views.not_reached, name="not_reached"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<int:message_id>/dealt-with/", views.deal_with, name="deal_with"),
    path("preferences/<str:token>/", views.preferences, name="preferences"),
]
