from django.urls import path

from borough.cases.planning import pages

app_name = "planning"
urlpatterns = [
    path("", pages.caseload, name="caseload"),
    path("own/", pages.own, name="own"),
    path("<str:case_id>/", pages.plan, name="plan"),
    path("<str:case_id>/write/", pages.write, name="write"),
    path("<str:case_id>/contact/", pages.next_contact, name="next_contact"),
    path("<str:case_id>/steps/", pages.add_step, name="add_step"),
    path("<str:case_id>/steps/<int:step_id>/", pages.finish_step, name="finish_step"),
]
