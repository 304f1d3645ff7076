from django.urls import path

from borough.cases import public_views, views

app_name = "cases"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("find/", views.find, name="find"),
    path("ask/", public_views.ask, name="ask"),
    path("ask/done/", public_views.asked, name="asked"),
    path("answer/done/", public_views.answered, name="answered"),
    path("answer/<str:token>/", public_views.feedback, name="feedback"),
    path("<str:case_id>/", views.case, name="case"),
    path("<str:case_id>/take/", views.take, name="take"),
    path("<str:case_id>/note/", views.note, name="note"),
    path("<str:case_id>/state/<str:to>/", views.change, name="change"),
    path("<str:case_id>/need-met/", views.need_met, name="need_met"),
    path("<str:case_id>/identify/", views.identify, name="identify"),
    path("<str:case_id>/refer/", views.choose_service, name="choose_service"),
    path("<str:case_id>/refer/<str:service_id>/", views.refer, name="refer"),
    path("<str:case_id>/referrals/<int:referral_id>/", views.answer_referral, name="answer_referral"),
    path("<str:case_id>/concern/", views.settle_concern, name="settle_concern"),
]
