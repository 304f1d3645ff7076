from django.urls import path

from borough.governance.rights import exemption_pages, pages

app_name = "rights"
urlpatterns = [
    path("", pages.own, name="own"),
    path("ask/", pages.ask, name="ask"),
    path("asked/", pages.asked, name="asked"),
    path("open/<str:token>/", pages.open_link, name="open"),
    path("why/<int:entry_id>/", pages.why, name="why"),
    path("complain/", pages.complain, name="complain"),
    path("complain/<int:entry_id>/", pages.complain_of, name="complain_of"),
    path("complained/", pages.complained, name="complained"),
    path("requests/<str:reference>/", pages.request_page, name="request"),
    path("requests/<str:reference>/withdraw/", pages.withdraw, name="withdraw"),
    path("shown-later/", exemption_pages.counts, name="shown_later"),
    path("change/", pages.change, name="change"),
    path("copy/", pages.ask_copy, name="ask_copy"),
    path("requests/<str:reference>/copy/", pages.copy, name="copy"),
    path("objection/", pages.objection, name="objection"),
    path("close/", pages.close, name="close"),
    path("closed/", pages.closed, name="closed"),
]
