"""A backlog in the browser: uploaded, looked over, opened by a job, stopped, corrected and uploaded again."""

from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from borough.accounts.policies import Viewer, system_viewer
from borough.cases import actions, queries
from borough.cases.backlogs import importing, opening
from borough.cases.backlogs.models import Backlog
from borough.cases.backlogs.naming import guess_columns
from borough.cases.models import Case, CaseReject, CaseStep
from borough.common.errors import NotAllowed, Problem, WrongState
from borough.common.jobs import run_pending

from .conftest import PURPOSE

pytestmark = pytest.mark.django_db

LINES = """key,need,text,name,phone,postcode,opened_on
1,food,Nothing in the house,Ada,07700 900001,NW1 2DB,2026-11-20
2,gold,,Bob,07700 900002,,
3,shopping,,Cy,07700 900003,,2026-11-20
4,food,,Di,,,
"""


def upload(browser: Client, content: str = LINES, name: str = "wait.csv", service: str = "community_aid") -> Any:
    file = SimpleUploadedFile(name, content.encode())
    return browser.post("/cases/backlog/", {"service": service, "file": file}, follow=True)


def test_a_file_is_looked_over_before_anything_is_opened(grace: Client) -> None:
    page = upload(grace).content.decode()
    assert "Open 2 cases" in page
    assert "Nothing in the house" not in page
    assert Case.objects.count() == 0
    assert "Write one of the needs of the service" in page
    backlog = Backlog.objects.get()
    file = grace.get(f"/cases/backlog/{backlog.pk}/?format=csv").content.decode()
    assert 'wait.csv,3,need,"is none of: food' in file
    assert "wait.csv,5,phone,neither a phone number nor an email address can be read,Write a phone number" in file
    page = grace.post(f"/cases/backlog/{backlog.pk}/", {"what": "open"}, follow=True).content.decode()
    assert "0 of 2 lines are dealt with" in page
    run_pending()
    assert Case.objects.count() == 2
    assert set(CaseStep.objects.values_list("by", flat=True)) == {"Grace, Contact centre worker"}
    backlog.refresh_from_db()
    assert (backlog.state, backlog.opened, bytes(backlog.content)) == ("done", 2, b"")
    page = grace.get(f"/cases/backlog/{backlog.pk}/").content.decode()
    assert "Share out cases" in page
    assert "wait.csv" in grace.get("/cases/backlog/").content.decode()
    with pytest.raises(WrongState):
        actions.stop_backlog(by=grace_of(backlog), purpose=PURPOSE, backlog_id=backlog.pk)


def grace_of(backlog: Backlog) -> Viewer:
    return opening.viewer_by_id(backlog.by_id)


def test_a_corrected_file_opens_what_is_left(grace: Client) -> None:
    upload(grace)
    grace.post(f"/cases/backlog/{Backlog.objects.get().pk}/", {"what": "open"})
    run_pending()
    page = upload(grace, LINES.replace("gold", "food")).content.decode()
    assert "Open 1 case" in page
    second = Backlog.objects.latest("id")
    grace.post(f"/cases/backlog/{second.pk}/", {"what": "open"})
    run_pending()
    second.refresh_from_db()
    assert (Case.objects.count(), second.opened, second.done) == (3, 1, 3)
    page = upload(grace, LINES.replace("gold", "food")).content.decode()
    assert "Nothing is left to open" in page
    # The lines of each file are kept once.
    assert CaseReject.objects.count() == 3


