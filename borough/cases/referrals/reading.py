"""What a service reads of what was referred to it, and what a person's own link is about."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.policies import PARTNER, Viewer, check_may_work_as
from borough.cases.kinds import kind
from borough.cases.models import REFERRAL_LIVE, Referral
from borough.cases.referrals.changing import own_referrals
from borough.cases.referrals.rules import AGE_BANDS, PURPOSE
from borough.common import clock
from borough.common.errors import NotFound
from borough.common.links import make_token, read_token
from borough.directory.queries import read_service, read_services
from borough.governance.door import open_door, without_the_door
from borough.residents.queries import list_contacts

CONSENT_LINK = "cases:consent"
CONSENT_LINK_KEPT = timedelta(days=365)
INBOX_LIMIT = 500


@dataclass(frozen=True)
class ReferralLine:
    """A referral in a service's list: what it is to decide by, and no name."""

    id: int
    reference: str
    service: str
    need_label: str
    area: str
    age_band: str
    state: str
    asked_at: datetime
    answer_by: date | None
    overdue: bool


@dataclass(frozen=True)
class ReferralPage(ReferralLine):
    """One referral as its service reads it. What stands below `starts_on` is empty until it has accepted, and again
    when it is over; of the rest only what the agreement opens."""

    organization: str
    starts_on: date | None
    words: str
    message: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    language: str = ""


def list_referrals(*, viewer: Viewer, show: str = "waiting") -> list[ReferralLine]:
    """What was referred to the partner's organisation, the next deadline first. `show`: waiting, accepted, over."""
    check_may_work_as(viewer, PARTNER)
    opening = open_door(viewer=viewer, purpose=PURPOSE, verb="cases.list_referrals")
    rows = own_referrals(viewer).filter(_shown(show)).select_related("case")
    found = list(rows.order_by("answer_by", "asked_at", "pk")[:INBOX_LIMIT])
    names = {service_id: one.name for service_id, one in read_services({row.service_id for row in found}).items()}
    opening.saw([row.case.resident_id for row in found if row.case.resident_id])
    return [ReferralLine(**_line(row, names.get(row.service_id, ""))) for row in found]


def count_referrals(*, viewer: Viewer) -> dict[str, int]:
    """How many wait for an answer, are late, are accepted and are over. One query."""
    check_may_work_as(viewer, PARTNER)
    counts = {show: Count("id", filter=_shown(show)) for show in ("waiting", "late", "accepted", "over")}
    with without_the_door():
        return own_referrals(viewer).aggregate(**counts)


def read_referral(referral_id: int, *, viewer: Viewer) -> ReferralPage:
    """One referral of the partner's organisation; any other is "not found". Who it is about opens once accepted."""
    check_may_work_as(viewer, PARTNER)
    opening = open_door(viewer=viewer, purpose=PURPOSE, verb="cases.read_referral")
    row = own_referrals(viewer).filter(pk=referral_id).select_related("case").first()
    if row is None:
        raise NotFound(_("There is no such referral."), _("Open it from your list."))
    service = read_service(row.service_id)
    opening.saw([row.case.resident_id] if row.case.resident_id else [])
    person: dict[str, Any] = {}
    if row.state == "accepted":
        person = {"message": row.message, **_person(row, viewer)}
    return ReferralPage(
        **_line(row, service.name),
        organization=service.organization,
        starts_on=row.starts_on,
        words=row.words,
        **person,
    )


def consent_behind(token: str) -> str:
    """The reference of the request that a link in a receipt is about. Names no service: others may look on.

    Raises NotFound, in words for its reader, when it opens nothing.
    """
    return referral_behind(token).case.reference


def referral_behind(token: str) -> Referral:
    """The referral of a receipt's link, while we hold anything of it: its ids and the case's reference and service."""
    referral_id = read_token(CONSENT_LINK, token, keep=CONSENT_LINK_KEPT)
    brief = Referral.objects.select_related("case").only("case_id", "task_id", "case__reference", "case__service")
    with without_the_door():
        found = brief.filter(pk=int(referral_id), forgotten_at__isnull=True).first()
    if found is None:
        raise NotFound(_("This request is over."), _("We hold nothing of it any more."))
    return found


def consent_token(referral: Referral) -> str:
    return make_token(CONSENT_LINK, str(referral.pk))


def _person(row: Referral, viewer: Viewer) -> dict[str, str]:
    """Who it is and how to reach them: what the residents index holds, else what they wrote themselves."""
    case = row.case
    if case.resident_id:
        contact = list_contacts([case.resident_id], viewer=viewer, purpose=PURPOSE).get(case.resident_id)
        if contact is None:
            return {}
        where = ", ".join(filter(None, (contact.address, contact.postcode)))
        given = {"name": contact.name, "phone": contact.phone, "email": contact.email, "address": where}
        return {**given, "language": contact.language}
    opening = open_door(viewer=viewer, purpose=PURPOSE, verb="cases.read_referral")
    name, reach = opening.shows("name"), opening.shows("contact")
    return {
        "name": case.asker_name if name else "",
        "phone": case.asker_phone if reach else "",
        "email": case.asker_email if reach else "",
        "address": case.asker_postcode if opening.shows("address") else "",
        "language": case.answers.get("language", "") if reach else "",
    }


def _shown(show: str) -> Q:
    waiting = Q(state="requested")
    return {
        "late": waiting & Q(answer_by__lt=clock.today()),
        "accepted": Q(state="accepted"),
        "over": ~Q(state__in=REFERRAL_LIVE),
    }.get(show, waiting)


def _line(row: Referral, service: str) -> dict[str, Any]:
    declared = kind(row.case.service)
    if row.state == "withdrawn":
        # Consent taken back: that it was is all that is left to read.
        row.need = row.area = row.age_band = ""
    return {
        "id": row.pk,
        "reference": row.case.reference,
        "service": service,
        "need_label": gettext(declared.needs.get(row.need, row.need)),
        "area": row.area,
        "age_band": gettext(AGE_BANDS[row.age_band]) if row.age_band else "",
        "state": row.state,
        "asked_at": row.asked_at,
        "answer_by": row.answer_by,
        "overdue": row.state == "requested" and row.answer_by is not None and row.answer_by < clock.today(),
    }
