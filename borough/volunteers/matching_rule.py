"""Which volunteer is asked first, as it stands in the register of decision rules."""

from django.utils.translation import gettext_noop as _

from borough.governance.decisions.rule import About, Rule

RULE = Rule(
    code="volunteer-matching",
    version="3",
    title=_("Which volunteer is asked first"),
    question=_("Which volunteer should be asked to help with this case?"),
    logic=(
        _(
            "Only volunteers who are on duty and can do it: the skill, the distance, the hours and days away, room in "
            "their week, and checks in date on the day of the task (DBS where one is needed, licence and insurance of "
            "who goes by car); the language, where an interpreter is needed. Nobody is in two places at once, nobody "
            "who rests after much work is asked, and whom one side does not want is never sent. Where nobody is to go "
            "alone, two go together or nobody does."
        ),
        _(
            "Of all ways to share out the open tasks, the one that places the most, the urgent first; then short ways "
            "of travel, a volunteer whom the resident knows and was content with, a common language, an even share of "
            "the work, who was never asked or not for long, and who mostly says yes. Who would rather not do such a "
            "task is asked only where nobody else could."
        ),
        _("A coordinator can change every suggestion. The volunteer accepts or declines; then the next best is asked."),
    ),
    cites="Care Act 2014 section 2",
    purpose="offer-help",
    owner=_("Volunteer coordinator"),
    inputs={
        "need": _("What is needed, when, and how urgent it is"),
        "distance": _("Distance between homes, from the postcode, and how the volunteer travels"),
        "skills": _("The volunteer's skills and languages"),
        "checks": _("Until when the volunteer's checks are in date"),
        "hours": _("When the volunteer is free"),
        "wish": _("Which kinds of task the volunteer would rather not do"),
        "load": _("Tasks that the volunteer has in the week, and when they were last asked"),
        "answers": _("How often the volunteer said yes to what they were asked in the last eight weeks"),
        "before": _("Who helped this resident before, and whether that met the need"),
    },
    outcomes={"none": _("Nobody is asked by the computer"), "asked": _("A volunteer is asked")},
    human_review=_("The volunteer decides. A coordinator sees every offer, can withdraw it and ask somebody else."),
    about=About(
        why=_("All open tasks are shared out together, so that as many as can be find somebody near."),
        before=_("A coordinator called volunteers from a list, one after another."),
        instead=_("First come, first served: fewer cases would find a volunteer."),
        scale=_("Whenever cases wait; offers and answers are counted for the coordinator."),
        made_of=_("An optimiser (a linear programme). No machine learning."),
        training=_("Coordinators see why a volunteer was suggested."),
        upkeep=_("Read again with the agreement that opens its data."),
        performance=_("How many cases are matched, and how many volunteers say yes, is counted."),
        risks=(
            (
                _("An unsuitable volunteer goes to somebody's home."),
                _("Checks are required for the needs that call for them; either side can raise a concern."),
            ),
        ),
    ),
    not_kept=_("Each offer and its answer is kept with the case."),
)
