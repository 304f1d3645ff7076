"""The score of signs of need, as it stands in the register of decision rules."""

from django.utils.translation import gettext_noop as _

from borough.governance.decisions.rule import About, Rule
from borough.insight.indicators import INDICATORS, SCORE

RULE = Rule(
    code="signs-of-need",
    version="1",
    title=_("Who may be offered help first"),
    question=_("How many signs are there that this resident may need help?"),
    logic=(
        _("Each sign below that a resident shows adds the points written beside it."),
        _("An analyst chooses whom to write to by signs and points, and sees names only when the choice is fixed."),
        _("Points only offer: nothing is refused or taken away for having few or many."),
    ),
    cites="Care Act 2014 section 2",
    purpose="find-need",
    owner=_("Director of adult social care"),
    inputs={one.code: f"{one.title} ({one.points})" for one in INDICATORS.values() if one.points and one.code != SCORE},
    outcomes={"none": _("No message"), "offer": _("A message that offers help")},
    human_review=_("A person draws up each list and starts each campaign. Whoever is written to can say no."),
    about=About(
        why=_("Help is offered before a crisis, to those who would not ask."),
        before=_("People were found when they called, or when something had happened."),
        instead=_("A learnt model: turned down, because nobody could be told why they were written to."),
        scale=_("Every resident, every night; lists are drawn up when a campaign is planned."),
        made_of=_("Points added up by fixed rules. No machine learning."),
        training=_("Analysts see what each sign means and from which records it comes."),
        upkeep=_("Signs and points are read again with the agreement that opens their data."),
        performance=_("How many were reached, asked for help and had their need met is shown for each service."),
        risks=(
            (
                _("Somebody feels watched, or is written to without need."),
                _("The message says why it came and how to stop more; each look is in the ledger."),
            ),
            (
                _("Those whom systems hardly know are missed."),
                _("Anybody can ask for help without being on a list."),
            ),
        ),
    ),
    special=True,
    profiling=True,
    not_kept=_("Points are made again every night and shown, with their reasons, on the resident's page."),
    sources=("*",),
)
