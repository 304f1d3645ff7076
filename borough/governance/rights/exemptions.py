"""When the law lets a look be shown later, or not to somebody else. Pure: each rule cites its provision.

A rule is applied case by case, by a person who says why, for so long; a second person confirms it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from borough.common.states import StateTable

EXEMPTION_STATES = StateTable(
    name="exemption",
    labels={
        "set": "In force, to be confirmed",
        "confirmed": "In force",
        "refused": "Refused",
        "ended": "Ended",
    },
    allowed={
        "set": frozenset({"confirmed", "refused", "ended"}),
        "confirmed": frozenset({"ended"}),
        "refused": frozenset(),
        "ended": frozenset(),
    },
)

# It works at once, so that an enquiry is not given away; it lapses unless somebody else confirms it in time.
CONFIRM_WITHIN = timedelta(days=7)


@dataclass(frozen=True)
class Rule:
    """`purposes` are those whose looks are delayed. `about_others`: nothing is delayed; this person is not counted
    where others read, and gets no link that somebody in their home could open. `test` is what the person who sets it
    must be able to say, `longest` how long it may last before it is set anew."""

    code: str
    title: str | Promise
    provision: str
    test: str | Promise
    purposes: frozenset[str]
    longest: timedelta
    about_others: bool = False


RULES = {
    rule.code: rule
    for rule in (
        Rule(
            code="crime",
            title=_("An enquiry into a crime, such as fraud"),
            provision="Data Protection Act 2018, Schedule 2, paragraph 2(1)(a) and (b)",
            test=_("Showing the look now would be likely to prejudice the enquiry."),
            purposes=frozenset({"find-sublets"}),
            longest=timedelta(days=92),
        ),
        Rule(
            code="tax",
            title=_("An enquiry into council tax"),
            provision="Data Protection Act 2018, Schedule 2, paragraph 2(1)(c)",
            test=_("Showing the look now would be likely to prejudice the assessment or collection of the tax."),
            purposes=frozenset({"review-discounts"}),
            longest=timedelta(days=92),
        ),
        Rule(
            code="safeguarding",
            title=_("An enquiry to keep somebody safe"),
            provision="Data Protection Act 2018, Schedule 3, paragraph 11, with the test of paragraph 7(2)",
            test=_(
                "Showing the look now would be likely to prejudice social work, because it would be likely to cause "
                "serious harm to the health of this person or another."
            ),
            purposes=frozenset({"offer-help", "respond-to-emergency"}),
            longest=timedelta(days=92),
        ),
        Rule(
            code="hidden",
            title=_("A person whose address must stay hidden"),
            provision="Data Protection Act 2018, Schedule 2, paragraph 16",
            test=_("What another person reads would tell of this person, who has not agreed and would be at risk."),
            purposes=frozenset(),
            longest=timedelta(days=366),
            about_others=True,
        ),
    )
}


@dataclass(frozen=True)
class Applied:
    """A rule as it is applied to one person. `since`: looks before that day are shown."""

    rule: str
    state: str
    since: date
    set_at: datetime
    until: date


def in_force(one: Applied, now: datetime, today: date) -> bool:
    """From when it is set, until it ends, its day comes, or nobody has confirmed it in time."""
    if one.state not in ("set", "confirmed") or today >= one.until:
        return False
    return one.state == "confirmed" or now < one.set_at + CONFIRM_WITHIN


def may_last_until(rule: Rule, today: date) -> date:
    return today + rule.longest


def rules_for(purpose: str) -> list[Rule]:
    """The rules that somebody who works for this purpose may apply; oversight may apply all."""
    if purpose == "oversight":
        return list(RULES.values())
    return [
        rule for rule in RULES.values() if purpose in rule.purposes or (rule.about_others and purpose == "offer-help")
    ]


def shown_count(people: int, hidden: int) -> int:
    """How many people a look was at, as others may read it: as if those who must stay hidden were not there."""
    return max(1, people - hidden)


def quarter_of(day: date) -> tuple[int, int]:
    return day.year, (day.month + 2) // 3


def finished_quarters(days: Collection[date], today: date) -> list[tuple[int, int]]:
    """The quarters of these days that are over, the newest first: a figure that still grows would tell of a person."""
    return sorted({quarter_of(day) for day in days if quarter_of(day) < quarter_of(today)}, reverse=True)
