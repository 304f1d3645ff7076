"""What services and residents are told of a referral."""

from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse

from borough.accounts.policies import SYSTEM, Viewer, check_may_work_as
from borough.cases.answering import send_case_message
from borough.cases.kinds import kind
from borough.cases.models import Referral
from borough.cases.referrals.changing import purpose_of
from borough.cases.referrals.reading import consent_token
from borough.common.words import date_words
from borough.directory.queries import read_service
from borough.governance.door import open_door
from borough.messaging.actions import send_to_address

# Which receipt belongs to which state: one that is not true any more is not sent.
RECEIPTS = {"receipt": "requested", "receipt_accepted": "accepted"}


def write_to_service(
    *,
    by: Viewer,
    referral: Referral,
    wording: str,
    key: str,
    values: Mapping[str, str] | None = None,
    at_once: bool = False,
) -> str | None:
    """Write to a service at its address in the directory: a reference and a link, and nothing of the person.

    Returns the message's id, None where the directory has no e-mail address nor mobile of it: then telephone.
    """
    service, case = read_service(referral.service_id), referral.case
    words = {
        "reference": case.reference,
        "service": service.name,
        "answer_by": date_words(referral.answer_by) if referral.answer_by else "",
        **(values or {}),
    }
    return send_to_address(
        by=by,
        name=service.organization,
        phone="" if service.email else service.phone,
        email=service.email,
        wording=kind(case.service).wording(wording),
        about=f"case:{case.id}",
        key=key,
        values=words,
        at_once=at_once,
    )


def send_receipt(*, by: Viewer, referral_id: int, wording: str) -> str | None:
    """Tell the person what became of their request, in their language and channel, and how to take it back.

    Once for each referral and wording. Returns the message's id, None where nobody is written to.
    """
    check_may_work_as(by, SYSTEM)
    open_door(viewer=by, purpose=purpose_of(referral_id), verb="cases.send_receipt")
    referral = Referral.objects.select_related("case").get(pk=referral_id)
    if referral.state != RECEIPTS[wording]:
        return None
    service = read_service(referral.service_id)
    return send_case_message(
        by=by,
        case_id=referral.case_id,
        wording=wording,
        key=f"{wording}:{referral.pk}",
        link=consent_link(referral),
        values={"service": f"{service.name} ({service.organization})"},
    )


def tell_withdrawn(*, by: Viewer, referral_id: int) -> None:
    """Tell a service that a referral was taken back. Why is nobody's business. Once for each referral."""
    check_may_work_as(by, SYSTEM)
    open_door(viewer=by, purpose=purpose_of(referral_id), verb="cases.tell_withdrawn")
    referral = Referral.objects.select_related("case").get(pk=referral_id)
    write_to_service(by=by, referral=referral, wording="service_withdrawn", key=f"referral-withdrawn:{referral.pk}")


def consent_link(referral: Referral) -> str:
    """Where the person takes their consent back, for this referral and whatever comes of it."""
    return settings.BASE_URL.rstrip("/") + reverse("referrals:consent", args=[consent_token(referral)])
