"""How the index decides that two records are of one person, as it stands in the register of decision rules."""

from django.utils.translation import gettext_noop as _

from borough.governance.decisions.rule import About, Rule

RULE = Rule(
    code="who-is-who",
    version="1",
    title=_("Which records are of one person"),
    question=_("Are these two records of the same person?"),
    logic=(
        _("Names, dates of birth, addresses, numbers and contacts of two records are compared."),
        _("Each agreement counts for as much as it tells people apart, and each difference against it."),
        _("Where the sum makes it very likely, the records are joined. Where it is in doubt, a person decides."),
    ),
    cites="Fellegi and Sunter 1969; UK GDPR Article 5(1)(d), accuracy",
    purpose="residents-index",
    owner=_("Head of data"),
    inputs={
        "names": _("Names, and former names"),
        "dob": _("Date of birth"),
        "address": _("Addresses"),
        "numbers": _("National Insurance and NHS numbers"),
        "contacts": _("Phone numbers and email addresses"),
    },
    outcomes={"apart": _("Two people"), "same": _("One person")},
    human_review=_(
        "Doubtful pairs wait for a person. Anything that was joined can be taken apart again, with its history."
    ),
    about=About(
        why=_("A resident is known once and correctly, instead of differently in each system."),
        before=_("Each system on its own, and officers searching in several."),
        instead=_("Joining by exact numbers alone, which misses those whose records lack them."),
        scale=_("Every record, every night."),
        made_of=_("A probabilistic model (Splink) with weights learnt from the records themselves, without labels."),
        training=_(
            "Reviewers see both records and the reasons; a second person must agree where a mistake would harm."
        ),
        upkeep=_("Quality is counted with every full linking, and what has jumped since the last load is shown."),
        performance=_(
            "Precision and recall are measured by review, with an interval, also by naming tradition and age."
        ),
        risks=(
            (
                _("Two people are taken for one, and each is shown the other's circumstances."),
                _("Doubt goes to a person; every join can be undone; who may look is named in an agreement."),
            ),
            (
                _("Names of some traditions are matched worse than others."),
                _("The gap is measured and shown on the quality page."),
            ),
        ),
    ),
    solely_automated=True,
    special=True,
    not_kept=_("The index keeps each join and its reasons in its own history, where it can be undone."),
    sources=("*",),
)
