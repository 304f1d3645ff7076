"""The person who waits is told that their volunteer is on the way: once, in their language, on the day."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from borough.accounts.policies import Viewer
from borough.cases.actions import set_flags
from borough.cases.kinds import HOUSE_WORDINGS
from borough.cases.tests.conftest import PURPOSE, TUESDAY_NOON, Post
from borough.common import clock
from borough.common.errors import WrongState
from borough.common.jobs import run_pending
from borough.messaging.wording import LANGUAGE_CODES, read_wording
from borough.volunteers import actions, queries
from borough.volunteers.models import Offer
from borough.volunteers.policies import is_on_the_day

from .conftest import write_volunteers

pytestmark = pytest.mark.django_db
ADA = "+447700900001"


@pytest.fixture
def token(alice: Viewer, case_id: str, volunteers: None) -> str:
    """Vera's link; she has said yes."""
    actions.match_open_cases(by=alice, purpose=PURPOSE)
    token = token_of(Offer.objects.get())
    actions.answer_offer(token=token, accept=True)
    run_pending()
    return token


def token_of(offer: Offer) -> str:
    return queries.offer_link(offer).rstrip("/").rsplit("/", 1)[-1]


def told(post: Post) -> list[str]:
    """What Ada, who reads Somali, was told of somebody on the way."""
    return [one.body for one in post.sent if one.to == ADA and "kuu soo socdaa" in one.body]


def test_she_is_told_once_in_her_language_by_a_first_name(token: str, post: Post) -> None:
    for _ in range(2):
        actions.say_on_my_way(token=token)
        run_pending()
    (words,) = told(post)
    assert "Vera" in words
    assert "Vale" not in words
    assert "900101" not in words
    assert queries.read_offer(token).said_on_way


def test_the_button_is_on_the_card_until_it_is_pressed(client: Client, token: str, post: Post) -> None:
    page = f"/volunteers/task/{token}/"
    assert "I am on my way" in client.post(page, {"answer": "0101"}, follow=True).content.decode()
    after = client.post(f"{page}on-my-way/", follow=True).content.decode()
    assert "They are told that you are on the way" in after
    assert "I am on my way" not in after
    client.post(f"{page}on-my-way/")
    run_pending()
    assert len(told(post)) == 1


def test_not_before_yes_not_on_another_day_and_not_at_night(token: str, post: Post) -> None:
    offer = Offer.objects.get()
    Offer.objects.update(state="offered")
    with pytest.raises(WrongState, match="not to go yet"):
        actions.say_on_my_way(token=token)
    tomorrow = TUESDAY_NOON + timedelta(days=1)
    Offer.objects.update(state="accepted", starts_at=tomorrow, ends_at=tomorrow + timedelta(hours=1))
    assert not queries.read_offer(token).may_say_on_way
    with pytest.raises(WrongState, match="on the day"):
        actions.say_on_my_way(token=token)
    with clock.at(tomorrow - timedelta(hours=1)):
        assert queries.read_offer(token).may_say_on_way
    for hour in (-5, 9):
        with clock.at(tomorrow + timedelta(hours=hour)):
            assert not queries.read_offer(token).may_say_on_way
            with pytest.raises(WrongState, match="from 9am"):
                actions.say_on_my_way(token=token)
    run_pending()
    assert told(post) == []
    assert Offer.objects.get(pk=offer.pk).on_my_way_at is None


def test_of_two_who_go_together_one_says_it_for_both(
    alice: Viewer, case_id: str, volunteers: None, tmp_path: Path, post: Post
) -> None:
    line = "Wim Ward,07700 900104,,NW1 2DB,shopping,English,2,5,2028-01-01"
    actions.import_volunteers(write_volunteers(tmp_path / "more.csv", line), by=alice)
    set_flags(by=alice, purpose=PURPOSE, case_id=case_id, flags=["not_alone"])
    actions.match_open_cases(by=alice, purpose=PURPOSE)
    tokens = [token_of(offer) for offer in Offer.objects.order_by("volunteer__name")]
    actions.answer_offer(token=tokens[0], accept=True)
    with pytest.raises(WrongState, match="not to go yet"):
        actions.say_on_my_way(token=tokens[0])
    actions.answer_offer(token=tokens[1], accept=True)
    for one in tokens:
        actions.say_on_my_way(token=one)
    run_pending()
    (words,) = told(post)
    assert "Vera, Wim" in words


def test_every_language_of_the_house_tells_it() -> None:
    wording = read_wording(HOUSE_WORDINGS, "on_my_way")
    assert wording is not None
    assert set(wording.translations) == set(LANGUAGE_CODES.values())
    wording.check(known={"council", "volunteer", "reference", "need", "forename"})


@given(st.integers(-60, 60), st.integers(1, 20))
def test_on_the_day_is_a_day_of_london(start: int, hours: int) -> None:
    starts = datetime(2026, 7, 1, 12, tzinfo=UTC) + timedelta(hours=start)
    assert is_on_the_day(starts, starts, starts + timedelta(hours=hours))
    assert is_on_the_day(starts, None, None)
    assert not is_on_the_day(starts - timedelta(days=1), starts, starts + timedelta(hours=hours))
    # An hour after midnight in summer is still the day before by UTC.
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert not is_on_the_day(datetime(2026, 7, 1, 12, tzinfo=UTC), late, late + timedelta(minutes=20))
    assert late.date() == date(2026, 7, 1)
