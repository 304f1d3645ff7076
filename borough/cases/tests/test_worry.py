"""Who is worried about a person has those told, at any hour, who look after people at risk: by a reference alone."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from borough.accounts.actions import add_user, make_rehearsal_link
from borough.accounts.policies import CONTACT_WORKER, COORDINATOR, IG_OFFICER, LINK_WORKER, Viewer
from borough.accounts.queries import list_staff
from borough.cases import actions
from borough.cases.events import ConcernRaised
from borough.cases.models import Case, CaseNote
from borough.cases.tests.conftest import PURPOSE, Post
from borough.common import clock
from borough.common.events import announce
from borough.common.jobs import run_pending
from borough.messaging.officers import tell_duty_of_concern

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def staff(agreements: None) -> None:
    for name, role in (("cora", COORDINATOR), ("lin", LINK_WORKER), ("gil", CONTACT_WORKER), ("ivy", IG_OFFICER)):
        add_user(email=f"{name}@a.example", name=name.title(), role=role)


def alerts(post: Post, noon: datetime) -> list[tuple[str, str]]:
    """(to whom, all its words) of what went out in the night."""
    with clock.at(noon + timedelta(hours=15)):
        run_pending()
    return sorted((one.to, f"{one.subject} {one.body}") for one in post.sent if one.to.endswith("@a.example"))


def test_a_worry_goes_to_those_on_duty_at_once_and_names_nobody(
    alice: Viewer, case_id: str, post: Post, noon: datetime
) -> None:
    with clock.at(noon + timedelta(hours=15)):
        actions.add_note(by=alice, purpose=PURPOSE, case_id=case_id, text="No heating", flagged=True)
    sent = alerts(post, noon)
    assert [to for to, _words in sent] == ["cora@a.example", "lin@a.example"]
    case = Case.objects.get()
    for _to, words in sent:
        assert case.reference in words
        assert f"/cases/{case_id}/" in words
        for personal in ("Ada", "Lovelace", "RADA", "NW1", "shop", "heating", "Alice", "ommunity"):
            assert personal not in words
    # The job again, as after a crash, sends nothing; another worry is told of.
    note = CaseNote.objects.get()
    announce(ConcernRaised(case_id=case_id, reference=case.reference, note_id=note.pk))
    assert len(alerts(post, noon)) == 2
    actions.add_note(by=alice, purpose=PURPOSE, case_id=case_id, text="Still none", flagged=True)
    assert len(alerts(post, noon)) == 4


def test_the_contact_for_safeguarding_has_the_reference_alone_and_the_case_says_that_it_went(
    alice: Viewer, grace: Client, case_id: str, post: Post, noon: datetime, settings: Any
) -> None:
    settings.AUTHORITY = replace(
        settings.AUTHORITY, safeguarding_email="duty@s.example", safeguarding_mobile="07700 900777"
    )
    night = noon + timedelta(hours=15)
    with clock.at(night):
        actions.add_note(by=alice, purpose=PURPOSE, case_id=case_id, text="No heating", flagged=True)
        # Made, and not yet sent.
        tell_duty_of_concern(case_id, Case.objects.get().reference, CaseNote.objects.get().pk)
        assert "On its way to safeguarding" in grace.get(f"/cases/{case_id}/").content.decode()
    alerts(post, noon)
    told = {one.to: f"{one.subject} {one.body}" for one in post.sent if one.to in ("duty@s.example", "+447700900777")}
    assert len(told) == 2
    for words in told.values():
        assert Case.objects.get().reference in words
        assert "020 7946 0000" in words
        for personal in ("Ada", "Lovelace", "RADA", "NW1", "shop", "heating", "Alice"):
            assert personal not in words
    page = grace.get(f"/cases/{case_id}/").content.decode()
    assert "Sent to safeguarding, by the reference alone" in page
    assert "no contact for safeguarding" not in page
    # As after a crash: once each.
    note = CaseNote.objects.get()
    announce(ConcernRaised(case_id=case_id, reference=Case.objects.get().reference, note_id=note.pk))
    alerts(post, noon)
    assert len([one for one in post.sent if one.to in told]) == 2


def test_a_message_that_did_not_reach_safeguarding_is_told(
    alice: Viewer, grace: Client, case_id: str, noon: datetime
) -> None:
    actions.add_note(by=alice, purpose=PURPOSE, case_id=case_id, text="No heating", flagged=True)
    run_pending()
    apps.get_model("messaging", "Message").objects.filter(address__startswith="safeguarding@").update(
        state="failed", sent_at=None
    )
    assert "could not be sent. Tell them yourself" in grace.get(f"/cases/{case_id}/").content.decode()


def test_where_no_contact_is_named_the_case_and_the_coordinators_queue_say_so(
    alice: Viewer, grace: Client, case_id: str, settings: Any, post: Post, noon: datetime
) -> None:
    cora = Client()
    cora.get(make_rehearsal_link(next(one for one, _name in list_staff(roles=[COORDINATOR]))))
    cora.post("/governance/purpose/", {"purpose": PURPOSE})
    assert "no contact for safeguarding" not in cora.get("/cases/").content.decode()
    settings.AUTHORITY = replace(settings.AUTHORITY, safeguarding_email="")
    actions.add_note(by=alice, purpose=PURPOSE, case_id=case_id, text="No heating", flagged=True)
    assert [to for to, _words in alerts(post, noon)] == ["cora@a.example", "lin@a.example"]
    page = grace.get(f"/cases/{case_id}/").content.decode()
    assert "Nothing was sent to safeguarding." in page
    assert "named no contact for safeguarding" in page
    assert "no contact for safeguarding" in cora.get("/cases/").content.decode()
    assert "no contact for safeguarding" not in grace.get("/cases/").content.decode()


def test_a_note_without_worry_and_one_that_was_not_kept_are_not_told(
    alice: Viewer, case_id: str, post: Post, noon: datetime
) -> None:
    actions.add_note(by=alice, purpose=PURPOSE, case_id=case_id, text="Rang her")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.add_note(by=alice, purpose=PURPOSE, case_id=case_id, text="No heating", flagged=True)
        raise ZeroDivisionError
    assert alerts(post, noon) == []
