"""What stands beside a case: flags, tries, the clock, who else is here, files; and two who write at once."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from borough.accounts.actions import add_user
from borough.accounts.policies import Viewer
from borough.accounts.queries import viewer_by_id
from borough.cases import actions, queries
from borough.cases.attachments import MOST_BYTES, check_content
from borough.cases.models import Case, CaseFile, Presence, Task
from borough.cases.policies import FLAGS, HELPER_WARNINGS, due_after_waiting
from borough.common import clock
from borough.common.errors import NotFound, Problem, WrongState
from borough.common.working_days import working_days_between
from borough.messaging.actions import receive_message

from .conftest import PURPOSE, TUESDAY_NOON

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 40 + b"IEND\xaeB`\x82"
PAGE = b"<html><script>alert(1)</script></html>"
PROGRAM = b"MZ\x90\0" + b"\0" * 200


def open_one(by: Viewer, resident_id: str, key: str) -> str:
    return actions.open_case(
        by=by,
        purpose=PURPOSE,
        service="community_aid",
        resident_id=resident_id,
        need="shopping",
        channel="phone",
        source_key=key,
    )


def case_of(case_id: str, viewer: Viewer) -> queries.CaseView:
    return queries.read_case(case_id, viewer=viewer, purpose=PURPOSE)


def test_a_flag_is_the_persons_and_shows_to_whoever_helps(alice: Viewer, grace: Client, case_id: str, ada: str) -> None:
    other = open_one(alice, ada, "call:2")
    page = grace.post(f"/cases/{case_id}/flags/", {"flags": ["not_alone", "interpreter"]}, follow=True)
    assert "Do not visit alone" in page.content.decode()
    assert case_of(other, alice).flags == ("not_alone", "interpreter")
    later = open_one(alice, ada, "call:3")
    assert case_of(later, alice).flag_words == ["Do not visit alone", "Interpreter needed"]
    assert "Do not visit alone" in grace.get("/cases/").content.decode()
    (waiting, *_rest) = queries.list_waiting(viewer=alice, purpose=PURPOSE)
    assert waiting.flags == ("not_alone", "interpreter")
    assert set(HELPER_WARNINGS) == set(FLAGS)
    with pytest.raises(Problem, match="no such flag"):
        actions.set_flags(by=alice, purpose=PURPOSE, case_id=case_id, flags=["nice"])


def test_two_who_write_at_once_see_both_versions_and_nothing_typed_is_lost(
    alice: Viewer, grace: Client, case_id: str
) -> None:
    seen = case_of(case_id, alice).version
    actions.take_case(by=alice, purpose=PURPOSE, case_id=case_id)
    actions.add_note(by=alice, purpose=PURPOSE, case_id=case_id, text="Her son is coming on Friday")
    address = f"/cases/{case_id}/state/could_not_help/"
    answer = grace.post(address, {"reason": "No <b>volunteer</b> near", "version": seen})
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in (
        "What you typed",
        "No &lt;b&gt;volunteer&lt;/b&gt; near",
        "What is there now",
        "In hand",
        "Her son is coming",
    ):
        assert words in page
    version = page.split('name="version" value="')[1].split('"')[0]
    grace.post(address, {"reason": "No volunteer near", "version": version})
    assert Case.objects.get().outcome == "No volunteer near"


def test_tries_to_reach_the_person_stay_on_the_case(grace: Client, case_id: str) -> None:
    address = f"/cases/{case_id}/contact/"
    assert "Select how you tried" in grace.post(address, {"text": "Rang at noon"}).content.decode()
    grace.post(address, {"channel": "phone", "outcome": "no_answer", "text": "Rang at noon"})
    page = grace.get(f"/cases/{case_id}/").content.decode()
    assert "Phone: No answer. Rang at noon" in page


def test_the_clock_stands_while_we_wait_for_the_person(alice: Viewer, grace: Client, case_id: str, ada: str) -> None:
    assert case_of(case_id, alice).due_on == date(2026, 11, 27)
    page = grace.post(f"/cases/{case_id}/wait/", {"reason": "She is away"}, follow=True).content.decode()
    assert "Waiting for the person" in page
    with pytest.raises(WrongState):
        actions.wait_for_person(by=alice, purpose=PURPOSE, case_id=case_id, reason="again")
    # Over a weekend: three working days, from Tuesday to Friday and to Monday.
    with clock.at(TUESDAY_NOON + timedelta(days=6)):
        assert not case_of(case_id, alice).overdue
        assert queries.count_queue(viewer=alice, purpose=PURPOSE)["overdue"] == 0
        message = receive_message(channel="sms", sender="+447700900001", text="HELP shopping please", provider_id="p1")
        actions.open_case_for_reply(message_id=message, resident_id=ada, service="community_aid")
        case = case_of(case_id, alice)
        assert (case.waiting_since, case.due_on) == (None, date(2026, 12, 3))
        assert Task.objects.get(case_id=case_id).due_on == case.due_on
        actions.wait_for_person(by=alice, purpose=PURPOSE, case_id=case_id, reason="Again")
        actions.record_contact(by=alice, purpose=PURPOSE, case_id=case_id, channel="phone", outcome="no_answer")
        assert case_of(case_id, alice).waiting_since
        actions.record_contact(by=alice, purpose=PURPOSE, case_id=case_id, channel="phone", outcome="reached")
        assert not case_of(case_id, alice).waiting_since


@given(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(0, 30), st.integers(0, 30), st.booleans())
def test_what_was_left_when_the_clock_stopped_is_left_when_it_goes_on(
    since: date, left: int, stood: int, in_working_days: bool
) -> None:
    due, until = since + timedelta(days=left), since + timedelta(days=stood)
    after = due_after_waiting(due, since, until, in_working_days=in_working_days)
    if in_working_days:
        assert working_days_between(due, after) == working_days_between(since, until)
    else:
        assert after - until == due - since


def test_whoever_else_is_here_is_named_and_whoever_left_is_not(alice: Viewer, grace: Client, case_id: str) -> None:
    bob = viewer_by_id(add_user(email="bob@example.org", name="Bob Bell", role="coordinator"))
    assert actions.look_in(by=bob, purpose=PURPOSE, case_id=case_id) == []
    assert "Also on this case now: Bob Bell" in grace.get(f"/cases/{case_id}/").content.decode()
    assert grace.get(f"/cases/{case_id}/here/").json() == {
        "words": "Also on this case now: Bob Bell, Volunteer coordinator"
    }
    assert actions.look_in(by=bob, purpose=PURPOSE, case_id=case_id) == ["Grace, Contact centre worker"]
    with clock.at(clock.now() + timedelta(minutes=3)):
        assert actions.look_in(by=bob, purpose=PURPOSE, case_id=case_id) == []
    assert Presence.objects.count() == 2
    with pytest.raises(NotFound):
        actions.look_in(by=bob, purpose=PURPOSE, case_id="CNONE")


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("letter.pdf", PDF, "application/pdf"),
        ("Kitchen.PNG", PNG, "image/png"),
        ("list.txt", "Milk, café".encode(), "text/plain"),
    ],
)
def test_a_file_that_is_what_it_says_is_taken(name: str, content: bytes, content_type: str) -> None:
    assert check_content(name, content) == content_type


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("letter.pdf", PROGRAM, "not what its name says"),
        ("photo.jpg", PDF, "not what its name says"),
        ("photo.png", PAGE, "not what its name says"),
        ("list.txt", PAGE, "not what its name says"),
        ("list.txt", PROGRAM, "not what its name says"),
        ("list.txt", b"\xff\xfe\0", "not what its name says"),
        ("page.html", PAGE, "cannot take"),
        ("letter.pdf.exe", PROGRAM, "cannot take"),
        ("letter", PDF, "cannot take"),
        ("letter.pdf", b"", "empty"),
        ("letter.pdf", PDF + b"\0" * MOST_BYTES, "larger"),
    ],
)
def test_a_file_that_lies_about_what_it_is_is_refused(name: str, content: bytes, why: str) -> None:
    with pytest.raises(Problem, match=why):
        check_content(name, content)


def test_a_file_is_handed_out_as_a_download_and_never_shown(grace: Client, case_id: str) -> None:
    address = f"/cases/{case_id}/files/"
    page = grace.post(address, {"file": SimpleUploadedFile("letter.pdf", PAGE)}).content.decode()
    assert "not what its name says" in page
    assert CaseFile.objects.count() == 0
    for _ in range(2):
        grace.post(address, {"file": SimpleUploadedFile("rent letter.pdf", PDF)})
    file = CaseFile.objects.get()
    answer = grace.get(f"{address}{file.pk}/")
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "rent letter.pdf" in grace.get(f"/cases/{case_id}/").content.decode()
    assert "for good" in grace.get(f"{address}{file.pk}/remove/").content.decode()
    grace.post(f"{address}{file.pk}/remove/")
    assert grace.get(f"{address}{file.pk}/").status_code == 404


def test_a_script_in_a_note_is_text(grace: Client, case_id: str) -> None:
    grace.post(f"/cases/{case_id}/note/", {"text": "<script>alert('x')</script>"})
    page = grace.get(f"/cases/{case_id}/").content.decode()
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_a_closed_case_still_takes_notes_and_flags(alice: Viewer, case_id: str) -> None:
    (second,) = actions.record_assessment(by=alice, purpose=PURPOSE, case_id=case_id, needs=["food"], text="Hungry")
    actions.record_delivery(by=alice, purpose=PURPOSE, task_id=second)
    actions.change_state(by=alice, purpose=PURPOSE, case_id=case_id, to="cancelled", reason="She died")
    actions.add_note(by=alice, purpose=PURPOSE, case_id=case_id, text="Her son rang", flagged=True)
    actions.set_flags(by=alice, purpose=PURPOSE, case_id=case_id, flags=["safeguarding"])
    assert case_of(case_id, alice).state == "cancelled"
