"""An offer from the match to the thanks, and the links that open nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError

from borough.accounts.policies import Viewer, system_viewer
from borough.cases.actions import change_state
from borough.cases.kinds import kind
from borough.cases.queries import list_queue, list_waiting_of, read_case
from borough.cases.tests.conftest import PURPOSE, Post
from borough.common import clock
from borough.common.errors import NotAllowed, NotFound, Problem, WrongState
from borough.common.jobs import run_pending
from borough.messaging.wording import LANGUAGE_CODES
from borough.volunteers import actions, queries
from borough.volunteers.models import Offer, Volunteer

from .conftest import write_volunteers

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(alice: Viewer, case_id: str, volunteers: None, post: Post) -> str:
    """The link that Vera got: she is further than Bob, and speaks Ada's language."""
    report = actions.match_open_cases(by=alice, purpose=PURPOSE)
    assert (report.waiting, report.offered, report.unplaced) == (1, 1, {})
    run_pending()
    assert post.sent[-1].to == "+447700900101"
    return post.link("/volunteers/task/").rstrip("/").rsplit("/", 1)[-1]


def test_an_offer_is_in_the_language_that_a_volunteer_names_first(
    alice: Viewer, case_id: str, volunteers: None, post: Post
) -> None:
    Volunteer.objects.filter(name="Vera Vale").update(languages=["Somali", "English"])
    actions.match_open_cases(by=alice, purpose=PURPOSE)
    run_pending()
    asked = post.sent[-1]
    assert asked.to == "+447700900101"
    assert "caawimo u baahan" in asked.body
    assert "shopping" not in asked.body
    assert post.link("/volunteers/task/")
    actions.send_new_link(by=alice, offer_id=Offer.objects.get().id)
    Volunteer.objects.update(languages=["Welsh"])
    run_pending()
    assert "a neighbour needs help near you" in post.sent[-1].body


def test_an_offer_has_words_in_every_language_of_the_house() -> None:
    wording = kind("community_aid").wording("offer")
    assert set(wording.translations) == set(LANGUAGE_CODES.values())
    wording.check(known={"council", "forename", "need", "link"})


def state_of(case_id: str, viewer: Viewer) -> str:
    return read_case(case_id, viewer=viewer, purpose=PURPOSE).state


def proof(token: str) -> str:
    return actions.prove_holder(token=token, answer="0101")


def test_offered_accepted_done(alice: Viewer, case_id: str, token: str, post: Post) -> None:
    assert state_of(case_id, alice) == "offered"
    view = queries.read_offer(token)
    assert (view.need_label, view.area, view.distance_km) == ("Somebody to do the shopping", "NW1", 0.8)
    assert view.contact is None
    actions.answer_offer(token=token, accept=True)
    run_pending()
    assert state_of(case_id, alice) == "matched"
    assert "volunteer will help you" in post.sent[-1].body
    view = queries.read_offer(token, proof=proof(token))
    assert view.contact is not None
    assert view.task is not None
    assert (view.contact.name, view.contact.address, view.contact.phone) == (
        "Ada Lovelace",
        "1 High Street",
        "+447700900001",
    )
    entry = apps.get_model("governance", "LedgerEntry").objects.filter(verb="residents.list_contacts").latest("id")
    assert (entry.viewer_kind, entry.kind, entry.people) == ("volunteer", "read", 1)
    actions.finish_offer(token=token, done=True)
    run_pending()
    assert state_of(case_id, alice) == "delivered"
    assert "Was your need met" in post.sent[-1].body
    with pytest.raises(NotFound, match="finished"):
        queries.read_offer(token)


def test_nothing_personal_goes_out_before_accepting(token: str, post: Post) -> None:
    words = post.sent[-1].body + str(queries.read_offer(token))
    for secret in ("Ada", "Lovelace", "High Street", "2DB", "900001"):
        assert secret not in words


def test_a_forwarded_link_shows_no_address(token: str) -> None:
    actions.answer_offer(token=token, accept=True)
    assert queries.read_offer(token).contact is None
    assert queries.read_offer(token, proof="anything").contact is None
    for _ in range(5):
        with pytest.raises(Problem, match="not what we have"):
            actions.prove_holder(token=token, answer="9999")
    with pytest.raises(NotFound, match="too many"):
        proof(token)


def test_the_proof_of_one_offer_opens_no_other(alice: Viewer, token: str, case_id: str) -> None:
    actions.answer_offer(token=token, accept=True)
    good = proof(token)
    Offer.objects.update(nonce="OTHER")
    fresh = queries.offer_link(Offer.objects.get()).rstrip("/").rsplit("/", 1)[-1]
    assert queries.read_offer(fresh, proof=good).contact is None


