from django.urls import path

from borough.governance import views
from borough.governance.changing import pages as changing
from borough.governance.decisions import views as decisions
from borough.governance.dpia import views as dpia
from borough.governance.glass import pages as glass_pages
from borough.governance.keeping import pages as keeping
from borough.governance.register import views as register
from borough.governance.rights import exemption_pages, officer_pages
from borough.governance.watching import pages as watching

app_name = "governance"
urlpatterns = [
    path("doors/", views.doors, name="doors"),
    path("purpose/", views.purpose, name="purpose"),
    path("agreements/", register.agreements, name="agreements"),
    path("agreements/new/", register.draft, name="draft"),
    path("agreements/<slug:reference>/", register.agreement, name="agreement"),
    path("agreements/<slug:reference>/tasks/", register.tasks, name="tasks"),
    path("agreements/<slug:reference>/tasks/<slug:step>/", register.edit, name="edit"),
    path("agreements/<slug:reference>/approve/", register.approve, name="approve"),
    path("agreements/<slug:reference>/revoke/", register.revoke, name="revoke"),
    path("agreements/<slug:reference>/renew/", register.renew, name="renew"),
    path("organisations/", register.organisations, name="organisations"),
    path("organisations/new/", register.organisation, name="organisation_new"),
    path("organisations/<slug:code>/", register.organisation, name="organisation"),
    path("may-we-share/", register.share, name="share"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/rules/", decisions.rules, name="rules"),
    path("decisions/rules/<slug:code>/", decisions.rule, name="rule"),
    path("decisions/rules/<slug:code>/switch/", decisions.switch, name="switch_rule"),
    path("decisions/reviewers/", decisions.reviewers, name="reviewers"),
    path("decisions/yours/<str:token>/", decisions.own_decision, name="own_decision"),
    path("decisions/answered/", decisions.answered_decision, name="answered_decision"),
    path("decisions/<str:decision_id>/", decisions.decision, name="decision"),
    path("decisions/<str:decision_id>/posted/", decisions.posted, name="posted"),
    path("dpias/", dpia.dpias, name="dpias"),
    path("dpias/screening/<slug:code>/", dpia.screening, name="screening"),
    path("dpias/<int:dpia_id>/", dpia.dpia, name="dpia"),
    path("dpias/<int:dpia_id>/sign/", dpia.sign, name="sign_dpia"),
    path("dpias/<int:dpia_id>/<slug:step>/", dpia.edit, name="dpia_step"),
    path("ledger/", views.ledger, name="ledger"),
    path("deletion/", keeping.deletion, name="deletion"),
    path("deletion/holds/<int:hold_id>/end/", keeping.end_hold, name="end_hold"),
    path("requests/", officer_pages.requests, name="requests"),
    path("requests/<str:reference>/", officer_pages.request_page, name="request"),
    path("requests/<str:reference>/change/", changing.change, name="change"),
    path("corrections/", changing.corrections, name="corrections"),
    path("corrections/<str:reference>/", changing.correction, name="correction"),
    path("requests/<str:reference>/take/", officer_pages.take, name="take_request"),
    path("emergency/", glass_pages.emergency, name="emergency"),
    path("emergency/end/", glass_pages.end, name="end_emergency"),
    path("emergency/all/", glass_pages.breaks, name="glass_breaks"),
    path("emergency/<str:reference>/", glass_pages.glass_break, name="glass_break"),
    path("odd-looks/", watching.odd_looks, name="odd_looks"),
    path("odd-looks/<int:flag_id>/", watching.odd_look, name="odd_look"),
    path("my-home/", watching.my_home, name="my_home"),
    path("protected/", watching.protected, name="protected"),
    path("protected/<str:resident_id>/remove/", watching.unprotect, name="unprotect"),
    path("exemptions/", exemption_pages.exemptions, name="exemptions"),
    path("exemptions/new/", exemption_pages.new, name="exemption_new"),
    path("exemptions/<str:exemption_id>/", exemption_pages.exemption, name="exemption"),
    path("exemptions/<str:exemption_id>/decide/", exemption_pages.decide, name="exemption_decide"),
    path("exemptions/<str:exemption_id>/end/", exemption_pages.end, name="exemption_end"),
    path("requests/<str:reference>/copy/", officer_pages.copy, name="copy"),
    path("looks/<str:resident_id>/objection/", officer_pages.objection, name="objection"),
    path("looks/<str:resident_id>/copy/", officer_pages.start_copy, name="start_copy"),
    path("looks/<str:resident_id>/", officer_pages.looks, name="looks"),
    path("looks/<str:resident_id>/link/", officer_pages.send_link, name="send_link"),
]
