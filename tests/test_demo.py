"""The rehearsal's own stages, where the size of the borough brings them to what a small one does not meet."""

from datetime import timedelta

import pytest

from borough.accounts.policies import Viewer
from borough.adapters.rehearsal_residents import PendingVisit
from borough.cases.actions import open_case
from borough.cases.queries import list_waiting
from borough.common import clock
from borough.volunteers.models import Offer, Volunteer
from borough.volunteers.queries import offer_link
from borough.web.demo import _answer_as_volunteer


@pytest.fixture
def visit(coordinator: Viewer) -> PendingVisit:
    """A volunteer who was asked now, for four hours, opens the link and says yes."""
    said = {"by": coordinator, "purpose": "offer-help", "service": "community_aid"}
    open_case(**said, need="food", channel="phone", source_key="t", phone="+447700900123")
    [task] = list_waiting(viewer=coordinator, purpose="offer-help")
    offer = Offer.objects.create(
        task_id=task.id,
        case_id=task.case_id,
        volunteer=Volunteer.objects.create(import_key="v", name="Vera", phone="+447700900999", postcode="XA1 0AA"),
        purpose="offer-help",
        service="community_aid",
        need_label="Food",
        by="test",
        offered_at=clock.now(),
        expires_at=clock.now() + timedelta(hours=4),
    )
    return PendingVisit(link=offer_link(offer), answer="accept", visit_id="v", at=clock.now())


def test_who_answers_when_the_time_is_over_did_not_take_the_task(visit: PendingVisit) -> None:
    with clock.at(clock.now() + timedelta(hours=5)):
        assert not _answer_as_volunteer(visit)
    assert Offer.objects.get().state == "offered"
