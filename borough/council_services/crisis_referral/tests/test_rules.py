"""What people say in a conversation, and what the policy of 1 November 2026 says of each."""

import pytest

from borough.directory.policies import search_words

from ..rules import ANSWER_DAYS, TARGET_DAYS, recognise_need, triage
from ..service import SERVICE


@pytest.mark.parametrize(
    ("need", "text", "urgency"),
    [
        ("domestic_abuse", "", "urgent"),
        ("money", "I am scared of my partner", "urgent"),
        ("loneliness", "Sometimes I want to end my life", "urgent"),
        ("housing", "We are locked out and have nowhere tonight", "urgent"),
        ("housing", "The landlord will not mend the damp", "soon"),
        ("food", "", "urgent"),
        ("energy", "The meter ran out of credit", "urgent"),
        ("energy", "The bill went up", "soon"),
        ("mental_health", "I don’t sleep", "soon"),
        ("digital", "I can't fill in the form online", "routine"),
        ("loneliness", "I would like company", "routine"),
        ("caring", "I care for my mum", "routine"),
    ],
)
def test_triage(need: str, text: str, urgency: str) -> None:
    assert triage({"need": need, "text": text}) == urgency


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("HELP I am afraid of my husband and have no money", "domestic_abuse"),
        ("help, I can't cope", "mental_health"),
        ("we are being evicted", "housing"),
        ("nothing to eat", "food"),
        ("no heating", "energy"),
        ("I look after my father", "caring"),
        ("rent arrears and loans", "debt"),
        ("lost my job", "work"),
        ("HELP", "money"),
        ("", "money"),
    ],
)
def test_the_need_that_a_text_speaks_of(text: str, need: str) -> None:
    assert recognise_need(text) == need


def test_every_urgency_has_its_days_and_a_service_answers_in_a_week() -> None:
    assert TARGET_DAYS["urgent"] < TARGET_DAYS["soon"] < TARGET_DAYS["routine"]
    assert SERVICE.answer_days == ANSWER_DAYS == 5


def test_nothing_is_written_to_somebody_about_abuse() -> None:
    assert SERVICE.silent_needs == {"domestic_abuse"}


@pytest.mark.parametrize("need", SERVICE.needs)
def test_every_need_is_searched_with_words(need: str) -> None:
    assert search_words(SERVICE.words_for(need))


@pytest.mark.parametrize("name", ["check_in", "need_met", "receipt", "receipt_accepted"])
def test_every_wording_is_there_and_has_words(name: str) -> None:
    SERVICE.wording(name).check(known=["forename", "council", "link", "reference", "service"])
