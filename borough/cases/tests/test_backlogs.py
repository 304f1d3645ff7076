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
