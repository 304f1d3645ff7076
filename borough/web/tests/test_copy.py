"""A copy of somebody's data, from every room: asked for, put together, looked through, released, downloaded once."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from borough.accounts.policies import RESIDENT, Viewer
from borough.cases.actions import add_note, open_case
from borough.common import clock
from borough.common.errors import NotAllowed, NotFound, Problem
from borough.common.jobs import run_pending
from borough.governance.actions import ask_for_copy, download_copy, forget_copies, release_copy, start_copy
from borough.governance.door import open_door
from borough.governance.queries import list_own_requests, read_copy, read_own_copy
from borough.governance.rights.holdings import Holding, all_holdings, collect
from borough.messaging.actions import receive_message, set_preference
from borough.residents.holdings import RECORD
from borough.residents.holdings import RESIDENT as ON_RESIDENT
from borough.web.copy_words import WORDS

pytestmark = pytest.mark.django_db
Resident = apps.get_model("residents", "Resident")
SubjectCopy = apps.get_model("governance", "SubjectCopy")
OUTSIDER = "Olive Outsider"


def resident(resident_id: str) -> Viewer:
    return Viewer(kind="resident", id=resident_id, name="The resident", roles=frozenset({RESIDENT}))


@pytest.fixture
def ada(open_agreements: None, alice: Viewer, settings: Any) -> Viewer:
    """Ada, of whom every room holds something, and Ben next door, who is nobody's business."""
    settings.ADAPTERS = {"messages": "borough.adapters.console_messages.ConsoleMessages"}
    now = clock.now()
    for resident_id, forename in (("RADA", "Ada"), ("RBEN", "Benjamin")):
        Resident.objects.create(id=resident_id, forename=forename, surname="Test", postcode="XA1 0AA", minted_at=now)
        case_id = open_case(
            by=alice,
            purpose="offer-help",
            service="community_aid",
            need="food",
            channel="phone",
            source_key=resident_id,
            resident_id=resident_id,
            text=f"{forename} needs a hot meal.",
        )
        add_note(by=alice, purpose="offer-help", case_id=case_id, text=f"{forename} has a dog. So has {OUTSIDER}.")
        set_preference(by=alice, purpose="offer-help", resident_id=resident_id, channel="sms", allowed=False)
    open_door(viewer=alice, purpose="offer-help", verb="residents.read_resident").saw(["RADA", "RBEN"])
    return resident("RADA")


def unzip(file: bytes) -> tuple[dict[str, Any], str]:
    with zipfile.ZipFile(io.BytesIO(file)) as opened:
        return json.loads(opened.read("your-data.json")), opened.read("your-data.html").decode()


def made(who: Viewer) -> str:
    reference = ask_for_copy(by=who)
    run_pending()
    return reference


def test_it_holds_what_every_room_has_of_them_and_nothing_of_others(ada: Viewer, ig_officer: Viewer) -> None:
    reference = made(ada)
    note = next(
        f"{part['code']}:{number}"
        for part in read_copy(reference, viewer=ig_officer, purpose="oversight").parts
        for number, row in enumerate(part["rows"])
        if OUTSIDER in str(row)
    )
    release_copy(by=ig_officer, purpose="oversight", reference=reference, leave_out=[note], why="Of another person.")
    data, page = unzip(download_copy(reference, by=ada))
    held = {part["title"]: part["rows"] for part in data["holdings"]}
    assert held["What we know you by"][0]["forename"] == "Ada"
    assert held["Help that you asked for"][0]["text"] == "Ada needs a hot meal."
    assert held["How you want to be contacted"][0]["allowed"] is False
    assert "Alice" in [look["who"] for look in held["Who looked at your record"]]
    assert held["Notes of those who helped you, and their tries to reach you"] == []
    for text in (json.dumps(data), page):
        assert "Benjamin" not in text
        assert OUTSIDER not in text
    assert "1 entries are left out: Of another person." in list_own_requests(viewer=ada)[0].answer


