"""A volunteer hears that a check ends soon before it ends, once 30 days and once 7 days before."""

from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from borough.cases.tests.conftest import Post
from borough.common import clock
from borough.common.jobs import run_pending
from borough.messaging.wording import LANGUAGE_CODES, read_wording
from borough.volunteers.models import Volunteer
from borough.volunteers.policies import reminder_of
from borough.volunteers.writing import WORDINGS

pytestmark = pytest.mark.django_db

VERA = "+447700900101"


def heard(post: Post, noon: datetime, *days: int) -> list[tuple[str, str]]:
    """(to whom, body) of all messages once the regular work was done at noon after each of these days, twice."""
    for day in days:
        with clock.at(noon + timedelta(days=day)):
            run_pending()
            run_pending()
    return [(one.to, one.body) for one in post.sent]


@pytest.fixture
def today(noon: datetime) -> date:
    return noon.date()


def test_each_check_is_told_of_twice_and_a_renewed_one_anew(
    volunteers: None, post: Post, noon: datetime, today: date
) -> None:
    vera = Volunteer.objects.filter(name="Vera Vale")
    vera.update(dbs_expires_on=today + timedelta(days=37))
    assert heard(post, noon, 0, 6) == []
    ((to, body),) = heard(post, noon, 7, 8, 29)
    assert to == VERA
    assert "DBS check ends on 31 December 2026" in body
    assert [one for one, _body in heard(post, noon, 30, 31, 36)] == [VERA] * 2
    assert len(heard(post, noon, 37, 38, 60)) == 2
    vera.update(dbs_expires_on=today + timedelta(days=400))
    apps.get_model("governance", "Agreement").objects.update(review_on=today + timedelta(days=500))
    assert len(heard(post, noon, 369)) == 2
    assert len(heard(post, noon, 370)) == 3


def test_who_came_late_hears_the_near_one_alone_and_who_left_none(
    volunteers: None, post: Post, noon: datetime, today: date
) -> None:
    Volunteer.objects.filter(name="Bob Bell").update(drives_expires_on=today + timedelta(days=3))
    Volunteer.objects.filter(name="Fay Far").update(drives_expires_on=today + timedelta(days=3), active=False)
    ((to, body),) = heard(post, noon, 0, 1, 2, 3)
    assert to == "+447700900102"
    assert "licence or insurance to drive ends on 27 November 2026" in body


def test_the_words_are_in_the_language_that_they_name_first(
    volunteers: None, post: Post, noon: datetime, today: date
) -> None:
    both = Volunteer.objects.filter(name__in=("Vera Vale", "Bob Bell"))
    both.update(dbs_expires_on=today + timedelta(days=30), drives_expires_on=today + timedelta(days=30))
    both.filter(name="Vera Vale").update(languages=["Somali", "English"])
    Volunteer.objects.filter(name="Bob Bell").update(languages=["Welsh", "Polish"])
    told = heard(post, noon, 0)
    hers = [body for to, body in told if to == VERA]
    assert sorted("DBS" in body for body in hers) == [False, True]
    assert all("dhac" in body and "24.12.2026" in body for body in hers)
    # We write no Welsh.
    assert all("ends on 24 December 2026" in body for to, body in told if to != VERA)


@pytest.mark.parametrize("name", ["check_ends", "drive_ends", "together", "not_alone", "go_now"])
def test_every_language_of_the_house_has_the_words(name: str) -> None:
    wording = read_wording(WORDINGS, name)
    assert wording is not None
    assert set(wording.translations) == set(LANGUAGE_CODES.values())
    wording.check(known={"council", "forename", "day", "day_in_figures", "partner", "need", "link"})


def test_a_coordinator_sees_and_sorts_whose_check_ends_soon(grace: Client, volunteers: None, today: date) -> None:
    Volunteer.objects.filter(name="Vera Vale").update(drives_expires_on=today + timedelta(days=30))
    Volunteer.objects.filter(name="Bob Bell").update(dbs_expires_on=today + timedelta(days=5))
    Volunteer.objects.filter(name="Fay Far").update(dbs_expires_on=today + timedelta(days=31))
    rows = grace.get("/volunteers/?format=csv&sort=ends").content.decode().splitlines()[1:]
    assert [tuple(row.split(",")[:2]) for row in rows] == [
        ("Bob Bell", "2026-11-29"),
        ("Vera Vale", "2026-12-24"),
        ("Fay Far", ""),
    ]
    page = grace.get("/volunteers/").content.decode()
    assert "29 November 2026" in page


@given(st.integers(-40, 400))
def test_every_check_passes_through_each_reminder_in_order(left: int) -> None:
    today = date(2026, 11, 24)
    told = [reminder_of(today + timedelta(days=left), today + timedelta(days=day)) for day in range(max(left, 0) + 1)]
    assert told == [7 if 0 < one <= 7 else 30 if 0 < one <= 30 else None for one in range(left, min(left, 0) - 1, -1)]
    assert reminder_of(None, today) is None
