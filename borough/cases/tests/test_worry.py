"""Who is worried about a person has those told, at any hour, who look after people at risk: by a reference alone."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from borough.accounts.actions import add_user
from borough.accounts.policies import CONTACT_WORKER, COORDINATOR, IG_OFFICER, LINK_WORKER, Viewer
from borough.cases import actions
from borough.cases.events import ConcernRaised
from borough.cases.models import Case, CaseNote
from borough.cases.tests.conftest import PURPOSE, Post
from borough.common import clock
from borough.common.events import announce
from borough.common.jobs import run_pending

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


def test_a_note_without_worry_and_one_that_was_not_kept_are_not_told(
    alice: Viewer, case_id: str, post: Post, noon: datetime
) -> None:
    actions.add_note(by=alice, purpose=PURPOSE, case_id=case_id, text="Rang her")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.add_note(by=alice, purpose=PURPOSE, case_id=case_id, text="No heating", flagged=True)
        raise ZeroDivisionError
    assert alerts(post, noon) == []
