"""What residents ask for, and what the policy of 1 November 2026 says of each."""

import pytest

from borough.directory.policies import search_words

from ..rules import ANSWER_DAYS, TARGET_DAYS, recognise_need, triage
from ..service import SERVICE


@pytest.mark.parametrize(
    ("need", "text", "urgency"),
    [
        ("company", "I would like to meet people", "routine"),
        ("company", "I can't go on", "urgent"),
        ("money", "We are being evicted on Friday", "urgent"),
        ("wellbeing", "", "soon"),
        ("bereavement", "My wife died in May", "soon"),
        ("activity", "Something gentle after my fall", "routine"),
    ],
)
def test_triage(need: str, text: str, urgency: str) -> None:
    assert triage({"need": need, "text": text}) == urgency


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("my husband died", "bereavement"),
        ("I am caring for my mother", "carers"),
        ("an English class", "learning"),
        ("yoga or dancing", "activity"),
        ("I feel low and worried", "wellbeing"),
        ("something for my toddler", "families"),
        ("HELP", "company"),
        ("", "company"),
    ],
)
def test_the_need_that_a_text_speaks_of(text: str, need: str) -> None:
    assert recognise_need(text) == need


def test_every_urgency_has_its_days_and_a_service_answers_in_two_weeks() -> None:
    assert TARGET_DAYS["urgent"] < TARGET_DAYS["soon"] < TARGET_DAYS["routine"]
    assert SERVICE.answer_days == ANSWER_DAYS == 10


def test_residents_refer_themselves() -> None:
    assert SERVICE.self_referral


@pytest.mark.parametrize("need", SERVICE.needs)
def test_every_need_is_searched_with_words(need: str) -> None:
    assert search_words(SERVICE.words_for(need))


@pytest.mark.parametrize("name", ["check_in", "need_met", "receipt", "receipt_accepted"])
def test_every_wording_is_there_and_has_words(name: str) -> None:
    SERVICE.wording(name).check(known=["forename", "council", "link", "reference", "service"])