def test_declined_goes_back_and_is_not_offered_to_the_same_again(alice: Viewer, case_id: str, token: str) -> None:
    actions.answer_offer(token=token, accept=False)
    assert state_of(case_id, alice) == "in_hand"
    with pytest.raises(NotFound, match="said no"):
        actions.answer_offer(token=token, accept=True)
    actions.match_open_cases(by=alice, purpose=PURPOSE)
    names = [one.volunteer for one in queries.list_offers(case_id, viewer=alice)]
    assert sorted(names) == ["Bob Bell", "Vera Vale"]


def test_an_offer_that_nobody_answers_goes_to_somebody_else(alice: Viewer, case_id: str, token: str) -> None:
    with clock.at(clock.now() + timedelta(hours=13)):
        with pytest.raises(NotFound, match="time to answer is over"):
            actions.answer_offer(token=token, accept=True)
        report = actions.match_open_cases(by=alice, purpose=PURPOSE)
        assert (report.expired, report.offered) == (1, 1)
        with pytest.raises(NotFound, match="time to answer is over"):
            queries.read_offer(token)
    assert [one.state for one in queries.list_offers(case_id, viewer=alice)] == ["offered", "expired"]


def test_edited_and_replaced_links_open_nothing(alice: Viewer, token: str, post: Post) -> None:
    with pytest.raises(NotFound, match="does not work"):
        queries.read_offer(token[:-2] + "xx")
    actions.send_new_link(by=alice, offer_id=Offer.objects.get().id)
    run_pending()
    with pytest.raises(NotFound, match="replaced"):
        actions.answer_offer(token=token, accept=True)
    newest = post.link("/volunteers/task/").rstrip("/").rsplit("/", 1)[-1]
    actions.answer_offer(token=newest, accept=True)


def test_accepting_twice_is_as_once_and_finishing_twice_is_refused(alice: Viewer, case_id: str, token: str) -> None:
    actions.answer_offer(token=token, accept=True)
    actions.answer_offer(token=token, accept=True)
    actions.finish_offer(token=token, done=True)
    with pytest.raises(NotFound, match="finished"):
        actions.finish_offer(token=token, done=True)
    assert state_of(case_id, alice) == "delivered"


def test_could_not_gives_the_case_back_with_the_reason(alice: Viewer, case_id: str, token: str) -> None:
    actions.answer_offer(token=token, accept=True)
    actions.finish_offer(token=token, done=False, text="Nobody opened the door")
    case = read_case(case_id, viewer=alice, purpose=PURPOSE)
    assert (case.state, case.notes[0].text) == ("in_hand", "Nobody opened the door")


def test_a_worry_is_first_in_the_queue(alice: Viewer, case_id: str, token: str) -> None:
    with pytest.raises(WrongState):
        actions.raise_concern(token=token, text="too early")
    actions.answer_offer(token=token, accept=True)
    actions.raise_concern(token=token, text="No heating, and she has lost weight")
    assert list_queue(viewer=alice, purpose=PURPOSE, show="concern")[0].id == case_id


def test_staff_take_an_offer_back(alice: Viewer, case_id: str, token: str) -> None:
    actions.answer_offer(token=token, accept=True)
    offer = Offer.objects.get()
    actions.withdraw_offer(by=alice, purpose=PURPOSE, offer_id=offer.id, reason="Her daughter came")
    assert state_of(case_id, alice) == "in_hand"
    with pytest.raises(NotFound, match="not needed"):
        queries.read_offer(token)


def test_a_case_that_a_volunteer_has_is_not_taken_by_hand_and_closing_it_closes_the_offer(
    alice: Viewer, case_id: str, token: str
) -> None:
    by_hand = {"by": alice, "purpose": PURPOSE, "case_id": case_id}
    with pytest.raises(WrongState, match="has this case"):
        change_state(**by_hand, to="in_hand")
    change_state(**by_hand, to="cancelled", reason="Her daughter came")
    for _ in range(2):
        actions.close_offers_of(Offer.objects.get().task_id)
    with pytest.raises(NotFound, match="not needed"):
        actions.answer_offer(token=token, accept=True)


def test_a_person_chooses_among_those_who_can(alice: Viewer, case_id: str, volunteers: None) -> None:
    (waiting,) = list_waiting_of(case_id, viewer=alice, purpose=PURPOSE)
    suggested = queries.suggest_volunteers(waiting.id, viewer=alice, purpose=PURPOSE)
    assert [one.volunteer.name for one in suggested] == ["Vera Vale", "Bob Bell"]
    far = Volunteer.objects.get(name="Fay Far")
    with pytest.raises(WrongState, match="cannot take"):
        actions.make_offer(by=alice, purpose=PURPOSE, task_id=waiting.id, volunteer_id=far.id)
    bob = Volunteer.objects.get(name="Bob Bell")
    actions.make_offer(by=alice, purpose=PURPOSE, task_id=waiting.id, volunteer_id=bob.id)
    with pytest.raises(WrongState, match="helping"):
        actions.make_offer(by=alice, purpose=PURPOSE, task_id=waiting.id, volunteer_id=bob.id)


