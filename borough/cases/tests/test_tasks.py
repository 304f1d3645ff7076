"""A case and its tasks: what state the tasks bring it to, and help that comes in parts."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from borough.accounts.policies import VOLUNTEER, Viewer
from borough.cases import actions, queries
from borough.cases.models import CASE_STATES, HELPERS, OWNER_KINDS, TASK_ENDED, TASK_STATES, Case, CaseStep, Task
from borough.cases.policies import is_waiting, state_of
from borough.common import clock
from borough.common.errors import NotFound, Problem, WrongState
from borough.common.jobs import run_pending

from .conftest import PURPOSE, TUESDAY_NOON, Post

pytestmark = pytest.mark.django_db


def volunteer(name: str) -> Viewer:
    return Viewer(kind="volunteer", id=name, name="A volunteer", roles=frozenset({VOLUNTEER}))


def state(case_id: str, viewer: Viewer) -> str:
    return queries.read_case(case_id, viewer=viewer, purpose=PURPOSE).state


@pytest.fixture
def two(alice: Viewer, case_id: str) -> list[str]:
    """The tasks of a case in which an assessment found a second need."""
    (second,) = actions.record_assessment(
        by=alice, purpose=PURPOSE, case_id=case_id, needs=["shopping", "isolation"], text="She is alone a lot."
    )
    first = Task.objects.exclude(pk=second).get()
    assert (first.need, Task.objects.get(pk=second).need) == ("shopping", "isolation")
    return [first.id, second]


def test_help_that_comes_in_parts(alice: Viewer, case_id: str, two: list[str], post: Post) -> None:
    assert state(case_id, alice) == "new"
    assert actions.mark_offered(by=alice, purpose=PURPOSE, owners={two[0]: ["V1"]}) == {two[0]: ["V1"]}
    assert actions.mark_offered(by=alice, purpose=PURPOSE, owners={two[0]: ["V2"]}) == {}
    assert state(case_id, alice) == "in_hand"
    actions.mark_matched(by=volunteer("V1"), purpose=PURPOSE, task_id=two[0])
    actions.record_delivery(by=volunteer("V1"), purpose=PURPOSE, task_id=two[0])
    run_pending()
    assert post.sent == []
    (line,) = queries.list_queue(viewer=alice, purpose=PURPOSE)
    assert (line.state, line.done, line.tasks) == ("in_hand", 1, 2)
    assert [task.id for task in queries.list_waiting(viewer=alice, purpose=PURPOSE)] == [two[1]]
    actions.record_delivery(by=alice, purpose=PURPOSE, task_id=two[1])
    run_pending()
    assert state(case_id, alice) == "delivered"
    assert len(post.sent) == 1
    assert Case.objects.get().deliveries == 1


def test_a_volunteer_has_their_own_task_and_no_other(alice: Viewer, case_id: str, two: list[str]) -> None:
    actions.mark_offered(by=alice, purpose=PURPOSE, owners={two[0]: ["V1"], two[1]: ["V2"]})
    assert state(case_id, alice) == "offered"
    for task_id in two:
        with pytest.raises(NotFound, match="not yours"):
            actions.mark_matched(by=volunteer("V3"), purpose=PURPOSE, task_id=task_id)
    actions.mark_matched(by=volunteer("V1"), purpose=PURPOSE, task_id=two[0])
    with pytest.raises(NotFound, match="not yours"):
        actions.record_delivery(by=volunteer("V1"), purpose=PURPOSE, task_id=two[1])
    with pytest.raises(WrongState, match="No volunteer"):
        actions.mark_matched(by=alice, purpose=PURPOSE, task_id=two[0])


def test_handed_back_is_asked_of_the_next(alice: Viewer, case_id: str, two: list[str]) -> None:
    actions.mark_offered(by=alice, purpose=PURPOSE, owners={two[0]: ["V1"], two[1]: ["V2"]})
    actions.mark_matched(by=volunteer("V1"), purpose=PURPOSE, task_id=two[0])
    for _ in range(2):
        actions.hand_back(by=alice, purpose=PURPOSE, task_ids=two, reason="Ill")
    first, second = (Task.objects.get(pk=one) for one in two)
    assert (first.owner_kind, first.state) == ("team", "requested")
    assert (second.owner_kind, second.state) == ("volunteer", "rejected")
    assert state(case_id, alice) == "in_hand"
    assert {task.id for task in queries.list_waiting_of(case_id, viewer=alice, purpose=PURPOSE)} == set(two)
    assert (
        CaseStep.objects.filter(task=first, owner_id="V1").values_list("new", flat=True).order_by("id")[1] == "accepted"
    )


def test_after_partly_what_failed_is_asked_again_and_what_was_done_is_not(
    alice: Viewer, case_id: str, two: list[str], post: Post
) -> None:
    Task.objects.filter(pk=two[1]).update(state="failed", finished_at=clock.now())
    actions.record_delivery(by=alice, purpose=PURPOSE, task_id=two[0])
    actions.record_need_met(by=alice, purpose=PURPOSE, case_id=case_id, answer="partly")
    assert state(case_id, alice) == "reopened"
    assert list(Task.objects.filter(state="requested").values_list("id", "reopened")) == [(two[1], 1)]


def test_closing_by_hand_closes_all_of_it_and_tells_whoever_was_asked(
    alice: Viewer, case_id: str, two: list[str]
) -> None:
    actions.record_delivery(by=alice, purpose=PURPOSE, task_id=two[0])
    actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="cancelled", reason="She died")
    assert state(case_id, alice) == "cancelled"
    assert Task.objects.get(pk=two[1]).state == "cancelled"
    with pytest.raises(WrongState, match="Reopen it first"):
        actions.record_assessment(by=alice, purpose=PURPOSE, case_id=case_id, needs=["food"], text="Hungry")


def test_an_assessment_says_something_and_names_needs_of_the_service(alice: Viewer, case_id: str) -> None:
    for wrong in ({"needs": ["gold"], "text": "Poor"}, {"needs": ["food"], "text": " "}):
        with pytest.raises(Problem, match="Choose the needs"):
            actions.record_assessment(by=alice, purpose=PURPOSE, case_id=case_id, **wrong)  # type: ignore[arg-type]


def test_taking_a_case_takes_what_waits_and_giving_it_back_gives_it_back(alice: Viewer, case_id: str) -> None:
    actions.take_case(by=alice, purpose=PURPOSE, case_id=case_id)
    task = Task.objects.get()
    assert (task.owner_kind, task.owner_id, task.state, task.answered_at) == (
        "person",
        alice.id,
        "accepted",
        TUESDAY_NOON,
    )
    actions.assign_case(by=alice, purpose=PURPOSE, case_id=case_id, to="")
    task.refresh_from_db()
    assert (task.owner_kind, task.owner_id) == ("team", "")
    assert state(case_id, alice) == "in_hand"


def test_the_database_refuses_what_no_task_is(case_id: str) -> None:
    for wrong in (
        {"state": "nonsense"},
        {"owner_kind": "robot"},
        {"finished_at": TUESDAY_NOON},
        {"state": "completed"},
        {"starts_at": TUESDAY_NOON, "ends_at": TUESDAY_NOON},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Task.objects.update(**wrong)


def test_every_state_of_a_task_can_be_reached() -> None:
    reached, frontier = {"requested"}, ["requested"]
    while frontier:
        new = TASK_STATES.allowed[frontier.pop()] - reached
        reached |= new
        frontier += sorted(new)
    assert reached == set(TASK_STATES.labels)
    assert TASK_STATES.final == {"cancelled"}


@pytest.mark.parametrize(
    ("tasks", "answer", "expected"),
    [
        ([("team", "requested")], "", "new"),
        ([("person", "accepted")], "", "in_hand"),
        ([("volunteer", "requested")], "", "offered"),
        ([("volunteer", "rejected")], "", "in_hand"),
        ([("volunteer", "in_progress")], "", "matched"),
        ([("organisation", "requested")], "", "referred"),
        ([("team", "completed")], "", "delivered"),
        ([("team", "completed")], "yes", "met"),
        ([("team", "failed")], "", "could_not_help"),
        ([("team", "cancelled")], "", "cancelled"),
        ([("team", "requested"), ("volunteer", "accepted")], "", "in_hand"),
        ([("volunteer", "requested"), ("volunteer", "accepted")], "", "offered"),
        ([("volunteer", "accepted"), ("team", "completed")], "", "matched"),
        ([("team", "failed"), ("team", "completed")], "", "delivered"),
        ([("team", "cancelled"), ("team", "completed")], "yes", "met"),
        ([("team", "cancelled"), ("team", "failed")], "", "could_not_help"),
    ],
)
def test_what_the_tasks_make_of_a_case(tasks: list[tuple[str, str]], answer: str, expected: str) -> None:
    assert state_of([Task(owner_kind=kind, state=state) for kind, state in tasks], answer) == expected


MOVES = st.tuples(st.integers(0, 2), st.sampled_from(sorted(TASK_STATES.labels)), st.sampled_from(sorted(OWNER_KINDS)))


@given(st.integers(1, 3), st.lists(MOVES, max_size=20))
def test_whatever_the_tasks_do_the_table_of_cases_allows_it(count: int, moves: list[tuple[int, str, str]]) -> None:
    tasks = [Task(state="requested") for _ in range(count)]
    before = state_of(tasks, "")
    assert before == "new"
    for number, to, owner in moves:
        task = tasks[number % count]
        # A helper is asked before they answer, and what has ended is reopened with the case alone.
        if not TASK_STATES.may_change(task.state, to) or (task.state in TASK_ENDED and before != "delivered"):
            continue
        has_it = task.owner_kind in HELPERS and task.state in ("accepted", "in_progress")
        if (has_it and to == "requested") or (task.state == "rejected" and to != "requested"):
            owner = "team"
        if to == "requested" or owner not in HELPERS:
            task.owner_kind = owner
        if task.state in TASK_ENDED:
            task.owner_kind, task.answered_at = "team", None
            task.reopened += 1
        elif to in ("accepted", "rejected", "in_progress"):
            task.answered_at = TUESDAY_NOON
        elif to == "requested" and owner in HELPERS:
            task.answered_at = None
        task.state = to
        after = state_of(tasks, "")
        assert before == after or CASE_STATES.may_change(before, after)
        before = after


@given(st.sampled_from(sorted(OWNER_KINDS)), st.sampled_from(sorted(TASK_STATES.labels)))
def test_a_task_waits_while_nobody_outside_the_team_has_it(owner: str, state: str) -> None:
    task = Task(owner_kind=owner, state=state)
    if is_waiting(task):
        assert state not in TASK_ENDED
        assert owner not in HELPERS or state == "rejected"


@pytest.mark.parametrize(
    "before",
    ["new", "in_hand", "offered", "matched", "referred", "delivered", "met", "reopened", "could_not_help", "cancelled"],
)
def test_a_case_that_was_there_before_tasks_gets_the_one_that_it_was(case_id: str, before: str) -> None:
    closed = {"closed_at": TUESDAY_NOON} if before in ("met", "could_not_help", "cancelled") else {}
    Case.objects.update(state=before, need_met="yes" if before == "met" else "", **closed)
    Task.objects.all().delete()
    if before == "referred":
        referral = apps.get_model("cases", "Referral")
        referral.objects.create(case_id=case_id, service_id="S1", consent="Yes", consent_at=TUESDAY_NOON, by="test")
    run_statements("cases", "0003_tasks_of_open_cases")
    task = Task.objects.get()
    assert state_of([task], Case.objects.get().need_met) == before
    assert (task.case_id, task.need, task.due_on) == (case_id, "shopping", Case.objects.get().due_on)
    assert task.owner_id == ("S1" if before == "referred" else "")
    run_statements("cases", "0003_tasks_of_open_cases")
    assert Task.objects.count() == 1


def run_statements(room: str, name: str) -> None:
    migration: Any = import_module(f"borough.{room}.migrations.{name}")
    with connection.cursor() as cursor:
        for operation in migration.Migration.operations:
            cursor.execute(operation.sql)
