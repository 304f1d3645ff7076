"""A link worker's people and the plan with one of them; the resident's own copy."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from borough.accounts.actions import add_user
from borough.accounts.policies import LINK_WORKER, RESIDENT, Viewer
from borough.accounts.queries import viewer_by_id
from borough.cases import actions, queries
from borough.common import clock
from borough.common.errors import NotAllowed, NotFound, Problem, WrongState

from .conftest import PURPOSE, TUESDAY_NOON

pytestmark = pytest.mark.django_db
TODAY = TUESDAY_NOON.date()


@pytest.fixture
def tom(client: Client) -> Viewer:
    """A link worker, signed in in this browser."""
    user_id = add_user(email="tom@example.org", name="Tom", role=LINK_WORKER)
    client.force_login(apps.get_model("accounts", "User").objects.get(pk=user_id))
    session = client.session
    session["second_factor_passed"], session["purpose"] = True, PURPOSE
    session.save()
    return viewer_by_id(user_id)


@pytest.fixture
def planned(tom: Viewer, case_id: str) -> str:
    actions.take_case(by=tom, purpose=PURPOSE, case_id=case_id)
    actions.write_plan(
        by=tom,
        purpose=PURPOSE,
        case_id=case_id,
        what_matters="Seeing my daughter",
        goals="Go out twice a week\nCook again",
        review_on=TODAY + timedelta(days=30),
        next_contact_on=TODAY + timedelta(days=2),
    )
    return case_id


def test_a_plan_says_what_matters_goals_and_small_steps(tom: Viewer, planned: str) -> None:
    step = actions.add_plan_step(
        by=tom, purpose=PURPOSE, case_id=planned, what="Ring the walking group", who="Ada", by_when=TODAY
    )
    plan = queries.read_plan(planned, viewer=tom, purpose=PURPOSE)
    assert (plan.what_matters, plan.goals) == ("Seeing my daughter", ("Go out twice a week", "Cook again"))
    assert [(one.what, one.who, one.done_on) for one in plan.steps] == [("Ring the walking group", "Ada", None)]
    for done in (TODAY, None):
        actions.finish_plan_step(by=tom, purpose=PURPOSE, case_id=planned, step_id=step)
        assert queries.read_plan(planned, viewer=tom, purpose=PURPOSE).steps[0].done_on == done
    with pytest.raises(NotFound):
        actions.finish_plan_step(by=tom, purpose=PURPOSE, case_id=planned, step_id=step + 1)


def test_the_caseload_says_whom_to_call_and_which_plans_to_review(tom: Viewer, planned: str, alice: Viewer) -> None:
    (line,) = queries.list_caseload(viewer=tom, purpose=PURPOSE)
    assert (line.name, line.contact_due, line.review_due) == ("Ada Lovelace", False, False)
    with clock.at(TUESDAY_NOON + timedelta(days=2)):
        assert queries.list_caseload(viewer=tom, purpose=PURPOSE)[0].contact_due
        actions.plan_next_contact(by=tom, purpose=PURPOSE, case_id=planned, on=TODAY + timedelta(days=9))
        assert not queries.list_caseload(viewer=tom, purpose=PURPOSE)[0].contact_due
    with clock.at(TUESDAY_NOON + timedelta(days=30)):
        assert queries.list_caseload(viewer=tom, purpose=PURPOSE)[0].review_due
    assert queries.list_caseload(viewer=alice, purpose=PURPOSE) == []


def test_two_who_write_at_once_and_days_that_are_over_are_refused(tom: Viewer, planned: str) -> None:
    again = {"by": tom, "purpose": PURPOSE, "case_id": planned, "what_matters": "Other", "goals": ""}
    with pytest.raises(WrongState, match="Somebody else"):
        actions.write_plan(**again, review_on=TODAY, version=0)
    actions.write_plan(**again, review_on=TODAY, version=1)
    for wrong in ({"review_on": TODAY - timedelta(days=1)}, {"review_on": TODAY, "what_matters": " "}):
        with pytest.raises(Problem):
            actions.write_plan(**{**again, **wrong}, version=2)


def test_a_resident_reads_their_own_plan_and_nobody_elses(planned: str, ada: str, alice: Viewer) -> None:
    def resident(resident_id: str) -> Viewer:
        return Viewer("resident", resident_id, "The resident", frozenset({RESIDENT}))

    (plan,) = queries.own_plans(viewer=resident(ada))
    assert plan.what_matters == "Seeing my daughter"
    apps.get_model("residents", "Resident").objects.create(id="RBEA", minted_at=clock.now())
    assert queries.own_plans(viewer=resident("RBEA")) == []
    with pytest.raises(NotAllowed):
        queries.own_plans(viewer=alice)


def test_the_pages_write_change_and_print_a_plan(
    tom: Viewer, case_id: str, client: Client, django_assert_max_num_queries: Any
) -> None:
    assert "Nobody is yours yet" in client.get("/plans/").content.decode()
    actions.take_case(by=tom, purpose=PURPOSE, case_id=case_id)
    assert client.get(f"/plans/{case_id}/").headers["Location"] == f"/plans/{case_id}/write/"
    page = client.post(f"/plans/{case_id}/write/", {"what_matters": "", "goals": "Walk"}).content.decode()
    assert "Write what matters to the person" in page
    assert "Walk" in page
    given = {"what_matters": "My <b>garden</b>", "review_on-day": "1", "review_on-month": "2", "review_on-year": "2027"}
    assert client.post(f"/plans/{case_id}/write/", given).status_code == 302
    assert "Write who does it" in client.post(f"/plans/{case_id}/steps/", {"what": "Dig"}).content.decode()
    client.post(f"/plans/{case_id}/steps/", {"what": "Dig", "who": "Both"})
    page = client.get(f"/plans/{case_id}/").content.decode()
    for words in ("My &lt;b&gt;garden&lt;/b&gt;", "1 February 2027", "Dig", "house-no-print"):
        assert words in page
    with django_assert_max_num_queries(16):
        assert "Ada Lovelace" in client.get("/plans/").content.decode()
    assert client.get("/plans/own/").status_code == 302
