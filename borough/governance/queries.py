"""Published reads of governance."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest

from borough.accounts.policies import IG_OFFICER, Viewer, check_may_work_as
from borough.common import clock
from borough.governance import policies
from borough.governance.door import open_door
from borough.governance.models import Agreement, LedgerEntry, LedgerSubject, Purpose


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
    return list({a.purpose_id: a.purpose for a in live if policies.opens(a, viewer, today)}.values())


def list_agreements() -> list[Agreement]:
    """All agreements, newest decision first. They hold no residents and are public by intent."""
    return list(Agreement.objects.select_related("purpose").order_by("-decided_at", "reference"))


def list_ledger(*, viewer: Viewer, kind: str = "", limit: int = 200) -> list[Look]:
    """The newest rows of the whole ledger, without the residents in them, for information governance."""
    check_may_work_as(viewer, IG_OFFICER)
    rows = LedgerEntry.objects.order_by("-id")
    if kind:
        rows = rows.filter(kind=kind)
    return [_look(row) for row in rows[:limit]]


def list_looks_at(resident_id: str, *, viewer: Viewer, purpose: str, limit: int = 200) -> list[Look]:
    """Who looked at this resident, newest first. This look is itself logged."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="governance.list_looks_at")
    about_them = LedgerSubject.objects.filter(resident_id=resident_id).values("entry_id")
    rows = LedgerEntry.objects.filter(Q(id__in=about_them) | Q(everyone=True)).order_by("-id")
    looks = [_look(row) for row in rows[:limit]]
    opening.saw([resident_id])
    return looks


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
