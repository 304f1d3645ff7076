"""Steps that are taken back, cases that are merged and split, and what is done to many at once."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from borough.accounts.actions import add_user
from borough.accounts.policies import Viewer
from borough.accounts.queries import viewer_by_id
from borough.cases import actions, queries
from borough.cases.models import Case, CaseStep, ChangedCase, Task
from borough.cases.undoing import LastStep
from borough.common import clock
from borough.common.errors import NotFound, Problem, WrongState
from borough.common.jobs import run_pending

from .conftest import PURPOSE, TUESDAY_NOON, Post
from .test_minding import case_of, open_one

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(db: None) -> Viewer:
    return viewer_by_id(add_user(email="bob@example.org", name="Bob Bell", role="coordinator"))


def undo(by: Viewer, case_id: str) -> None:
    actions.undo_last_step(by=by, purpose=PURPOSE, case_id=case_id)


def everything() -> list[Any]:
    """All cases and tasks, but for what a step leaves in the history."""
    cases = Case.objects.order_by("id").exclude(state="cancelled", source_key__startswith="split:")
    tasks = Task.objects.order_by("id")
    return [
        *cases.values_list("id", "state", "assigned_to", "closed_at", "outcome", "due_on", "deliveries"),
        *tasks.values_list("id", "case_id", "state", "owner_kind", "owner_id", "due_on"),
    ]


@pytest.mark.parametrize("to", ["in_hand", "delivered", "could_not_help", "cancelled"])
def test_a_step_is_undone_by_a_counter_step(alice: Viewer, case_id: str, to: str) -> None:
    before = everything()
    actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to=to, reason="By mistake")
    assert everything() != before
    undo(alice, case_id)
    assert everything() == before
    steps = [(step.new, step.reason) for step in case_of(case_id, alice).steps]
    assert steps[-2:] == [(to, steps[-2][1]), ("new", "Undone: the change of state")]
    with pytest.raises(WrongState, match="no step"):
        undo(alice, case_id)


def test_who_the_person_is_was_a_mistake_and_is_undone_by_any_of_the_team(alice: Viewer, bob: Viewer, ada: str) -> None:
    case_id = actions.open_case(
        by=alice,
        purpose=PURPOSE,
        service="community_aid",
        need="food",
        channel="phone",
        source_key="call:1",
        phone="+447700900001",
    )
    actions.identify_resident(by=alice, purpose=PURPOSE, case_id=case_id, resident_id=ada)
    with clock.at(TUESDAY_NOON + timedelta(days=2)):
        assert case_of(case_id, bob).last_step == LastStep(
            "Who the person is", [case_of(case_id, bob).reference], False
        )
        undo(bob, case_id)
    assert Case.objects.get(pk=case_id).resident_id == ""


def test_a_clock_that_went_on_too_early_stands_again(alice: Viewer, case_id: str) -> None:
    actions.wait_for_person(by=alice, purpose=PURPOSE, case_id=case_id, reason="They ring back")
    before = Case.objects.values_list("waiting_since", "due_on").get(pk=case_id)
    with clock.at(TUESDAY_NOON + timedelta(days=9)):
        actions.stop_waiting(by=alice, purpose=PURPOSE, case_id=case_id)
        assert Case.objects.values_list("waiting_since", "due_on").get(pk=case_id) != before
        undo(alice, case_id)
    assert Case.objects.values_list("waiting_since", "due_on").get(pk=case_id) == before


def test_a_step_of_before_the_last_update_is_undone_too(alice: Viewer, case_id: str) -> None:
    actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="in_hand")
    kept = ChangedCase.objects.get()
    for name in ("resident_id", "team"):
        del kept.before["case"][name]
    kept.save()
    undo(alice, case_id)
    case = Case.objects.get(pk=case_id)
    assert (case.state, case.resident_id) == ("new", "RADA")


def test_a_question_that_has_not_gone_out_does_not_and_one_that_has_is_told_of(
    alice: Viewer, grace: Client, case_id: str, post: Post
) -> None:
    actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="delivered")
    undo(alice, case_id)
    run_pending()
    assert post.sent == []
    actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="delivered")
    run_pending()
    step = queries.read_case(case_id, viewer=alice, purpose=PURPOSE).last_step
    assert step is not None
    assert step.told
    undo(alice, case_id)
    # The link that went out answers no later delivery.
    assert Case.objects.get().deliveries == 1
    assert grace.get(post.link("/cases/answer/")).status_code == 404


def test_only_whoever_made_it_within_half_an_hour_and_only_the_last(alice: Viewer, bob: Viewer, case_id: str) -> None:
    actions.take_case(by=alice, purpose=PURPOSE, case_id=case_id)
    with pytest.raises(WrongState, match="no step"):
        undo(bob, case_id)
    with clock.at(TUESDAY_NOON + timedelta(minutes=31)), pytest.raises(WrongState, match="half an hour"):
        undo(alice, case_id)
    actions.add_note(by=bob, purpose=PURPOSE, case_id=case_id, text="She sounds confused", flagged=True)
    with pytest.raises(WrongState, match="Somebody worked on it since"):
        undo(alice, case_id)


def test_a_task_that_a_volunteer_was_told_of_goes_back_to_the_team(alice: Viewer, case_id: str) -> None:
    task = Task.objects.get()
    actions.mark_offered(by=alice, purpose=PURPOSE, owners={task.id: ["V1"]})
    actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="cancelled", reason="By mistake")
    undo(alice, case_id)
    task.refresh_from_db()
    assert (task.owner_kind, task.state, case_of(case_id, alice).state) == ("team", "requested", "in_hand")


@pytest.fixture
def duplicate(alice: Viewer, case_id: str, ada: str) -> str:
    second = open_one(alice, ada, "call:2")
    actions.record_assessment(by=alice, purpose=PURPOSE, case_id=second, needs=["food"], text="Nothing in the house")
    return second


def test_duplicates_are_merged_and_told_apart_again(
    alice: Viewer, bob: Viewer, grace: Client, case_id: str, duplicate: str
) -> None:
    before = everything()
    page = grace.get(f"/cases/{case_id}/").content.decode()
    assert "Merge into this case" in page
    grace.post(f"/cases/{case_id}/merge/", {"duplicate_id": duplicate})
    case = case_of(case_id, alice)
    assert sorted(Task.objects.filter(case=case_id).values_list("need", flat=True)) == ["food", "shopping"]
    assert case_of(duplicate, alice).state == "cancelled"
    assert case_of(duplicate, alice).merged_into == (case_id, case.reference)
    assert case.duplicates == [(duplicate, case_of(duplicate, alice).reference)]
    with clock.at(TUESDAY_NOON + timedelta(days=2)):
        undo(bob, duplicate)
    assert everything() == before
    assert case_of(duplicate, alice).merged_into is None


def test_what_is_no_duplicate_is_not_merged(alice: Viewer, case_id: str, duplicate: str) -> None:
    merge: dict[str, Any] = {"by": alice, "purpose": PURPOSE, "case_id": case_id}
    with pytest.raises(Problem, match="no duplicate of itself"):
        actions.merge_cases(**merge, duplicate_id=case_id)
    with pytest.raises(NotFound):
        actions.merge_cases(**merge, duplicate_id="CNONE")
    task = Task.objects.filter(case=duplicate).first()
    assert task is not None
    actions.mark_offered(by=alice, purpose=PURPOSE, owners={task.id: ["V1"]})
    with pytest.raises(WrongState, match="helping with the duplicate"):
        actions.merge_cases(**merge, duplicate_id=duplicate)
    Case.objects.filter(pk=duplicate).update(resident_id="RELSE")
    with pytest.raises(WrongState, match="one person"):
        actions.merge_cases(**merge, duplicate_id=duplicate)


def test_a_case_is_split_and_put_together_again(alice: Viewer, grace: Client, duplicate: str) -> None:
    before = everything()
    first, second = Task.objects.filter(case=duplicate).order_by("need")
    page = grace.post(f"/cases/{duplicate}/split/", {"tasks": [first.id]}, follow=True).content.decode()
    assert "This is the new case" in page
    new = Task.objects.get(pk=first.id).case
    assert (new.need, new.resident_id, new.state) == ("food", "RADA", "new")
    assert "Split from" in case_of(new.id, alice).notes[0].text
    undo(alice, duplicate)
    assert everything() == before
    assert case_of(new.id, alice).state == "cancelled"
    for wrong in ([], [first.id, second.id]):
        with pytest.raises(Problem, match="leave at least one"):
            actions.split_case(by=alice, purpose=PURPOSE, case_id=duplicate, task_ids=wrong)


def test_many_are_given_closed_and_put_off_with_one_question_and_undone_as_one(
    alice: Viewer, bob: Viewer, grace: Client, case_id: str, ada: str, django_assert_max_num_queries: Any
) -> None:
    ids = [case_id, *(open_one(alice, ada, f"call:{number}") for number in range(2, 12))]
    before = everything()
    asked = grace.post("/cases/many/", {"pick": ids, "what": "assign"}).content.decode()
    assert "11 cases:" in asked
    assert "Bob Bell" in asked
    grace.post("/cases/many/", {"pick": ids, "what": "assign", "sure": "yes", "to": bob.id})
    assert set(Case.objects.values_list("assigned_to", "state")) == {(bob.id, "in_hand")}
    due = {"due-day": "1", "due-month": "12", "due-year": "2026", "reason": "Snow"}
    assert "Say why" in grace.post("/cases/many/", {"pick": ids, "what": "due", "sure": "yes"}).content.decode()
    grace.post("/cases/many/", {"pick": ids, "what": "due", "sure": "yes", **due})
    assert set(Task.objects.values_list("due_on", flat=True)) == {date(2026, 12, 1)}
    worker = viewer_by_id(Case.objects.get(pk=case_id).changes.order_by("id").last().change.by_id)  # type: ignore[union-attr]
    undo(worker, case_id)
    with django_assert_max_num_queries(40):
        grace.post("/cases/many/", {"pick": ids, "what": "close", "sure": "yes", "to": "cancelled", "reason": "Twice"})
    assert set(Case.objects.values_list("state", "outcome")) == {("cancelled", "Twice")}
    undo(worker, ids[5])
    assert [row[1] for row in everything()[:11]] == ["in_hand"] * 11
    assert before != everything()
    with pytest.raises(Problem, match="Choose between"):
        actions.assign_cases(by=alice, purpose=PURPOSE, case_ids=[], to="")


def test_one_task_of_several_ends_by_hand(alice: Viewer, grace: Client, duplicate: str) -> None:
    food, shopping = Task.objects.filter(case=duplicate).order_by("need")
    page = grace.post(f"/cases/{duplicate}/tasks/{food.id}/", {"to": "completed"}, follow=True).content.decode()
    assert "1 of 2 done" in page
    assert case_of(duplicate, alice).state == "in_hand"
    actions.mark_offered(by=alice, purpose=PURPOSE, owners={shopping.id: ["V1"]})
    end: dict[str, Any] = {"by": alice, "purpose": PURPOSE, "task_id": shopping.id}
    with pytest.raises(WrongState, match="waits for an answer"):
        actions.end_task(**end, to="completed")
    with pytest.raises(WrongState):
        actions.end_task(**end, to="requested")
    actions.end_task(**end, to="cancelled")
    assert case_of(duplicate, alice).state == "delivered"
    undo(alice, duplicate)
    assert case_of(duplicate, alice).state == "in_hand"


def test_a_page_of_a_long_queue_is_read_along_its_index(case_id: str) -> None:
    """In the order of the queue, whatever the number of cases: nothing is sorted of all that are open."""
    like, now = Case.objects.get(), clock.now()
    many = []
    for number in range(5000):
        like.pk, like.reference, like.source_key = f"C{number}", f"CA-{number}", f"many:{number}"
        like.state, like.closed_at = ("cancelled", now) if number % 4 == 0 else ("new", None)
        like.due_on = date(2026, 1, 1) + timedelta(days=number % 400)
        many.append(Case(**{field.attname: getattr(like, field.attname) for field in Case._meta.concrete_fields}))
    Case.objects.bulk_create(many, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case")
    page = Case.objects.filter(service__in=["community_aid"], closed_at=None)
    plan = page.order_by("-concern", "due_on", "opened_at", "id")[:101].explain()
    assert "case_open_queue" in plan
    assert "TEMP B-TREE" not in plan


def test_none_is_closed_where_one_cannot_be(alice: Viewer, case_id: str, ada: str) -> None:
    other = open_one(alice, ada, "call:2")
    actions.mark_offered(by=alice, purpose=PURPOSE, owners={Task.objects.get(case=other).id: ["V1"]})
    with pytest.raises(WrongState, match=case_of(other, alice).reference):
        actions.close_cases(by=alice, purpose=PURPOSE, case_ids=[case_id, other], to="could_not_help", reason="No one")
    assert case_of(case_id, alice).state == "new"


def test_the_page_that_undoes_says_what_goes_with_it(grace: Client, case_id: str) -> None:
    assert grace.get(f"/cases/{case_id}/undo/").status_code == 409
    version = re.findall(r'name="version" value="(\d+)"', grace.get(f"/cases/{case_id}/").content.decode())[0]
    grace.post(f"/cases/{case_id}/state/in_hand/", {"version": version})
    assert "Undo the last step" in grace.get(f"/cases/{case_id}/").content.decode()
    page = grace.get(f"/cases/{case_id}/undo/").content.decode()
    assert "The change of state is undone on" in page
    grace.post(f"/cases/{case_id}/undo/")
    assert Case.objects.get().state == "new"
    assert CaseStep.objects.filter(task=None).count() == 3


def test_the_queue_is_read_in_pages(alice: Viewer, grace: Client, ada: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        open_one(alice, ada, f"call:{number}")
    monkeypatch.setattr(queries, "PAGE", 2)
    seen = [
        set(re.findall(r"CA-\w{4}-\w{4}", grace.get(f"/cases/?page={page}").content.decode())) for page in (1, 2, 3)
    ]
    assert [len(each) for each in seen] == [2, 2, 1]
    assert len(set.union(*seen)) == 5
    assert "Next page" in grace.get("/cases/").content.decode()
    assert "Next page" not in grace.get("/cases/?page=3").content.decode()
    assert len(grace.get("/cases/?format=csv").content.decode().splitlines()) == 6
