"""Quiet hours, channels and replies, as cases."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borough.common.clock import LONDON
from borough.messaging.policies import choose_channel, is_mobile, is_quiet, next_allowed, read_reply, retry_at

moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments)
def test_the_next_allowed_time_is_the_first_that_is_not_quiet(moment: datetime) -> None:
    due = next_allowed(moment)
    assert due >= moment
    assert not is_quiet(due)
    if due != moment:
        local = due.astimezone(LONDON)
        assert (local.hour, local.minute, local.second) == (9, 0, 0)
        # Nothing between the two was allowed: at most Saturday 8pm to Monday 9am and an hour for the clocks.
        assert due - moment <= timedelta(hours=38)
        assert is_quiet(due - timedelta(microseconds=1))
        assert all(is_quiet(moment + (due - moment) * part / 20) for part in range(20))


@given(moments, st.integers(min_value=1, max_value=5))
def test_a_retry_is_later_and_never_in_quiet_hours(moment: datetime, attempts: int) -> None:
    again = retry_at(moment, attempts)
    assert again >= moment + timedelta(minutes=4 ** (attempts - 1))
    assert not is_quiet(again)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-24 12:00", "2026-11-24 12:00"),  # Tuesday noon
        ("2026-11-24 08:59", "2026-11-24 09:00"),
        ("2026-11-24 19:59", "2026-11-24 19:59"),
        ("2026-11-24 20:00", "2026-11-25 09:00"),
        ("2026-11-21 20:00", "2026-11-23 09:00"),  # Saturday evening to Monday
        ("2026-11-22 12:00", "2026-11-23 09:00"),  # Sunday noon
        ("2026-03-28 21:00", "2026-03-30 09:00"),  # the clocks go forward that Sunday
        ("2026-10-24 21:00", "2026-10-26 09:00"),  # and back
    ],
)
def test_quiet_hours_in_london(now: str, due: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=LONDON)
    assert next_allowed(moment) == datetime.fromisoformat(due).replace(tzinfo=LONDON)


def test_nine_in_the_morning_is_local_on_both_sides_of_the_clock_change() -> None:
    assert next_allowed(datetime(2026, 3, 30, 7, 30, tzinfo=UTC)) == datetime(2026, 3, 30, 8, 0, tzinfo=UTC)
    assert next_allowed(datetime(2026, 3, 27, 8, 30, tzinfo=UTC)) == datetime(2026, 3, 27, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("phone", "mobile"),
    [
        ("+447700900123", True),
        ("+447424000000", True),
        ("+447624123456", True),  # Isle of Man
        ("+447600123456", False),  # a pager
        ("+447012345678", False),  # a personal number
        ("+442079460000", False),
        ("", False),
    ],
)
def test_which_numbers_take_texts(phone: str, mobile: bool) -> None:
    assert is_mobile(phone) is mobile


BOTH = {"phone": "+447700900123", "email": "a@example.org", "usable": {"sms", "email"}}


@pytest.mark.parametrize(
    ("change", "channel"),
    [
        ({}, "sms"),
        ({"phone": "+442079460000"}, "email"),
        ({"phone": "", "email": ""}, "none"),
        ({"phone": "+442079460000", "email": ""}, "none"),
        ({"allowed": {"email": True}}, "email"),
        ({"allowed": {"sms": False}}, "email"),
        ({"allowed": {"sms": False, "email": False}}, "declined"),
        ({"allowed": {"sms": False}, "email": ""}, "declined"),
        ({"allowed": {"sms": False, "email": False}, "phone": "", "email": ""}, "declined"),
        ({"usable": {"email"}}, "email"),
        ({"usable": {"email"}, "email": ""}, "none"),
    ],
)
def test_which_channel(change: dict, channel: str) -> None:
    assert choose_channel(**{"allowed": {}, **BOTH, **change}) == channel


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("HELP", "help"),
        ("help shopping", "help"),
        ("Yes please, I need food", "help"),
        ("Y", "help"),
        ("1", "help"),
        ("I need help with my prescription", "help"),
        ("we have nothing to eat please help", "help"),
        ("  yes!  ", "help"),
        ("Tak", "help"),
        ("cymorth", "help"),
        ("Sí", "help"),
        ("YARDIM", "help"),
        ("হ্যাঁ", "help"),
        ("نعم", "help"),
        ("haa", "help"),
        ("STOP", "stop"),
        ("stop.", "stop"),
        ("Stop texting me", "stop"),
        ("please stop sending these", "stop"),
        ("UNSUBSCRIBE", "stop"),
        ("please unsubscribe", "stop"),
        ("Don't text me again", "stop"),
        ("cancel", "stop"),
        ("STOP HELP", "stop"),
        ("NO", "no"),
        ("No thanks", "no"),
        ("I'm fine thanks", "no"),
        ("I don’t need any help", "no"),
        ("hayır", "no"),
        ("না", "no"),
        ("No food in the house", "other"),
        ("I don't need food but I need help with my boiler", "other"),
        ("Cancel my appointment", "other"),
        ("Who is this?", "other"),
        ("13 High Street", "other"),
        ("", "other"),
        ("👍", "other"),
        ("HELP\n\nOn Tue, 24 Nov 2026 at 12:00, Alderbrook Council wrote:\n> reply NO or STOP", "help"),
    ],
)
def test_what_a_reply_means(text: str, reading: str) -> None:
    assert read_reply(text) == reading


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert read_reply(text) in ("help", "stop", "no", "other")


@given(st.sampled_from(["STOP", "stop", "Stop", " stop ", "STOP!"]), st.text(max_size=50))
def test_a_reply_that_begins_with_stop_is_never_a_wish_for_messages(stop: str, rest: str) -> None:
    assert read_reply(f"{stop} {rest}".replace(">", "")) == "stop"
