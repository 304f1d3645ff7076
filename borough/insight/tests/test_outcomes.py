"""What help came to: counted from cases, protected, and with the doubt that belongs to a mean."""

from datetime import timedelta
from statistics import mean, stdev

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from borough.accounts.policies import ANALYST
from borough.common import clock
from borough.common.ids import mint_reference
from borough.insight.actions import count_help, count_services
from borough.insight.bars import draw_bars
from borough.insight.heat import HeatFilter, heat_by_area
from borough.insight.models import HelpFigure, WellbeingFigure
from borough.insight.outcome_figures import Change, _change, measured_outcomes, student_t, wellbeing_changes
from borough.insight.tests.test_heat import MANAGER, PURPOSE, homes  # noqa: F401
from borough.insight.tests.test_pages import sign_in, text_of

Case, Task, Step, Wellbeing, Feedback, Referral, Volunteer = (
    apps.get_model(*name)
    for name in (
        ("cases", "Case"),
        ("cases", "Task"),
        ("cases", "CaseStep"),
        ("cases", "Wellbeing"),
        ("cases", "Feedback"),
        ("cases", "Referral"),
        ("volunteers", "Volunteer"),
    )
)


def helped(number, *, need="food", state="met", days=2, owner=("team", ""), answers=(), resident="R1"):
    """So many cases that were helped after so many days, by this owner; `answers` are (before, after) of happiness."""
    now, opened = clock.now(), clock.now() - timedelta(days=days)
    cases = [
        Case(
            reference=mint_reference("CA"),
            service="community_aid",
            resident_id=resident,
            need=need,
            urgency="soon",
            state=state,
            channel="web",
            source_key=f"{need}{state}{owner}{days}{resident}{at}",
            opened_at=opened,
            due_on=(opened + timedelta(days=3)).date(),
            closed_at=None if state == "delivered" else now,
            deliveries=1,
            need_met={"met": "yes"}.get(state, ""),
        )
        for at in range(number)
    ]
    Case.objects.bulk_create(cases)
    Step.objects.bulk_create(Step(case=case, at=now, by="Test", old="in_hand", new="delivered") for case in cases)
    Task.objects.bulk_create(
        Task(
            case=case,
            need=need,
            owner_kind=owner[0],
            owner_id=owner[1],
            state="completed",
            due_on=case.due_on,
            asked_at=opened,
            finished_at=now,
        )
        for case in cases
    )
    Feedback.objects.bulk_create(
        Feedback(case=case, delivery=1, asked_at=now, chased_at=now if state == "unanswered" else None)
        for case in cases
    )
    Wellbeing.objects.bulk_create(
        Wellbeing(case=case, phase=phase, instrument="ons4", answers={"happiness": said[at]}, at=now, by="Test")
        for case, said in zip(cases, answers, strict=False)
        for at, phase in enumerate(("before", "after"))
    )


@pytest.mark.django_db(transaction=True)
def test_needs_met_days_and_silence_by_need_organisation_and_ward(homes, system, django_assert_max_num_queries):  # noqa: F811
    Volunteer.objects.create(id="V1", import_key="1", name="Vera", phone="+447700900999", organisation="Good Hands")
    helped(16, owner=("volunteer", "V1"))
    helped(9, state="unanswered", days=5)
    helped(12, need="shopping", owner=("volunteer", "V2"), resident="R2")
    count_help(by=system, purpose=PURPOSE)
    with django_assert_max_num_queries(1):
        by_need = {each.label: each for each in measured_outcomes("need", viewer=MANAGER)}
    food = by_need["Community aid: Food, because there is too little at home"]
    assert (food.requests, food.helped, food.answered, food.met, food.not_answered) == (25, 25, 15, 15, 10)
    assert (food.met_share, food.days, food.in_time_share) == (100.0, 3, 60.0)
    by_helper = {each.label: each.helped for each in measured_outcomes("organisation", viewer=MANAGER)}
    assert by_helper == {
        "Good Hands": 15,
        "The council's own team": 10,
        "Volunteers without an organisation": 10,
    }
    wards = {each.label: each.requests for each in measured_outcomes("ward", viewer=MANAGER)}
    assert wards == {"Area W1": 25, "Area W2": 10}
    assert HelpFigure.objects.get(need="food", organisation="team").chased == 9


