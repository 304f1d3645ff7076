"""What a referral does by itself: when it is chased, where it goes on to, what a service reads first. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext_noop as _

# Why a service, or whoever reads its mail, comes to personal data at all; its agreement says for how long.
PURPOSE = "take-referrals"

LINK_KEPT = timedelta(days=30)
# A person who says yes to "similar services" did not agree to be passed round the borough.
MOST_IN_TURN = 3

AGE_BANDS = {
    "under_18": _("Under 18"),
    "18_24": _("18 to 24"),
    "25_44": _("25 to 44"),
    "45_64": _("45 to 64"),
    "65_79": _("65 to 79"),
    "80_over": _("80 or over"),
}
_FROM_AGE = ((80, "80_over"), (65, "65_79"), (45, "45_64"), (25, "25_44"), (18, "18_24"), (0, "under_18"))


def age_band(born_on: date | None, today: date) -> str:
    """A code of AGE_BANDS; empty where we do not know the date of birth."""
    if born_on is None:
        return ""
    age = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
    return next((band for start, band in _FROM_AGE if age >= start), "")


def reminder_days(answer_days: int) -> list[int]:
    """After how many working days a service is reminded: 6 and 9 of 10, as Connected Kingston does."""
    return sorted({day for day in (answer_days * 6 // 10, answer_days * 9 // 10) if 0 < day < answer_days})


def reminders_due(answer_days: int, waited: int) -> int:
    """How many reminders a service should have had after `waited` working days."""
    return sum(waited >= day for day in reminder_days(answer_days))


def next_best(found: Sequence[str], asked: Collection[str], answers: Mapping[str, tuple[int, int]]) -> str:
    """Whom to ask next of the services found for the need, best and nearest first; empty where nobody is left.

    `asked` have been asked already, and are never asked twice. `answers` are (accepted, asked) of each so far: a place
    in the search is weighed by how often a service says yes, with one yes and one no added, so that a new one has a
    fair chance.
    """

    def weight(place: int) -> float:
        accepted, times = answers.get(found[place], (0, 0))
        return (place + 1) * (times + 2) / (accepted + 1)

    left = [place for place in range(len(found)) if found[place] not in asked]
    return found[min(left, key=weight)] if left and len(asked) < MOST_IN_TURN else ""
