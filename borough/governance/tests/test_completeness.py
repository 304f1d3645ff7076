"""What an agreement must say before it is approved: rules as cases, and what must hold of all of them."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borough.governance.declared import SourceFacts
from borough.governance.models import Agreement, Organisation
from borough.governance.policies import FIELDS
from borough.governance.register import grounds
from borough.governance.register.completeness import special_reasons, what_is_missing
from borough.governance.tests.terms import WHOLE

OURS = Organisation(code="council", name="The council", kind="council", ours=True, roles=["link_worker"])
CHARITY = Organisation(code="charity", name="The charity", kind="charity", roles=["volunteer"])
SOURCES = {
    "council_tax": SourceFacts("council_tax", "Council tax", "Revenues"),
    "social_care": SourceFacts("social_care", "Social care", "Social care", special=("primary_need",)),
}
HOLDERS = {"link_worker": [OURS], "volunteer": [CHARITY]}


def missing(changes: Mapping[str, Any] | None = None, parties: tuple[Organisation, ...] = (OURS,)) -> list[str]:
    terms = {**WHOLE, **(changes or {})}
    terms.pop("parties")
    found = what_is_missing(Agreement(**terms), parties=parties, holders=HOLDERS, sources=SOURCES)
    return [each.words for each in found]


def test_terms_that_are_whole_miss_nothing() -> None:
    assert missing() == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"necessity": " "}, "less data"),
        ({"controllers": ""}, "decides how the data is used"),
        ({"controllers": "joint"}, "goes with one organisation"),
        ({"roles": []}, "who may look"),
        ({"roles": ["volunteer"]}, "belongs to The charity"),
        ({"fields": []}, "what they see"),
        ({"fields": ["records"], "sources": []}, "systems whose records"),
        ({"lawful_basis": "public task"}, "Choose the lawful basis"),
        ({"legal_power": ""}, "Act and section"),
        ({"lawful_basis": "6-1-ea"}, "which recognised legitimate interest"),
        ({"lawful_basis": "6-1-ea", "annex_1": "6"}, "public authority cannot rely"),
        ({"lawful_basis": "6-1-f"}, "public authority cannot rely"),
        ({"fields": ["identifiers"], "article_9": ""}, "special-category data"),
        ({"fields": ["records"], "sources": ["social_care"], "article_9": ""}, "special-category data"),
        ({"fields": ["records"], "sources": ["*"], "article_9": ""}, "special-category data"),
        ({"fields": ["identifiers"], "article_9": "9-2-g", "schedule_1": "2"}, "needs one of these paragraphs"),
        ({"article_10": ""}, "criminal offences"),
        ({"article_10": "10"}, "policy document"),
        ({"dpia": ""}, "impact assessment"),
        ({"retention": ""}, "how long"),
        ({"security": ""}, "kept safe"),
        ({"rights": ""}, "rights are served"),
        ({"frequency": ""}, "how often"),
    ],
)
def test_each_term_is_asked_for(changes: dict[str, Any], said: str) -> None:
    assert any(said in words for words in missing(changes)), missing(changes)


def test_without_a_party_it_is_nobodys_agreement() -> None:
    assert any("organisations that agree" in words for words in missing(parties=()))


def test_a_charity_may_rely_on_a_recognised_legitimate_interest() -> None:
    changes = {"lawful_basis": "6-1-ea", "annex_1": "6", "controllers": "separate", "roles": ["volunteer"]}
    assert missing(changes, parties=(OURS, CHARITY)) == []


def test_council_tax_alone_tells_of_nobodys_health() -> None:
    assert special_reasons(["name", "records"], ["council_tax"], SOURCES) == []


names = st.sets(st.sampled_from([*FIELDS, "*"]))
codes = st.sets(st.sampled_from([*SOURCES, "not_loaded", "*"]))


@given(fields=names, more=names, sources=codes, others=codes)
def test_opening_more_never_makes_it_less_sensitive(fields: set, more: set, sources: set, others: set) -> None:
    if special_reasons(fields, sources, SOURCES):
        assert special_reasons(fields | more, sources | others, SOURCES)


@given(fields=names, sources=codes, condition=st.sampled_from(["", *grounds.ARTICLE_9]))
def test_nothing_special_is_whole_without_a_condition(fields: set, sources: set, condition: str) -> None:
    changes = {"fields": sorted(fields), "sources": sorted(sources), "article_9": condition}
    if special_reasons(fields, sources, SOURCES) and not condition:
        assert missing(changes)


def test_every_paragraph_that_a_condition_needs_is_offered() -> None:
    for needed in grounds.PARTS_FOR.values():
        assert needed <= set(grounds.SCHEDULE_1)