def test_nobody_gets_it_before_an_officer_has_looked_it_through(ada: Viewer, alice: Viewer, ig_officer: Viewer) -> None:
    reference = made(ada)
    copy = read_own_copy(reference, viewer=ada)
    assert copy is not None
    assert (copy.state, copy.done, copy.parts) == ("to_review", copy.total, [])
    with pytest.raises(NotFound):
        download_copy(reference, by=ada)
    with pytest.raises(NotAllowed):
        release_copy(by=alice, purpose="offer-help", reference=reference, leave_out=[], why="")
    with pytest.raises(NotAllowed):
        read_copy(reference, viewer=alice, purpose="offer-help")
    with pytest.raises(Problem, match="reason"):
        release_copy(by=ig_officer, purpose="oversight", reference=reference, leave_out=["cases.notes:0"], why=" ")


def test_it_is_downloaded_once_by_them_alone_and_then_forgotten(ada: Viewer, ig_officer: Viewer) -> None:
    reference = made(ada)
    release_copy(by=ig_officer, purpose="oversight", reference=reference, leave_out=[], why="")
    with pytest.raises(NotFound):
        download_copy(reference, by=resident("RBEN"))
    assert read_own_copy(reference, viewer=resident("RBEN")) is None
    download_copy(reference, by=ada)
    with pytest.raises(NotFound):
        download_copy(reference, by=ada)
    assert SubjectCopy.objects.get().parts == []


def test_after_seven_days_it_is_gone(ada: Viewer, ig_officer: Viewer) -> None:
    reference = made(ada)
    release_copy(by=ig_officer, purpose="oversight", reference=reference, leave_out=[], why="")
    assert forget_copies() == 0
    with clock.at(clock.now() + timedelta(days=7)):
        with pytest.raises(NotFound):
            download_copy(reference, by=ada)
        assert forget_copies() == 1
    assert SubjectCopy.objects.get().parts == []


def test_an_officer_starts_one_for_who_asked_by_letter(ada: Viewer, alice: Viewer, ig_officer: Viewer) -> None:
    reference = start_copy(by=ig_officer, purpose="oversight", resident_id="RADA")
    run_pending()
    assert read_copy(reference, viewer=ig_officer, purpose="oversight").state == "to_review"
    with pytest.raises(NotAllowed):
        start_copy(by=alice, purpose="offer-help", resident_id="RADA")


def test_what_tells_of_others_is_blacked_out_and_free_text_is_marked(ada: Viewer) -> None:
    holding = Holding(
        "test", "Test", (), lambda ids: [{"asker_name": OUTSIDER, "text": "Hello", "n": 1}, {"asker_name": ""}],
        others=frozenset({"asker_name"}), check=frozenset({"text"}),
    )  # fmt: skip
    got = collect(holding, ["RADA"])
    assert got.rows == [{"asker_name": "[somebody else]", "text": "Hello", "n": 1}, {"asker_name": ""}]
    assert (got.blacked_out, got.check) == (1, ["text"])


@pytest.mark.parametrize("holding", all_holdings(), ids=lambda holding: holding.code)
def test_a_holding_of_nobody_is_empty(holding: Holding, db: None) -> None:
    assert list(holding.export(["RNOBODY"])) == []
    assert holding.keep


def test_a_reply_is_in_it(ada: Viewer, ig_officer: Viewer) -> None:
    Resident.objects.filter(pk="RADA").update(phone="+447700900001")
    apps.get_model("residents", "SearchTerm").objects.create(resident_id="RADA", kind="phone", term="+447700900001")
    receive_message(channel="sms", sender="+447700900001", text="Who is this?", provider_id="t1")
    parts = read_copy(made(ada), viewer=ig_officer, purpose="oversight").parts
    assert "Who is this?" in str(next(part for part in parts if part["code"] == "messaging.messages"))


def test_the_copy_is_in_plain_words_and_not_in_names_of_columns(ada: Viewer, ig_officer: Viewer) -> None:
    parts = read_copy(made(ada), viewer=ig_officer, purpose="oversight").parts
    named = {name for part in parts for row in part["rows"] for name in row}
    assert {"forename", "asked_at"} <= named
    assert named - set(WORDS) == set()
    assert set(RECORD) | set(ON_RESIDENT) <= set(WORDS)
