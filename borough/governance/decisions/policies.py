"""When a rule may be switched on, and who may look again. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import median

from django.utils.translation import gettext as _

from borough.governance.register import grounds

# From so many reviews on, a pattern is one.
ENOUGH_REVIEWS = 5


def what_bars(
    *, special: bool, significant: bool, solely_automated: bool, lawful_basis: str, article_9: str, schedule_1: str
) -> list[str]:
    """Why a rule may not be switched on; empty when it may. UK GDPR Articles 9 and 22B."""
    barred = []
    if special and article_9 not in grounds.ARTICLE_9:
        barred.append(_("It uses special-category data: choose the condition of Article 9 that allows it."))
    needs = grounds.PARTS_FOR.get(article_9)
    if special and needs and schedule_1 not in needs:
        words = _("This condition of Article 9 needs one of these paragraphs of Schedule 1: %(numbers)s.")
        barred.append(words % {"numbers": ", ".join(sorted(needs, key=int))})
    if significant and solely_automated:
        if special and article_9 not in (grounds.EXPLICIT_CONSENT, grounds.SUBSTANTIAL_PUBLIC_INTEREST):
            words = _(
                "By special-category data a person must decide this, but with explicit consent or by law (Art. 22B)."
            )
            barred.append(words)
        if lawful_basis == grounds.RECOGNISED:
            barred.append(_("A rule alone may not decide this on a recognised legitimate interest (Article 22B(4))."))
    return barred


def may_look_again(reviewer: str, before: Collection[str]) -> bool:
    """Whether this reviewer may settle a challenge: not one's own decision."""
    return reviewer not in before


@dataclass(frozen=True)
class ReviewerFigures:
    """How somebody reviews. `minutes` is the median."""

    name: str
    reviews: int
    overturned: int
    minutes: float

    @property
    def only_nods(self) -> bool:
        """Never disagrees and spends no time: no meaningful human involvement (UK GDPR Article 22A(1)(a))."""
        return self.reviews >= ENOUGH_REVIEWS and not self.overturned and self.minutes < 1


def figures_of(name: str, reviews: Sequence[tuple[int, bool]]) -> ReviewerFigures:
    """From (minutes, overturned) of each review."""
    return ReviewerFigures(
        name=name,
        reviews=len(reviews),
        overturned=sum(overturned for _minutes, overturned in reviews),
        minutes=float(median([minutes for minutes, _overturned in reviews])) if reviews else 0.0,
    )
