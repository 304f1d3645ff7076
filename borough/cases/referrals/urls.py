from django.urls import path

from borough.cases.referrals import desk, inbox_pages, link_pages, public_pages

app_name = "referrals"
urlpatterns = [
    path("", inbox_pages.inbox, name="inbox"),
    path("thanks/", desk.thanks, name="thanks"),
    path("new/", inbox_pages.choose_kind, name="choose_kind"),
    path("new/done/", inbox_pages.referred, name="referred"),
    path("new/<str:code>/", inbox_pages.refer_somebody, name="refer_somebody"),
    path("ask/done/", public_pages.asked, name="asked"),
    path("ask/<str:service_id>/", public_pages.ask_service, name="ask_service"),
    path("agreed/taken-back/", public_pages.taken_back, name="taken_back"),
    path("agreed/<str:token>/", public_pages.consent, name="consent"),
    path("link/<str:token>/", link_pages.link, name="link"),
    path("link/<str:token>/code/", link_pages.send_code, name="send_code"),
    path("link/<str:token>/new/", link_pages.new_link, name="new_link"),
    path("link/<str:token>/<str:what>/", link_pages.answer, name="link_answer"),
    path("<int:referral_id>/", inbox_pages.referral, name="referral"),
    path("<int:referral_id>/<str:what>/", inbox_pages.answer, name="answer"),
]
