"""Published reads of governance."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.db.models import F, Max, Q, Sum
from django.http import HttpRequest
from django.utils.translation import gettext as _

from borough.accounts.policies import IG_OFFICER, Viewer, check_may_work_as
from borough.common import clock
from borough.common.errors import NotFound
from borough.governance import policies
from borough.governance.changing.correcting import list_corrections, own_corrections
from borough.governance.changing.erasing import fates
from borough.governance.changing.restricting import own_restriction, who_is_restricted
from borough.governance.decisions.deciding import check_rule_is_on, is_rule_on
from borough.governance.decisions.reading import (
    decision_behind,
    decision_link,
    list_decisions,
    list_reviewers,
    list_rules,
    read_decision,
    read_rule,
    whom_to_tell,
)
from borough.governance.door import open_door
from borough.governance.dpia.writing import read_dpia, screen_purpose, screen_purposes
from borough.governance.glass.breaking import list_breaks, read_break
from borough.governance.glass.live import emergency_ends_at
from borough.governance.glass.rules import EMERGENCY
from borough.governance.keeping.nightly import last_deletion, list_legal_holds, plan_deletion
from borough.governance.ledger.sealing import is_stalled
from borough.governance.models import Agreement, LedgerEntry, LedgerSubject, Organisation, Purpose, Seal
from borough.governance.rights.asking import list_own_requests, list_requests, read_request, whose_request
from borough.governance.rights.copying import read_copy, read_own_copy
from borough.governance.rights.exempting import count_exemptions, list_exemptions, read_exemption
from borough.governance.rights.links import check_own_link, may_offer_own_link, read_asked_link, viewer_of_link
from borough.governance.rights.looking import read_own_look, read_own_record
from borough.governance.rights.objecting import own_objection, who_objects
from borough.governance.rights.ports import people
from borough.governance.watching.judging import list_odd_looks, list_protected, own_home, read_odd_look

# What this room publishes from its other modules, beside what stands here.
__all__ = [
    "check_own_link",
    "check_rule_is_on",
    "count_exemptions",
    "decision_behind",
    "decision_link",
    "emergency_ends_at",
    "fates",
    "is_rule_on",
    "last_deletion",
    "list_breaks",
    "list_corrections",
    "list_decisions",
    "list_exemptions",
    "list_legal_holds",
    "list_odd_looks",
    "list_own_requests",
    "list_protected",
    "list_requests",
    "list_reviewers",
    "list_rules",
    "may_offer_own_link",
    "own_corrections",
    "own_home",
    "own_objection",
    "own_restriction",
    "plan_deletion",
    "read_asked_link",
    "read_break",
    "read_copy",
    "read_decision",
    "read_dpia",
    "read_exemption",
    "read_odd_look",
    "read_own_copy",
    "read_own_look",
    "read_own_record",
    "read_request",
    "read_rule",
    "screen_purpose",
    "screen_purposes",
    "viewer_of_link",
    "who_is_restricted",
    "who_objects",
    "whom_to_tell",
    "whose_request",
]


@dataclass(frozen=True)
class Look:
    """A ledger row as its reader sees it."""

    at: datetime
    kind: str
    who: str
    purpose: str
    verb: str
    agreement: str
    people: int


def purposes_open_to(viewer: Viewer) -> list[Purpose]:
    """The purposes that a live agreement opens to this viewer, for the choice at the start of a session."""
    today = clock.today()
    live = Agreement.objects.filter(state="live").select_related("purpose").order_by("purpose__name")
    # An emergency is not chosen: somebody opens it, and says why.
    opened = {a.purpose_id: a.purpose for a in live if policies.opens(a, viewer, today)}
    opened.pop(EMERGENCY, None)
    return list(opened.values())


def list_agreements() -> list[Agreement]:
    """All agreements, newest decision first. They hold no residents and are public by intent."""
    return list(
        Agreement.objects.select_related("purpose")
        .prefetch_related("parties")
        .order_by(F("decided_at").desc(nulls_first=True), "reference")
    )


def list_purposes() -> list[Purpose]:
    """All purposes, by name. Public by intent."""
    return list(Purpose.objects.order_by("name"))


def read_agreement(reference: str) -> Agreement:
    """One agreement with its purpose and parties. Raises NotFound."""
    found = Agreement.objects.select_related("purpose", "renews").prefetch_related("parties").filter(pk=reference)
    try:
        return found.get()
    except Agreement.DoesNotExist as error:
        raise NotFound(_("There is no such agreement."), _("Open it from the list of agreements.")) from error


def retention_of(purpose_code: str) -> str:
    """How long the agreement for this purpose says that data is kept: the live one, else the one decided last."""
    decided = Agreement.objects.filter(purpose=purpose_code).exclude(state="draft").order_by("-decided_at")
    live_first = sorted(decided, key=lambda one: one.state != "live")
    return live_first[0].retention if live_first else ""


def list_organisations() -> list[Organisation]:
    """All organisations, the council first. They hold no people and are public by intent."""
    return list(Organisation.objects.order_by("-ours", "name"))


def list_ledger(*, viewer: Viewer, kind: str = "", limit: int = 200) -> list[Look]:
    """The newest rows of the whole ledger, without the residents in them, for information governance."""
    check_may_work_as(viewer, IG_OFFICER)
    # An opening stands before each read, which says more: shown where it is asked for.
    rows = LedgerEntry.objects.order_by("-id")
    rows = rows.filter(kind=kind) if kind else rows.exclude(kind="opened")
    return [_look(row) for row in rows[:limit]]


@dataclass(frozen=True)
class Sealing:
    """How far the ledger is sealed. `stalled`: an entry has waited for longer than it may, and the door is closed."""

    entries: int
    sealed_at: datetime | None
    stalled: bool


def read_sealing(*, viewer: Viewer) -> Sealing:
    """How far the ledger is sealed, for information governance. Nothing of a resident."""
    check_may_work_as(viewer, IG_OFFICER)
    newest = Seal.objects.order_by("-number").values_list("sealed_at", flat=True).first()
    sealed = Seal.objects.aggregate(sum=Sum("entries"))["sum"] or 0
    return Sealing(entries=sealed, sealed_at=newest, stalled=is_stalled())


def list_looks_at(resident_id: str, *, viewer: Viewer, purpose: str, limit: int = 200) -> list[Look]:
    """Who looked at this resident, newest first. This look is itself logged."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="governance.list_looks_at")
    about_them = LedgerSubject.objects.filter(resident_id__in=people().ids_of(resident_id)).values("entry_id")
    rows = LedgerEntry.objects.filter(Q(id__in=about_them) | Q(everyone=True)).order_by("-id")
    looks = [_look(row) for row in rows[:limit]]
    opening.saw([resident_id])
    return looks


def closed_at(code: str) -> datetime | None:
    """When the newest door of the purpose with this code closed, revoked or on its review day; None where none has yet.

    Agreements are public by intent: nothing is told of who looks, or at whom.
    """
    ended = Agreement.objects.filter(purpose=code)
    run_out = Q(state="live", review_on__lte=clock.today())
    revoked, review = ended.aggregate(r=Max("revoked_at"), d=Max("review_on", filter=run_out)).values()
    days = [datetime.combine(review, time.min, clock.LONDON).astimezone(UTC)] if review else []
    return max([*days, *([revoked] if revoked else [])], default=None)


def purpose_of(request: HttpRequest) -> str:
    """The purpose chosen for this session; empty when none is, and then every door stays shut."""
    return str(request.session.get("purpose", ""))


def _look(row: LedgerEntry) -> Look:
    return Look(
        at=row.at,
        kind=row.kind,
        who=row.viewer_name or row.viewer_kind,
        purpose=row.purpose,
        verb=row.verb,
        agreement=row.agreement,
        people=row.people,
    )
