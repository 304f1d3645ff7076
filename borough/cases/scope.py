"""Which cases a viewer works on, and which wait for the person's answer."""

from collections.abc import Collection

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from borough.accounts.policies import SYSTEM, Viewer, may_work_as
from borough.cases.kinds import CaseKind, all_kinds, kind
from borough.cases.models import CHASED_BY_HAND, Case, Feedback
from borough.common.errors import NotAllowed, NotFound
from borough.governance.door import without_the_door


def kinds_of(viewer: Viewer, purpose: str) -> list[CaseKind]:
    return [one for one in all_kinds() if one.purpose == purpose and may_work_as(viewer, SYSTEM, *one.roles)]


def worked_by(viewer: Viewer, purpose: str) -> QuerySet[Case]:
    kinds = kinds_of(viewer, purpose)
    check_some(kinds)
    return Case.objects.filter(service__in=[one.code for one in kinds])


def kind_of(case_id: str) -> CaseKind:
    """The kind of a case, which says for what purpose its door opens: read before it does. Raises NotFound."""
    with without_the_door():
        service = Case.objects.filter(pk=case_id).values_list("service", flat=True).first()
    if service is None:
        raise NotFound(_("There is no such case."), _("Check the reference."))
    return kind(service)


def check_some(kinds: Collection[CaseKind]) -> None:
    """Raise NotAllowed where a viewer works on no kind of case."""
    if not kinds:
        raise NotAllowed(
            _("You cannot see these cases."), _("Choose another purpose, or ask your team's administrator.")
        )


def waiting_feedback() -> QuerySet[Feedback]:
    """What the person was asked about the latest delivery of a case that still waits for their answer."""
    return Feedback.objects.filter(answered_at=None, case__state="delivered", delivery=F("case__deliveries"))


def to_ask_by_hand() -> Q:
    """Of a case: staff are to call or write to ask whether the help met the need.

    Looked for among the cases that wait for an answer, which are few, not among all that was ever asked.
    """
    asked = Feedback.objects.filter(case=OuterRef("pk"), delivery=OuterRef("deliveries"), answered_at=None)
    return Q(Exists(asked.filter(chased_by__in=CHASED_BY_HAND, asked_by_hand_at=None)), state="delivered")