def test_the_database_refuses_two_live_offers_for_a_task(token: str) -> None:
    offer = Offer.objects.get()
    offer.pk = "OSECOND"
    with pytest.raises(IntegrityError):
        offer.save(force_insert=True)


def test_the_link_is_sent_once_however_often_the_job_runs(token: str, post: Post) -> None:
    before = len(post.sent)
    for _ in range(3):
        actions.send_links(by=system_viewer("volunteers"), offer_ids=[Offer.objects.get().id])
    run_pending()
    assert len(post.sent) == before


def test_no_role_no_volunteers(charlie: Viewer, analyst: Viewer, token: str, case_id: str) -> None:
    for viewer in (charlie, analyst):
        with pytest.raises(NotAllowed):
            queries.list_volunteers(viewer=viewer)
        with pytest.raises(NotAllowed):
            queries.list_offers(case_id, viewer=viewer)
        with pytest.raises(NotAllowed):
            actions.match_open_cases(by=viewer, purpose=PURPOSE)


def test_a_file_twice_changes_nothing_and_bad_lines_are_kept(streets: None, tmp_path: Path) -> None:
    path = write_volunteers(
        tmp_path / "v.csv",
        "Vera Vale,07700 900101,vera@example.org,NW1 3BT,shopping;food,English,3,2,2028-01-01",
        "No Contact,,,NW1 3BT,shopping,English,3,2,",
        "Bad Place,07700 900105,,NOWHERE,shopping,English,3,2,",
        "Bad Date,07700 900106,,NW1 3BT,shopping,English,3,2,31/02/2026",
        "Vera Vale,07700 900101,vera@example.org,NW1 3BT,food,English,3,2,2028-01-01",
        "Off Map,07700 900107,,SW1A 1AA,shopping,English,3,2,",
    )
    for _ in range(2):
        report = actions.import_volunteers(path, by=system_viewer("test"))
        assert (report.volunteers, report.rejected, report.unplaced) == (2, 4, 1)
    assert [(line, column) for line, column, _why in report.rejects] == [
        (3, "phone"),
        (4, "postcode"),
        (5, "dbs_expires"),
        (6, "name"),
    ]
    assert Volunteer.objects.count() == 2
    assert apps.get_model("volunteers", "VolunteerReject").objects.count() == 4
    with pytest.raises(Problem, match="columns"):
        actions.import_volunteers(_file(tmp_path, "who,where\n1,2\n"), by=system_viewer("test"))
    with pytest.raises(Problem, match="columns"):
        actions.import_volunteers(_file(tmp_path, ""), by=system_viewer("test"))
    with pytest.raises(Problem, match="UTF-8"):
        actions.import_volunteers(_file(tmp_path, b"name,postcode,skills\n\xe9,NW1 2DB,food"), by=system_viewer("test"))
    with pytest.raises(Problem, match="cannot be read"):
        actions.import_volunteers(tmp_path / "none.csv", by=system_viewer("test"))


def test_a_postcode_without_an_address_is_placed_in_the_middle_of_its_sector(streets: None, tmp_path: Path) -> None:
    line = "New Street,07700 900101,,NW1 2ZZ,shopping,English,3,2,"
    assert actions.import_volunteers(write_volunteers(tmp_path / "v.csv", line), by=system_viewer("test")).unplaced == 0
    assert Volunteer.objects.get().lat == pytest.approx(51.53)


def _file(folder: Path, content: str | bytes) -> Path:
    path = folder / "other.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_file_tells_how_somebody_travels_and_when_they_are_free(streets: None, tmp_path: Path) -> None:
    head = "name,phone,postcode,skills,travel,hours,dbs_expires,dbs_level,drives_expires\n"
    lines = (
        "Dora Drive,07700 900101,NW1 3BT,shopping,Car,mon_morning;sat_night,2028-01-01,enhanced,2027-05-01\n"
        "Odd Hours,07700 900102,NW1 3BT,shopping,walk,someday,,,\n"
        "Odd Travel,07700 900103,NW1 3BT,shopping,boat,,,,\n"
    )
    report = actions.import_volunteers(_file(tmp_path, head + lines), by=system_viewer("test"))
    assert [(line, column) for line, column, _why in report.rejects] == [(3, "hours"), (4, "travel")]
    dora = Volunteer.objects.get()
    assert (dora.travel, dora.hours, dora.dbs_level, dora.radius_km) == (
        "car",
        ["mon_morning", "sat_night"],
        "enhanced",
        10.0,
    )
    # A file that says nothing of hours leaves those that she chose on her phone.
    again = (
        "name,phone,postcode,skills,travel,drives_expires\nDora Drive,07700 900101,NW1 3BT,shopping,car,2026-01-01\n"
    )
    actions.import_volunteers(_file(tmp_path, again), by=system_viewer("test"))
    assert Volunteer.objects.get().hours == ["mon_morning", "sat_night"]
    # Her licence and insurance are not in date any more: she is asked to go on foot.
    (helper,) = queries.free_helpers()
    assert (helper.travel, helper.radius_km) == ("walk", 2.0)