@pytest.mark.django_db(transaction=True)
def test_each_organisation_that_helped_is_credited_and_the_case_counts_once_elsewhere(homes, system):  # noqa: F811
    organization = apps.get_model("directory", "Organization").objects.create(id="O1", name="Good Hands")
    apps.get_model("directory", "Service").objects.create(
        id="S9", organization=organization, name="Lunch club", imported_at=clock.now(), found_by=""
    )
    for name, brought_by in (("V1", "GOOD  hands"), ("V2", "Kind Street"), ("V3", "")):
        Volunteer.objects.create(id=name, import_key=name, name=name, phone="+447700900999", organisation=brought_by)
    # Two tasks each: a volunteer of one organisation was the last to finish, a service of another helped before. In
    # the second lot two volunteers of different organisations went together, in the third the service could not.
    helped(12, owner=("volunteer", "V2"), answers=[(4, 6)] * 12)
    earlier = clock.now() - timedelta(hours=3)
    shared = {"need": "shopping", "due_on": clock.today(), "asked_at": earlier, "finished_at": earlier}
    with_service = {"owner_kind": "organisation", "owner_id": "S9", **shared}
    Task.objects.bulk_create(Task(case=case, state="completed", **with_service) for case in Case.objects.all())
    helped(9, owner=("volunteer", "V1"), days=3)
    Task.objects.filter(owner_id="V1").update(companion_id="V3")
    helped(8, need="shopping", owner=("team", ""))
    failed = Case.objects.filter(need="shopping")
    Task.objects.bulk_create(Task(case=case, state="failed", **with_service) for case in failed)
    count_help(by=system, purpose=PURPOSE)
    by_helper = {each.label: each.helped for each in measured_outcomes("organisation", viewer=MANAGER)}
    assert by_helper == {
        "Good Hands": 20,
        "Kind Street": 10,
        "The council's own team": 10,
        "Volunteers without an organisation": 10,
    }
    # 29 cases, whoever helped.
    assert [each.helped for each in measured_outcomes("service", viewer=MANAGER)] == [30]
    assert sum(HelpFigure.objects.filter(also=False).values_list("requests", flat=True)) == 29
    assert sum(heat_by_area_counts()) == 30
    assert {change.label for change in wellbeing_changes("organisation", viewer=MANAGER)} == {
        "Good Hands",
        "Kind Street",
    }
    assert [change.people for change in wellbeing_changes("service", viewer=MANAGER)] == [10]
    client = sign_in(ANALYST, "find-need")
    page = text_of(client.get("/insight/outcomes/?by=organisation"))
    assert "counts for each of them" in page and "All together" not in page
    assert "All together" in text_of(client.get("/insight/outcomes/?by=service"))


def heat_by_area_counts():
    return [each.count or 0 for each in heat_by_area(HeatFilter(measure="requests"), viewer=MANAGER)]


@pytest.mark.django_db(transaction=True)
def test_wellbeing_changes_only_where_enough_answered(homes, system):  # noqa: F811
    said = [(3, 5), (4, 6), (5, 5), (2, 6), (6, 7), (4, 4), (5, 8), (3, 3), (4, 7)]
    helped(9, answers=said)
    count_help(by=system, purpose=PURPOSE)
    assert wellbeing_changes("need", viewer=MANAGER) == []
    helped(3, days=1, answers=[(4, 6), (5, 6), (3, 4)])
    helped(4, days=1, need="shopping")
    count_help(by=system, purpose=PURPOSE)
    (change,) = wellbeing_changes("need", viewer=MANAGER)
    assert change == Change(
        label="Community aid: Food, because there is too little at home",
        measure="Happiness yesterday (ONS4, 0 to 10)",
        people=10,
        before=4.0,
        after=5.6,
        change=1.6,
        low=0.8,
        high=2.4,
    )
    assert WellbeingFigure.objects.get().people == 12


