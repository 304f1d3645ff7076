"""Volunteers are read by an agreement: what each way in says once none is in force, and what opens no door at all."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from borough.accounts.policies import Viewer, system_viewer
from borough.accounts.queries import viewer_by_id
from borough.cases.tests.conftest import PURPOSE, Post
from borough.common.errors import NotAllowed
from borough.common.jobs import run_pending
from borough.volunteers import actions, queries, tasks
from borough.volunteers.models import Offer, Volunteer
from borough.volunteers.tests.test_joining import JOIN, NORA
from borough.volunteers.tests.test_scope import brought, pat, pat_id  # noqa: F401

pytestmark = pytest.mark.django_db
BY = system_viewer("test")


def end_agreements(**which: str) -> None:
    apps.get_model("governance", "Agreement").objects.filter(**which).update(state="revoked")


@pytest.fixture
def link(alice: Viewer, case_id: str, volunteers: None, post: Post) -> str:
    actions.match_open_cases(by=alice, purpose=PURPOSE)
    run_pending()
    return post.link("/volunteers/task/")


def entries() -> int:
    return int(apps.get_model("governance", "LedgerEntry").objects.count())


def test_regular_work_with_nothing_to_do_opens_no_door(link: str) -> None:
    before = entries()
    actions.expire_offers(by=BY)
    assert actions.ask_the_next(by=BY) == 0
    actions.close_offers_of("TNOBODY")
    assert entries() == before


def test_who_comes_by_a_link_or_the_public_page_reads_whom_to_call(client: Client, link: str) -> None:
    proof = actions.prove_holder(token=link.strip("/").split("/")[-1], answer="0101")
    end_agreements()
    session = client.session
    session["volunteer_proofs"] = {Offer.objects.get().id: proof}
    session.save()
    for page in (client.get(link), client.get("/volunteers/mine/"), client.post(JOIN, NORA)):
        assert page.status_code == 409
        assert "Call us, and we will help you." in page.content.decode()
        assert "Vera" not in page.content.decode()


def test_a_partner_needs_the_agreement_of_its_own(
    pat: Client,  # noqa: F811
    pat_id: str,  # noqa: F811
    grace: Client,
    brought: None,  # noqa: F811
) -> None:
    end_agreements(purpose="look-after-volunteers")
    assert pat.get("/volunteers/").status_code == 403
    gil = Volunteer.objects.get(name="Gil Good").id
    with pytest.raises(NotAllowed):
        actions.change_duty(by=viewer_by_id(pat_id), volunteer_id=gil, on=False)
    assert "Gil Good" in grace.get("/volunteers/").content.decode()


def test_staff_and_the_house_read_no_volunteer_once_no_agreement_is_in_force(
    alice: Viewer, case_id: str, link: str, tmp_path: Any
) -> None:
    offer = Offer.objects.get()
    end_agreements()
    for act in (
        lambda: queries.list_volunteers(viewer=alice),
        lambda: queries.read_volunteer(offer.volunteer_id, viewer=alice),
        lambda: queries.list_offers(case_id, viewer=alice),
        lambda: queries.list_capacity(viewer=BY),
        lambda: queries.organisations_of_volunteers(viewer=BY),
        lambda: queries.read_proposal("PNONE", viewer=alice),
        lambda: actions.change_duty(by=alice, volunteer_id=offer.volunteer_id, on=False),
        lambda: actions.withdraw_offer(by=alice, purpose=PURPOSE, offer_id=offer.id, reason="x"),
        lambda: actions.send_new_link(by=alice, offer_id=offer.id),
        lambda: actions.send_links(by=BY, offer_ids=[offer.id]),
        lambda: actions.tell_resident(by=BY, offer_id=offer.id),
        lambda: actions.tell_on_my_way(by=BY, offer_id=offer.id),
        lambda: actions.go_alone(by=BY, task_id=offer.task_id),
        lambda: actions.close_offers_of(offer.task_id),
        lambda: actions.note_need_answered(case_id=case_id, answer="yes"),
        lambda: actions.write_to_applicant(by=BY, application_id="ANONE"),
        lambda: actions.write_to_volunteer(by=BY, volunteer_id=offer.volunteer_id),
    ):
        with pytest.raises(NotAllowed):
            act()
    offer.refresh_from_db()
    assert offer.state == "offered"


def test_what_other_rooms_ask_and_announce(case_id: str, link: str) -> None:
    Volunteer.objects.update(organisation="Good Neighbours")
    assert sorted(one.capacity for one in queries.list_capacity(viewer=BY)) == [1, 2, 5]
    assert set(queries.organisations_of_volunteers(viewer=BY).values()) == {"Good Neighbours"}
    actions.close_offers_of(Offer.objects.get().task_id)
    assert Offer.objects.get().state == "withdrawn"
    Offer.objects.update(state="done")
    actions.note_need_answered(case_id=case_id, answer="yes")
    assert Offer.objects.get().need_met


def test_the_worker_goes_on_while_no_agreement_is_in_force(link: str, post: Post, noon: datetime) -> None:
    Volunteer.objects.update(dbs_expires_on=noon.date() + timedelta(days=5))
    actions.answer_offer(token=link.strip("/").split("/")[-1], accept=False)
    before, sent = entries(), len(post.sent)
    end_agreements()
    tasks.pass_on()
    tasks.remind()
    assert (entries(), len(post.sent)) == (before, sent)
    apps.get_model("governance", "Agreement").objects.update(state="live")
    tasks.remind()
    run_pending()
    assert len(post.sent) > sent
