"""Who gets which cases, views of the queue, backlogs from a file, and help that comes again and again."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from borough.accounts.actions import add_user, say_languages
from borough.accounts.policies import LINK_WORKER, Viewer, system_viewer
from borough.accounts.queries import viewer_by_id
from borough.cases import actions, kinds, queries
from borough.cases.kinds import Route, kind
from borough.cases.models import Case, CaseReject, SavedView, Standing, Task
from borough.cases.sharing import SLACK, Waiting, balance, tongue
from borough.cases.standing import days_of, window_on
from borough.cases.tasks import open_standing_cases
from borough.common import clock
from borough.common.clock import LONDON
from borough.common.errors import NotAllowed, NotFound, Problem, WrongState

from .conftest import PURPOSE, TUESDAY_NOON
from .test_minding import case_of, open_one

pytestmark = pytest.mark.django_db


def staff(name: str, role: str = "contact_worker") -> Viewer:
    return viewer_by_id(add_user(email=f"{name.strip('=').lower()}@example.org", name=name, role=role))


@given(st.integers(0, 60), st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 9), min_size=1))
def test_whoever_has_the_fewest_gets_the_next(count: int, loads: dict[str, int]) -> None:
    given_to = balance([Waiting(f"C{number}") for number in range(count)], loads, {})
    after = {worker: load + Counter(given_to.values())[worker] for worker, load in loads.items()}
    assert len(given_to) == count
    # Nobody who was given one has more than one more than anybody else has.
    assert all(after[worker] - 1 <= min(after.values()) for worker in set(given_to.values()))


def test_a_case_of_a_role_goes_to_that_role_while_one_is_on_duty() -> None:
    cases = [Waiting("C1", LINK_WORKER), Waiting("C2"), Waiting("C3", LINK_WORKER), Waiting("C4")]
    roles = {"ann": LINK_WORKER, "bob": "contact_worker"}
    given_to = balance(cases, {"ann": 0, "bob": 0}, roles)
    assert given_to["C1"] == given_to["C3"] == "ann"
    assert Counter(given_to.values()) == {"ann": 2, "bob": 2}
    assert set(balance(cases, {"bob": 0}, roles).values()) == {"bob"}


@given(
    st.lists(st.sampled_from(["", "so", "pl"]), max_size=60),
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 9), min_size=1),
)
def test_who_speaks_the_language_goes_first_and_the_load_stays_even(asked: list[str], loads: dict[str, int]) -> None:
    cases = [Waiting(f"C{number}", language=language) for number, language in enumerate(asked)]
    languages = {"a": {"so"}, "b": {"so", "pl"}}
    given_to = balance(cases, loads, {}, languages)
    held = dict(loads)
    for case in cases:
        worker, fewest = given_to[case.id], min(held.values())
        near = [one for one in held if case.language in languages.get(one, ()) and held[one] <= fewest + SLACK]
        assert held[worker] <= fewest + (SLACK if near else 0)
        assert not near or worker in near
        held[worker] += 1


def test_a_language_has_one_spelling() -> None:
    assert [tongue(said) for said in ("Polish", "pl-PL", "POLISH ", "Punjabi", "English", "en-GB", "")] == [
        *("pl", "pl", "pl", "punjabi", "", "", "")
    ]


def test_a_case_goes_to_whoever_speaks_the_persons_language(alice: Viewer, grace: Client, ada: str) -> None:
    ann, sahra = staff("Ann"), staff("Sahra")
    say_languages(by=sahra, languages=["Somali", "English"])
    ids = [open_one(alice, ada, f"call:{number}") for number in range(3)]
    text = grace.get("/cases/share/").content.decode()
    assert "at most 2 cases more than whoever has the fewest" in text
    grace.post("/cases/share/", {"workers": [ann.id, sahra.id], "most": "9"})
    assert Case.objects.filter(pk__in=ids, assigned_to=sahra.id).count() == 3
    entry = apps.get_model("governance", "LedgerEntry").objects.get(verb="residents.list_directions", kind="write")
    assert list(entry.subjects.values_list("resident_id", flat=True)) == [ada]
    # Two more than the fewest, and no further.
    open_one(alice, ada, "call:9")
    grace.post("/cases/share/", {"workers": [ann.id, sahra.id], "most": "9"})
    assert Case.objects.filter(assigned_to=ann.id).count() == 1


@pytest.mark.usefixtures("sealed_lately")
def test_sharing_out_asks_as_often_for_forty_cases_as_for_two(alice: Viewer, ada: str) -> None:
    ann = staff("Ann")
    for number in range(42):
        open_one(alice, ada, f"call:{number}")
    counts = []
    for most in (2, 40):
        with CaptureQueriesContext(connection) as asked:
            actions.share_out(by=alice, purpose=PURPOSE, workers=[ann.id], most=most)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_staff_say_which_languages_they_speak(grace: Client) -> None:
    page = grace.post("/languages/", {"languages": "Somali, Somali; Welsh"}, follow=True).content.decode()
    assert "Your languages are saved" in page
    assert 'value="Somali, Welsh"' in grace.get("/languages/").content.decode()


def test_the_service_says_who_gets_which_case_first(alice: Viewer, ada: str, grace: Client) -> None:
    assert kind("community_aid").team_for("isolation") == LINK_WORKER
    assert kind("community_aid").team_for("food") == ""
    lonely = actions.open_case(
        by=alice,
        purpose=PURPOSE,
        service="community_aid",
        resident_id=ada,
        need="isolation",
        channel="phone",
        source_key="call:9",
    )
    link_worker = staff("Lin", LINK_WORKER)
    assert [line.id for line in queries.list_queue(viewer=link_worker, purpose=PURPOSE, show="team")] == [lonely]
    assert queries.list_queue(viewer=alice, purpose=PURPOSE, show="team") == []


def test_a_route_takes_a_need_and_a_district() -> None:
    near = Route(role="coordinator", needs=frozenset({"food"}), districts=frozenset({"NW1"}))
    routed = replace(kind("community_aid"), routes=(near, Route(role=LINK_WORKER, districts=frozenset({"NW3"}))))
    assert routed.team_for("food", "NW1") == "coordinator"
    assert routed.team_for("food", "NW11") == ""
    assert routed.team_for("shopping", "NW3") == LINK_WORKER
    with pytest.raises(ValueError, match="role that does not work"):
        replace(kind("community_aid"), routes=(Route(role="analyst"),))


@pytest.fixture
def by_district(monkeypatch: pytest.MonkeyPatch) -> None:
    """The north of the borough is the coordinators', the south the link workers'."""
    north, south = Route("coordinator", districts=frozenset({"NW1"})), Route(LINK_WORKER, districts=frozenset({"RH1"}))
    monkeypatch.setitem(kinds._kinds, "community_aid", replace(kind("community_aid"), routes=(north, south)))


def test_a_resident_is_routed_by_where_we_know_them_to_live(alice: Viewer, ada: str, by_district: None) -> None:
    bea = apps.get_model("residents", "Resident").objects.create(
        id="RBEA", phone="+447700900002", postcode="RH1 1AA", minted_at=TUESDAY_NOON
    )
    teams = [Case.objects.get(pk=open_one(alice, one, f"call:{one}")).team for one in (ada, bea.id)]
    assert teams == ["coordinator", LINK_WORKER]
    # What is said now goes before what is on record, and nobody is looked up for it.
    looked = apps.get_model("governance", "LedgerEntry").objects.filter(verb="residents.list_directions", kind="write")
    before = looked.count()
    ask: dict[str, Any] = {
        "by": alice,
        "purpose": PURPOSE,
        "service": "community_aid",
        "need": "food",
        "channel": "phone",
    }
    told = actions.open_case(**ask, source_key="call:3", resident_id=ada, postcode="RH1 1AB")
    assert Case.objects.get(pk=told).team == LINK_WORKER
    assert looked.count() == before
    # Whoever asked without a postcode is routed once we know who they are.
    unknown = actions.open_case(**ask, source_key="call:4", phone="+447700900002")
    assert Case.objects.get(pk=unknown).team == ""
    actions.identify_resident(by=alice, purpose=PURPOSE, case_id=unknown, resident_id=bea.id)
    assert Case.objects.get(pk=unknown).team == LINK_WORKER


def test_a_route_learns_no_address_that_the_agreement_does_not_open(alice: Viewer, ada: str, by_district: None) -> None:
    apps.get_model("governance", "Agreement").objects.filter(purpose=PURPOSE).update(fields=["name", "contact"])
    assert Case.objects.get(pk=open_one(alice, ada, "call:1")).team == ""


def test_what_is_nobodys_is_shared_out_and_undone_as_one(alice: Viewer, grace: Client, ada: str) -> None:
    for number in range(7):
        open_one(alice, ada, f"call:{number}")
    ann, bob = staff("Ann"), staff("Bob", "coordinator")
    actions.assign_cases(
        by=alice, purpose=PURPOSE, case_ids=list(Case.objects.values_list("id", flat=True)[:2]), to=ann.id
    )
    page = grace.post("/cases/share/", {"most": "9"}).content.decode()
    assert "Tick who is on duty" in page
    page = grace.post("/cases/share/", {"workers": [ann.id, bob.id], "most": "4"}, follow=True).content.decode()
    assert "Ann 1, Bob 3" in page
    assert Counter(Case.objects.values_list("assigned_to", flat=True)) == {ann.id: 3, bob.id: 3, "": 1}
    with pytest.raises(Problem, match="Tick who is on duty"):
        actions.share_out(by=alice, purpose=PURPOSE, workers=["UNONE"], most=4)


def test_a_formula_in_the_queue_is_text_in_its_file(alice: Viewer, grace: Client, case_id: str) -> None:
    actions.assign_case(by=alice, purpose=PURPOSE, case_id=case_id, to=staff("=1+1").id)
    file = grace.get("/cases/?format=csv").content.decode()
    assert ",'=1+1," in file
    assert "Choose" not in file


def test_a_caseload_is_handed_over_with_a_note(alice: Viewer, ada: str) -> None:
    ann, bob = staff("Ann"), staff("Bob")
    ids = [open_one(alice, ada, f"call:{number}") for number in range(3)]
    actions.assign_cases(by=alice, purpose=PURPOSE, case_ids=ids[:2], to=ann.id)
    over: dict[str, Any] = {"by": ann, "purpose": PURPOSE, "to": bob.id}
    with pytest.raises(Problem, match="what they need to know"):
        actions.hand_over(**over, note=" ")
    assert actions.hand_over(**over, note="Ring before ten") == 2
    assert [case_of(one, alice).assigned_to for one in ids] == [bob.id, bob.id, ""]
    assert case_of(ids[0], alice).notes[0].text == "Handed over: Ring before ten"
    with pytest.raises(WrongState, match="no open cases"):
        actions.hand_over(**over, note="Ring before ten")


def test_the_page_that_hands_over_asks_for_a_colleague_and_a_note(grace: Client, alice: Viewer, case_id: str) -> None:
    bob = staff("Bob")
    page = grace.post("/cases/hand-over/", {"note": "Ring before ten"}).content.decode()
    assert "Select a colleague" in page
    assert "Ring before ten" in page
    grace.post(f"/cases/{case_id}/take/")
    page = grace.post("/cases/hand-over/", {"to": bob.id, "note": "Ring before ten"}, follow=True).content.decode()
    assert "1 case is handed over" in page
    assert case_of(case_id, alice).assigned_name == "Bob"


def test_a_view_is_ones_own_or_ones_roles(grace: Client, alice: Viewer, analyst: Viewer, case_id: str) -> None:
    page = grace.post("/cases/views/new/?need=food&page=3", {"name": "=Food", "shared": "on"}, follow=True)
    assert "?need=food" in page.content.decode()
    view = SavedView.objects.get()
    assert view.query == {"need": "food"}
    assert [one.name for one in queries.list_views(viewer=alice, purpose=PURPOSE)] == ["=Food"]
    assert queries.list_views(viewer=staff("Lin", LINK_WORKER), purpose=PURPOSE) == []
    with pytest.raises(NotFound):
        actions.delete_view(by=alice, purpose=PURPOSE, view_id=view.pk)
    with pytest.raises(NotAllowed):
        actions.save_view(by=analyst, purpose=PURPOSE, name="Mine", query={})
    assert "this name already" in grace.post("/cases/views/new/", {"name": "=Food"}).content.decode()
    page = grace.get(f"/cases/views/{view.pk}/delete/").content.decode()
    assert "=Food will be gone" in page
    assert SavedView.objects.exists()
    grace.post(f"/cases/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()


BACKLOG = """Case no,need,text,name,phone,email,postcode,opened_on
1,food,Nothing in the house,Ada,07700 900001,,NW1 2DB,2026-11-20
2,Somebody to do the shopping,=cmd|' /C calc'!A0,Bob,,bob@example.org,nw1 3bt,20/11/2026
3,gold,,Eve,07700 900003,,,
4,food,,No Contact,,,,
5,food,,Bad Place,07700 900004,,NOWHERE,
6,food,,Future,07700 900005,,,2027-01-01
,food,,No Key,07700 900006,,,
1,food,,Twice,07700 900007,,,
"""


def test_a_backlog_comes_in_once_and_what_is_wrong_is_kept(alice: Viewer, grace: Client, tmp_path: Path) -> None:
    path = tmp_path / "backlog.csv"
    path.write_text(BACKLOG)
    take: dict[str, Any] = {"by": alice, "purpose": PURPOSE, "service": "community_aid", "mapping": {"Case No": "key"}}
    report = actions.import_cases(path, **take)
    assert (report.opened, report.known) == (2, 0)
    assert [(line, column) for line, column, _reason in report.rejects] == [
        (4, "need"),
        (5, "phone"),
        (6, "postcode"),
        (7, "opened_on"),
        (8, "key"),
        (9, "key"),
    ]
    again = actions.import_cases(path, **take)
    assert (again.opened, again.known, len(again.rejects)) == (0, 2, 6)
    assert (Case.objects.count(), Task.objects.count(), CaseReject.objects.count()) == (2, 2, 6)
    first = Case.objects.get(asker_name="Ada")
    assert (first.urgency, first.due_on, first.asker_postcode) == ("urgent", date(2026, 11, 21), "NW1 2DB")
    assert first.opened_at.astimezone(LONDON).date() == date(2026, 11, 20)
    page = grace.get("/cases/").content.decode()
    assert first.reference in page
    with pytest.raises(Problem, match="does not name the columns key"):
        actions.import_cases(path, **{**take, "mapping": None})
    with pytest.raises(Problem, match="cannot be read"):
        actions.import_cases(tmp_path / "none.csv", **take)


def test_the_command_that_imports_a_backlog(open_agreements: None, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "backlog.csv"
    path.write_text(BACKLOG)
    with pytest.raises(CommandError, match="does not name the columns"):
        call_command("import_cases", path, service="community_aid")
    with pytest.raises(CommandError, match="not JSON"):
        call_command("import_cases", path, service="community_aid", mapping="Case no=key")
    call_command("import_cases", path, service="community_aid", mapping='{"Case no": "key"}')
    said = capsys.readouterr().out
    assert "2 cases opened, 0 were open already, 6 lines rejected and kept." in said
    assert "line 4, need" in said


def test_every_tuesday_opens_a_case_of_its_own_however_often_the_job_runs(
    alice: Viewer, grace: Client, case_id: str
) -> None:
    address = f"/cases/{case_id}/standing/"
    form = {"weekdays": ["1"], "every_weeks": "1", "from_time": "10:00", "to_time": "12:00"}
    form |= {"starts_on-day": "24", "starts_on-month": "11", "starts_on-year": "2026"}
    assert "Select at least one day" in grace.post(address, {"every_weeks": "1"}).content.decode()
    page = grace.post(address, form, follow=True).content.decode()
    assert "Tuesday" in page
    assert "10:00–12:00" in page
    for days in (0, 0, 1, 2, 2):
        with clock.at(TUESDAY_NOON + timedelta(days=days)):
            open_standing_cases()
    tasks = Task.objects.exclude(case=case_id).order_by("due_on")
    assert [task.due_on for task in tasks] == [date(2026, 11, 24), date(2026, 12, 1)]
    assert [task.case.resident_id for task in tasks] == ["RADA", "RADA"]
    starts = tasks[1].starts_at
    assert starts is not None
    assert starts.astimezone(LONDON) == datetime(2026, 12, 1, 10, 0, tzinfo=LONDON)
    # Three weeks in which nothing ran: what is over stays over.
    with clock.at(TUESDAY_NOON + timedelta(days=21)):
        open_standing_cases()
    assert list(tasks.values_list("due_on", flat=True))[-1] == date(2026, 12, 15)
    assert len(tasks.all()) == 3
    standing = Standing.objects.get()
    assert standing.case_id == Task.objects.get(due_on=date(2026, 12, 15)).case_id
    page = grace.get(f"/cases/standing/{standing.id}/end/").content.decode()
    assert "no further cases are opened" in page
    standing.refresh_from_db()
    assert standing.ended_at is None
    grace.post(f"/cases/standing/{standing.id}/end/")
    with clock.at(TUESDAY_NOON + timedelta(days=28)):
        open_standing_cases()
    assert len(tasks.all()) == 3
    assert "No standing requests" in grace.get("/cases/standing/").content.decode()


def test_the_next_round_of_the_day_asks_for_no_door_and_a_closed_one_ends_no_worker(
    alice: Viewer, case_id: str
) -> None:
    actions.make_standing(
        by=alice, purpose=PURPOSE, case_id=case_id, weekdays=[2], starts_on=TUESDAY_NOON.date(), every_weeks=4
    )
    by = system_viewer("standing requests")
    actions.open_standing(by=by)
    apps.get_model("governance", "Agreement").objects.update(state="revoked", revoked_at=clock.now())
    assert actions.open_standing(by=by) == 0
    with clock.at(TUESDAY_NOON + timedelta(days=1)):
        with pytest.raises(NotAllowed):
            actions.open_standing(by=by)
        # The worker goes on.
        open_standing_cases()


def test_a_standing_request_that_cannot_be_is_refused(alice: Viewer, case_id: str) -> None:
    make: dict[str, Any] = {"by": alice, "purpose": PURPOSE, "case_id": case_id, "starts_on": date(2026, 12, 1)}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"weekdays": []}, "at least one"),
        ({"weekdays": [7]}, "at least one"),
        ({"weekdays": [1], "until": date(2026, 11, 1)}, "before the first"),
        ({"weekdays": [1], "from_time": time(10)}, "both times"),
        ({"weekdays": [1], "from_time": time(1), "to_time": time(2)}, "6am"),
        ({"weekdays": [1], "from_time": time(12), "to_time": time(10)}, "ends after"),
    ]
    for fields, why in wrong:
        with pytest.raises(Problem, match=why):
            actions.make_standing(**make, **fields)
    with pytest.raises(NotAllowed):
        actions.open_standing(by=alice)


def test_the_window_is_on_londons_clock_over_both_changes() -> None:
    # Clocks go forward on 28 March 2027 and back on 31 October 2027.
    for day, offset in (
        (date(2027, 3, 27), 0),
        (date(2027, 3, 28), 1),
        (date(2027, 10, 30), 1),
        (date(2027, 10, 31), 0),
    ):
        starts, ends = window_on(day, time(10), time(12))
        assert starts is not None
        assert ends is not None
        assert starts.utcoffset() == timedelta(hours=offset)
        assert (ends - starts, starts.hour) == (timedelta(hours=2), 10)


@given(
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(1, 4),
    st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    st.integers(0, 90),
    st.integers(0, 90),
)
def test_in_whatever_pieces_the_days_are_asked_for_each_comes_once(
    weekdays: set[int], every: int, starts: date, first: int, more: int
) -> None:
    middle, end = starts + timedelta(days=first), starts + timedelta(days=first + more)
    before = starts - timedelta(days=1)
    whole = list(days_of(weekdays, every, starts, None, after=before, to=end))
    parts = [*days_of(weekdays, every, starts, None, after=before, to=middle)]
    parts += days_of(weekdays, every, starts, None, after=middle, to=end)
    assert parts == whole
    assert {day.weekday() for day in whole} <= weekdays
    assert all((later - earlier).days <= 7 * every for earlier, later in pairwise(whole))


def test_the_job_is_the_houses_own() -> None:
    assert actions.open_standing(by=system_viewer("standing requests")) == 0
