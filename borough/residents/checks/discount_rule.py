"""Whether to ask a household about its single person discount. Pure: facts in, a proposal out.

Local Government Finance Act 1992 section 11 and Schedule 1; Council Tax (Administration and Enforcement) Regulations
1992 (SI 1992/613) regulations 14 and 16: the authority takes reasonable steps to find out whether a discount is due,
and assumes that it is where it has no reason to believe otherwise. Rule of 22 November 2026.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from borough.governance.decisions.rule import About, Inputs, Rule, Verdict

# One system may be out of date. The register of electors is checked at every home each year.
SURE = "electoral_roll"
ENOUGH_SYSTEMS = 2


def propose(inputs: Inputs) -> Verdict:
    """`adults` other than the account holder, `systems` that found them (codes). Never proposes to end a discount."""
    adults, systems = int(inputs["adults"]), list(inputs["systems"])
    if adults < 1:
        return Verdict("leave", _("No other record shows a second adult at your home."))
    if SURE in systems:
        return Verdict("ask", _("The electoral register shows another adult at your home."))
    if len(systems) >= ENOUGH_SYSTEMS:
        return Verdict("ask", _("More than one council record shows another adult at your home."))
    return Verdict("leave", _("One council record shows another adult at your home. It may be out of date."))


RULE = Rule(
    code="single-person-discount",
    version="2026-11-22",
    title=gettext_noop("Whom to ask about a single person discount"),
    question=gettext_noop("Should the council ask this household whether its council tax discount is still right?"),
    logic=(
        gettext_noop("Ask, if the electoral register shows another adult at the home."),
        gettext_noop("Ask, if two or more other council records show another adult there."),
        gettext_noop("Else leave it as it is. The rule never ends a discount."),
    ),
    cites="Local Government Finance Act 1992 section 11; SI 1992/613 regulations 14 and 16",
    purpose="review-discounts",
    owner=gettext_noop("Head of revenues"),
    inputs={
        "adults": gettext_noop("Other adults found at your home"),
        "systems": gettext_noop("Council records that show them"),
    },
    outcomes={
        "leave": gettext_noop("We are not asking about your discount"),
        "ask": gettext_noop("We are asking who lives at your home, to check your discount"),
    },
    human_review=gettext_noop(
        "An officer reads every proposal and decides. The discount stays until you have answered."
    ),
    about=About(
        why=gettext_noop("The council asks the households where something changed, and leaves the others in peace."),
        before=gettext_noop(
            "Every household with the discount got a form each year or two, and officers compared lists."
        ),
        instead=gettext_noop(
            "A yearly form to everybody; a credit reference agency. Both use more data of more people."
        ),
        scale=gettext_noop("Before the yearly bills; the numbers taken are shown beside this."),
        made_of=gettext_noop("Fixed rules written by people. No machine learning."),
        training=gettext_noop("Officers are shown what could explain a row although nothing is wrong."),
        upkeep=gettext_noop("Read again with the agreement that opens its data, at least once a year."),
        performance=gettext_noop("How often an officer decides otherwise is counted and shown beside this."),
        risks=(
            (
                gettext_noop("Records are wrong or old, and somebody is asked without need."),
                gettext_noop(
                    "Only records since the account began; an officer looks first; nothing changes by itself."
                ),
            ),
            (
                gettext_noop("Two people with one name are taken for two homes' worth of adults."),
                gettext_noop("How well the index tells people apart is measured by naming tradition."),
            ),
        ),
    ),
    significant=True,
    decide=propose,
    sources=("council_tax", "electoral_roll", "housing_rents", "housing_benefit", "libraries", "parking_permits"),
)
