"""Requests as people make them, and what the policy of 1 November 2026 says of each."""

from datetime import date

import pytest

from ..rules import TARGET_DAYS, recognise_need, triage
from ..service import SERVICE


@pytest.mark.parametrize(
    ("need", "text", "urgency"),
    [
        ("food", "", "urgent"),
        ("shopping", "My daughter usually does it", "soon"),
        ("shopping", "There is NO FOOD in the house", "urgent"),
        ("prescriptions", "Please fetch my tablets on Friday", "soon"),
        ("prescriptions", "I have run out of insulin", "urgent"),
        ("prescriptions", "I ran out of medication", "urgent"),
        ("isolation", "I would like a chat", "soon"),
        ("isolation", "I can't cope any more", "urgent"),
        ("isolation", "I can’t cope any more", "urgent"),
        ("dog_walking", "Rex needs a walk", "routine"),
        ("dog_walking", "I fell and cannot walk the dog", "urgent"),
    ],
)
def test_triage(need: str, text: str, urgency: str) -> None:
    assert triage({"need": need, "text": text}) == urgency


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("HELP with shopping please", "shopping"),
        ("help, shopping for food", "shopping"),
        ("I need my prescription", "prescriptions"),
        ("can someone walk my dog", "dog_walking"),
        ("I am so lonely", "isolation"),
        ("we have nothing to eat", "food"),
        ("HELP", "food"),
        ("", "food"),
    ],
)
def test_the_need_that_a_text_speaks_of(text: str, need: str) -> None:
    assert recognise_need(text) == need


@pytest.mark.parametrize(
    ("need", "question", "answer", "urgency"),
    [
        ("prescriptions", "medicine_left", "none", "urgent"),  # paragraph 7
        ("prescriptions", "medicine_left", "two", "urgent"),
        ("prescriptions", "medicine_left", "longer", "soon"),
        ("isolation", "talked_to", "nobody", "urgent"),  # paragraph 9
        ("isolation", "talked_to", "few", "soon"),
        ("shopping", "food_left", "today", "urgent"),  # paragraph 5
        ("shopping", "food_left", "days", "soon"),
        # What was answered for another need says nothing about this one.
        ("dog_walking", "medicine_left", "none", "routine"),
    ],
)
def test_what_they_answer_counts_too(need: str, question: str, answer: str, urgency: str) -> None:
    assert triage({"need": need, "text": "", question: answer}) == urgency


def test_each_need_has_its_own_questions_and_what_volunteers_must_know() -> None:
    asked = {question.need for question in SERVICE.questions}
    assert asked == {"", *SERVICE.needs} == {"", *SERVICE.guidance}
    assert any("Never open the bag" in words for words in SERVICE.guidance["prescriptions"])
    assert any("no cash" in words for words in SERVICE.guidance["shopping"])
    assert SERVICE.checked_needs == {"prescriptions", "isolation"}  # paragraph 8


def test_every_urgency_has_its_days_and_the_urgent_are_first() -> None:
    assert TARGET_DAYS["urgent"] < TARGET_DAYS["soon"] < TARGET_DAYS["routine"]


def test_only_what_is_urgent_is_promised_for_a_weekend() -> None:
    friday = date(2026, 11, 27)
    assert SERVICE.due_on("urgent", friday) == date(2026, 11, 28)
    assert SERVICE.due_on("soon", friday) == date(2026, 12, 2)
    assert SERVICE.due_on("routine", friday) == date(2026, 12, 8)


@pytest.mark.parametrize("name", ["check_in", "offer", "accepted", "need_met", "need_met_chase"])
def test_every_wording_is_there_and_has_words(name: str) -> None:
    wording = SERVICE.wording(name)
    assert wording.sms
    assert wording.email_subject
    assert wording.email_body
    wording.check(known=["forename", "council", "link", "reference", "need", "stop_link"])