@pytest.mark.django_db(transaction=True)
def test_the_page_of_outcomes_shows_bars_and_hands_over_the_table(homes, system, django_assert_max_num_queries):  # noqa: F811
    client = sign_in(ANALYST, "find-need")
    assert "Nothing was counted yet" in text_of(client.get("/insight/outcomes/"))
    helped(20, answers=[(4, 6), (5, 6)] * 10)
    helped(4, need="shopping")
    count_help(by=system, purpose=PURPOSE)
    with django_assert_max_num_queries(22):
        page = text_of(client.get("/insight/outcomes/"))
    assert "100%" in page and "Hidden" in page and "Happiness yesterday" in page and "+1.3 and +1.7" in page
    csv = client.get("/insight/outcomes/?by=organisation&format=csv").content.decode()
    assert "The council's own team,25,25,100,2,25,100,7 or fewer" in csv
    assert client.get("/insight/outcomes/?by=names&quarter=x&service=nowhere").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_service_of_the_directory_shows_how_its_referrals_went(homes, system):  # noqa: F811
    organization = apps.get_model("directory", "Organization").objects.create(id="O1", name="Good Hands")
    service = apps.get_model("directory", "Service")
    for code in ("S1", "S2"):
        service.objects.create(id=code, organization=organization, name=code, imported_at=clock.now(), found_by="")
    helped(12)
    asked = clock.now() - timedelta(days=6)
    cases = list(Case.objects.order_by("id"))
    states = ["done"] * 8 + ["declined", "no_answer", "requested", "withdrawn"]
    Referral.objects.bulk_create(
        Referral(
            case=case,
            service_id="S1",
            state=state,
            consent="Yes.",
            consent_at=asked,
            by="Test",
            asked_at=asked,
            answered_at=asked + timedelta(days=2) if state in ("done", "declined") else None,
            finished_at=asked + timedelta(days=4) if state == "done" else None,
        )
        for case, state in zip(cases, states, strict=True)
    )
    assert count_services(by=system) == 1
    (figures,) = apps.get_model("directory", "ServiceFigures").objects.values_list(
        "service_id", "referred", "accepted", "answer_days", "waiting_days", "asked", "met"
    )
    assert figures == ("S1", 11, 8, 2.0, 4.0, 8, 8)


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=10, max_size=60))
def test_mean_and_interval_are_those_of_the_answers(said):
    changes = [after - before for before, after in said]
    sums = {
        "people": len(said),
        "before": sum(before for before, _after in said),
        "change": sum(changes),
        "squares": sum(change * change for change in changes),
    }
    found = _change("Food", "happiness", sums)
    reach = student_t(len(said) - 1) * stdev(changes) / len(said) ** 0.5
    assert found.change == pytest.approx(mean(changes), abs=0.051)
    assert (found.low, found.high) == pytest.approx((mean(changes) - reach, mean(changes) + reach), abs=0.051)
    # Rounded to 5, so that nobody can be told from a mean that moved.
    assert found.people % 5 == 0


@pytest.mark.parametrize(("freedom", "value"), [(9, 2.262), (19, 2.093), (29, 2.045), (99, 1.984)])
def test_student_t_is_that_of_the_tables(freedom, value):
    assert student_t(freedom) == pytest.approx(value, abs=0.001)


def test_bars_escape_what_they_are_given():
    drawn = draw_bars([("<b>", 40.0), ("Ward", None)], title="<i>", description="d", hidden="Hidden")
    assert "<b>" not in drawn and "<i>" not in drawn and "Hidden" in drawn and "style=" not in drawn
