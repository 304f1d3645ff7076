"""Who may decide who is who, and which decisions one person is not enough for."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from borough.accounts.policies import ANALYST, IG_OFFICER, Viewer, may_work_as
from borough.common.errors import NotAllowed

REVIEW = "clerical-review"
# The second reader is somebody else, so more than one role reads.
REVIEWERS = (ANALYST, IG_OFFICER)

# What these systems hold harms a person when it is read into another's record.
RESTRICTED_SOURCES = frozenset({"adult_social_care", "childrens_social_care"})
# So many systems act on each of two people that a wrong merger reaches further than one reader sees.
MANY_SYSTEMS = 4
# Bits: a thousand to one for one person. To say "different" against that, one says why.
STRONG = 10.0
# One pair in so many is read twice whatever it says: agreement measured on the hard ones alone says nothing.
SAMPLED = 20

SECOND_READER = {
    "": "",
    "nhs_number": _("they have different NHS numbers"),
    "nino": _("they have different National Insurance numbers"),
    "restricted": _("adult or children's social care knows one of them"),
    "many_systems": _("many systems act on both of them"),
    "refused": _("the index has refused to join them"),
    "apart": _("somebody decided that they are different people"),
    "disagree": _("nobody else has said the same yet"),
    "sample": _("one pair in 20 is read twice, to measure how far readers agree"),
}


@dataclass(frozen=True)
class Person:
    """What matters about a resident before they are joined to another. `sources` where a record has not ended."""

    nhs_numbers: frozenset[str] = frozenset()
    ninos: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()


def may_review(viewer: Viewer, purpose: str) -> bool:
    return purpose == REVIEW and may_work_as(viewer, *REVIEWERS)


def check_may_review(viewer: Viewer, purpose: str) -> None:
    """Raise NotAllowed unless `may_review`."""
    if not may_review(viewer, purpose):
        raise NotAllowed(
            "You cannot review who is who for this purpose.",
            "Choose the purpose “Review who is who”, or ask the information governance team.",
        )


def second_reader_for(one: Person, other: Person, *, refused: bool = False, apart: bool = False) -> str:
    """Why a second person must say so too before these two residents become one, as a key of SECOND_READER.

    Empty where one is enough. `refused`: the index would not join them; `apart`: people decided that they differ.
    """
    if one.nhs_numbers and other.nhs_numbers and not one.nhs_numbers & other.nhs_numbers:
        return "nhs_number"
    if one.ninos and other.ninos and not one.ninos & other.ninos:
        return "nino"
    if (one.sources | other.sources) & RESTRICTED_SOURCES:
        return "restricted"
    if len(one.sources) >= MANY_SYSTEMS and len(other.sources) >= MANY_SYSTEMS:
        return "many_systems"
    if apart:
        return "apart"
    return "refused" if refused else ""


def is_read_twice(low: int, high: int) -> bool:
    """Is this pair one of those that two people read to measure how far readers agree? The same each time."""
    # 31 is prime to 20, so that records loaded side by side are not chosen together.
    return (low * 31 + high) % SAMPLED == 0


def must_say_why(says: str, *, weight: float | None, refused: bool, shares_identifier: bool, apart: bool) -> bool:
    """Does this decision override what the index, its evidence or another person says?"""
    if says == "same":
        return refused or apart
    if says == "different":
        return shares_identifier or (weight is not None and weight >= STRONG)
    return False