def test_it_stops_and_goes_on_where_it_was(grace: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, calls = opening.open_new, []

    def open_one_and_die(*args: Any, **kwargs: Any) -> int:
        calls.append(args)
        if len(calls) in (2, 3, 4):
            raise RuntimeError("killed")
        return whole(*args, **kwargs)

    monkeypatch.setattr(opening, "BATCH", 1)
    monkeypatch.setattr(opening, "open_new", open_one_and_die)
    upload(grace)
    backlog = Backlog.objects.get()
    address = f"/cases/backlog/{backlog.pk}/"
    grace.post(address, {"what": "open"})
    run_pending()
    assert "1 of 2 lines are dealt with" in grace.get(address).content.decode()
    page = grace.post(address, {"what": "stop"}, follow=True).content.decode()
    assert "Open 1 case" in page
    actions.continue_backlog(by=system_viewer("test"), backlog_id=backlog.pk)
    assert (Case.objects.count(), len(calls)) == (1, 4)
    grace.post(address, {"what": "open"})
    run_pending()
    backlog.refresh_from_db()
    assert (backlog.state, backlog.opened, Case.objects.count()) == ("done", 2, 2)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("name,phone\nAda,07700900001\n", "does not name the columns key, need"),
        ("key,need\n", "has no line"),
        ('key,need,text\n1,food,"' + "x" * 200_000 + '"\n', "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(grace: Client, content: str, words: str) -> None:
    page = upload(grace, content).content.decode()
    assert words in page
    assert not Backlog.objects.exists()


THEIRS = """Case Ref,Type of help,Full Name,Date of Birth,Mobile,Phone,Notes
A-1,food,Ada,1950-01-01,07700 900001,020 7946 0001,Nothing in the house
A-2,gold,Bob,1960-01-01,07700 900002,,
"""


def test_a_file_with_headings_of_its_own_is_read_as_somebody_says(grace: Client) -> None:
    page = upload(grace, THEIRS).content.decode()
    assert "Which column is which?" in page
    backlog = Backlog.objects.get()
    address = f"/cases/backlog/{backlog.pk}/columns/"
    assert (backlog.state, backlog.lines, CaseReject.objects.count()) == ("columns", 0, 0)
    for heading in ("Case Ref", "Type of help", "Full Name", "Phone", "Notes"):
        assert f'<option value="{heading}" selected>' in page
    assert '<option value="Date of Birth" selected>' not in page
    # What it is called twice, and what must be there, is told beside what was chosen.
    wrong = {"key": "", "need": "Type of help", "name": "Full Name", "text": "Full Name"}
    again = grace.post(address, wrong).content.decode()
    assert "Choose the heading for: Number of the case in the other system" in again
    assert "Full Name is chosen for" in again
    assert again.count('<option value="Full Name" selected>') == 2
    chosen = {"key": "Case Ref", "need": "Type of help", "name": "Full Name", "text": "Notes"}
    assert "a phone number or an email address" in grace.post(address, chosen).content.decode()
    page = grace.post(address, chosen | {"phone": "Phone"}, follow=True).content.decode()
    assert "Open 1 case" in page
    assert CaseReject.objects.count() == 1
    bob = "is none of: food"
    assert bob in page
    page = grace.post(address, chosen | {"phone": "Mobile", "text": "", "need": "Notes"}, follow=True).content.decode()
    assert CaseReject.objects.count() == 2
    # Of what could not be read under other names nothing stays.
    page = grace.post(address, chosen | {"phone": "Mobile"}, follow=True).content.decode()
    assert (page.count(bob), CaseReject.objects.count()) == (1, 1)
    assert "Change which column is which" in page
    grace.post(f"/cases/backlog/{backlog.pk}/", {"what": "open"})
    run_pending()
    case = Case.objects.get()
    assert (case.asker_phone, case.asker_name, case.text) == ("+447700900001", "Ada", "Nothing in the house")
    # What is open is not read anew under other names.
    assert grace.get(address).status_code == 302
    with pytest.raises(WrongState):
        name(grace_of(backlog), backlog.pk, **chosen)


def name(by: Viewer, backlog_id: int, **columns: str) -> None:
    actions.name_backlog_columns(by=by, purpose=PURPOSE, backlog_id=backlog_id, columns=columns)


def test_the_verb_takes_no_column_that_is_not_there_and_no_heading_twice(grace: Client, analyst: Viewer) -> None:
    upload(grace, THEIRS)
    backlog = Backlog.objects.get()
    worker = grace_of(backlog)
    for columns in (
        {"key": "Case Ref", "need": "Need"},
        {"key": "Case Ref", "need": "Case Ref"},
        {"key": "Case Ref", "need": "Type of help", "state": "Notes"},
        {"key": "Case Ref"},
    ):
        with pytest.raises(Problem):
            name(worker, backlog.pk, **columns)
    with pytest.raises(NotAllowed):
        name(analyst, backlog.pk, key="Case Ref", need="Type of help")
    backlog.refresh_from_db()
    assert (backlog.state, backlog.mapping) == ("columns", {})
    with pytest.raises(WrongState):
        actions.open_backlog(by=worker, purpose=PURPOSE, backlog_id=backlog.pk)


def test_one_of_our_own_names_may_be_another_column_of_theirs(grace: Client) -> None:
    upload(grace, "key,need,phone,Mobile\n1,food,,07700 900001\n")
    backlog = Backlog.objects.get()
    name(grace_of(backlog), backlog.pk, key="key", need="need", phone="Mobile")
    backlog.refresh_from_db()
    assert (backlog.state, backlog.lines) == ("read", 1)


@pytest.mark.parametrize(
    ("headings", "guessed"),
    [
        (
            "CaseNumber,Support needed,Client name,Tel No.,E-mail,Post Code,Date received,Priority",
            "key,need,name,phone,email,postcode,opened_on,urgency",
        ),
        ("ID,Category,Comments,Home phone number,Contact email address", "key,need,text,phone,email"),
        # A number that is not the case's, a day that is not the request's.
        ("NHS No,Date of birth,House name", ",,"),
        ("Reference,Ref,Need", "key,,need"),
    ],
)
def test_what_a_heading_seems_to_say(headings: str, guessed: str) -> None:
    found = {heading: column for column, heading in guess_columns(headings.split(",")).items()}
    assert [found.get(heading, "") for heading in headings.split(",")] == guessed.split(",")


def test_a_file_that_is_too_large_is_refused(grace: Client, alice: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Choose a file" in grace.post("/cases/backlog/", {"service": "community_aid"}).content.decode()
    for module in ("borough.cases.backlogs.opening", "borough.cases.backlogs.pages"):
        monkeypatch.setattr(f"{module}.MOST_BYTES", 20)
    assert "larger than 5 MB" in upload(grace).content.decode()
    monkeypatch.setattr(opening, "MOST_BYTES", 10_000)
    monkeypatch.setattr(opening, "MOST_LINES", 3)
    with pytest.raises(Problem, match="more than 20,000"):
        take(alice)


def take(by: Viewer) -> int:
    return actions.take_backlog(by=by, purpose=PURPOSE, service="community_aid", name="a.csv", content=LINES.encode())


def test_who_does_not_work_on_the_cases_takes_and_reads_no_backlog(alice: Viewer, analyst: Viewer) -> None:
    backlog_id = take(alice)
    with pytest.raises(NotAllowed):
        take(analyst)
    with pytest.raises(NotAllowed):
        queries.read_backlog(backlog_id, viewer=analyst, purpose=PURPOSE)
    with pytest.raises(NotAllowed):
        queries.list_backlogs(viewer=analyst, purpose=PURPOSE)


def test_an_agreement_that_ends_opens_no_more(grace: Client) -> None:
    upload(grace)
    backlog = Backlog.objects.get()
    grace.post(f"/cases/backlog/{backlog.pk}/", {"what": "open"})
    apps.get_model("governance", "Agreement").objects.filter(purpose=PURPOSE).update(state="revoked")
    run_pending()
    assert Case.objects.count() == 0


def test_a_long_file_costs_as_many_queries_as_a_short_one(grace: Client, django_assert_max_num_queries: Any) -> None:
    many = "key,need,phone\n" + "".join(f"{number},food,07700900001\n" for number in range(1500))
    upload(grace, many)
    backlog = Backlog.objects.get()
    with django_assert_max_num_queries(10):
        page = grace.get(f"/cases/backlog/{backlog.pk}/").content.decode()
    assert "Open 1500 cases" in page
    grace.post(f"/cases/backlog/{backlog.pk}/", {"what": "open"})
    run_pending()
    assert Case.objects.count() == 1500
    assert importing.BATCH == 500
