"""How people say they are, before help and after it, in the words of published instruments. Pure.

ONS4: Office for National Statistics, personal well-being user guidance; Crown copyright, Open Government Licence v3.0.
Its four answers are reported one by one, never added up; of anxiety, less is better.

SWEMWBS: Short Warwick-Edinburgh Mental Well-being Scale, © NHS Health Scotland, University of Warwick and University of
Edinburgh, 2008, all rights reserved. Its items go only to who is registered with the University of Warwick (the licence
costs a council nothing), so the house does not hold their words: staff ask from their own licensed copy and enter what
was answered by the item's number. Raw totals become metric scores by Stewart-Brown and others, 2009, Health and Quality
of Life Outcomes 7:15.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True)
class Item:
    code: str
    words: str
    hint: str = ""


@dataclass(frozen=True)
class Instrument:
    """`lowest` and `highest` bound each answer. `open_words`: anybody may be shown them, so they go on a resident's
    page; else a worker asks. `measures` maps what it reports to its title, `less_is_better` those of which that holds.
    """

    code: str
    title: str
    items: tuple[Item, ...]
    lowest: int
    highest: int
    source: str
    open_words: bool
    measures: Mapping[str, str]
    less_is_better: frozenset[str] = frozenset()

    def problem_with(self, answers: Mapping[str, int]) -> bool:
        """Whether these are not answers to this instrument: an item it has not, a number that is none of its scale, or
        nothing at all. One whose answers are added up needs them all."""
        known = {item.code for item in self.items}
        within = all(self.lowest <= number <= self.highest for number in answers.values())
        enough = bool(answers) if self.open_words else set(answers) == known
        return not (within and enough and set(answers) <= known)

    def scores(self, answers: Mapping[str, int]) -> dict[str, float]:
        """What the answers come to, by measure."""
        if self.code == "swemwbs":
            return {"swemwbs": SWEMWBS_METRIC[sum(answers.values()) - 7]}
        return {code: float(number) for code, number in answers.items()}


_SCALE = _("From 0, not at all, to 10, completely.")
ONS4 = Instrument(
    code="ons4",
    title=_("How you feel about your life"),
    items=(
        Item("satisfaction", _("Overall, how satisfied are you with your life nowadays?"), _SCALE),
        Item(
            "worthwhile",
            _("Overall, to what extent do you feel that the things you do in your life are worthwhile?"),
            _SCALE,
        ),
        Item("happiness", _("Overall, how happy did you feel yesterday?"), _SCALE),
        Item(
            "anxiety",
            _(
                "On a scale where 0 is “not at all anxious” and 10 is “completely anxious”, overall, how anxious did "
                "you feel yesterday?"
            ),
        ),
    ),
    lowest=0,
    highest=10,
    source=_(
        "Questions: Office for National Statistics, personal well-being (ONS4), under the Open Government Licence v3.0"
    ),
    open_words=True,
    measures={
        "satisfaction": _("Life satisfaction (ONS4, 0 to 10)"),
        "worthwhile": _("Things are worthwhile (ONS4, 0 to 10)"),
        "happiness": _("Happiness yesterday (ONS4, 0 to 10)"),
        "anxiety": _("Anxiety yesterday (ONS4, 0 to 10, less is better)"),
    },
    less_is_better=frozenset({"anxiety"}),
)
_BY_NUMBER = (_("Item 1"), _("Item 2"), _("Item 3"), _("Item 4"), _("Item 5"), _("Item 6"), _("Item 7"))
SWEMWBS = Instrument(
    code="swemwbs",
    title=_("Mental wellbeing (SWEMWBS)"),
    items=tuple(Item(f"item_{number}", words) for number, words in enumerate(_BY_NUMBER, 1)),
    lowest=1,
    highest=5,
    source=_(
        "SWEMWBS © NHS Health Scotland, University of Warwick and University of Edinburgh, 2008, all rights reserved. "
        "Ask from your council's licensed copy."
    ),
    open_words=False,
    measures={"swemwbs": _("Mental wellbeing (SWEMWBS metric score, 7 to 35)")},
)
INSTRUMENTS = {one.code: one for one in (ONS4, SWEMWBS)}
MEASURES = {code: title for one in INSTRUMENTS.values() for code, title in one.measures.items()}
LESS_IS_BETTER = frozenset(code for one in INSTRUMENTS.values() for code in one.less_is_better)

# The metric score of a raw total of 7, 8, … 35.
SWEMWBS_METRIC = (
    *(7.00, 9.51, 11.25, 12.40, 13.33, 14.08, 14.75, 15.32, 15.84, 16.36),
    *(16.88, 17.43, 17.98, 18.59, 19.25, 19.98, 20.73, 21.54, 22.35, 23.21),
    *(24.11, 25.03, 26.02, 27.03, 28.13, 29.31, 30.70, 32.55, 35.00),
)
