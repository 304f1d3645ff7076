"""Suggestions for the directory, by the public and by services' own people, and what editors decide about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer, check_may_work_as, system_viewer
from borough.common import clock
from borough.common.errors import NotFound, Problem
from borough.directory.editing import add_service, apply_changes, fields_of, other_times_of
from borough.directory.importing import MAINTAINERS
from borough.directory.models import SUGGESTION_STATES, Service, Suggestion
from borough.directory.policies import PURPOSE, differing
from borough.governance.door import open_door, open_door_without_account

# Nobody knows who they are, so the house takes what they write.
_FOR_THE_PUBLIC = system_viewer("suggestions")


@dataclass(frozen=True)
class SuggestionView:
    """`changes` are (field, before, after). `service_id` is "" for a new one that waits."""

    id: str
    service_id: str
    name: str
    kind: str
    state: str
    changes: list[tuple[str, str, str]]
    text: str
    made_at: datetime
    decided_at: datetime | None
    decided_by: str
    reason: str


def suggest_service(fields: Mapping[str, str]) -> str:
    """By the public: a service that the directory does not have. It is shown once an editor approves it."""
    open_door_without_account(viewer=_FOR_THE_PUBLIC, purpose=PURPOSE, verb="directory.suggest_service")
    return Suggestion.objects.create(kind="new", changes=dict(fields), made_at=clock.now()).pk


def report_mistake(service_id: str, text: str) -> str:
    """By the public: something is wrong about a service."""
    if not Service.objects.filter(pk=service_id).exists():
        raise NotFound(_("There is no such service."), _("Search the directory again."))
    open_door_without_account(viewer=_FOR_THE_PUBLIC, purpose=PURPOSE, verb="directory.report_mistake")
    return Suggestion.objects.create(service_id=service_id, kind="wrong", text=text, made_at=clock.now()).pk


def edit_service(service_id: str, changes: Mapping[str, str], *, by: Viewer) -> None:
    """Change fields of a listing at once, and keep what they said before. Whoever edits it says that it is right."""
    check_may_work_as(by, *MAINTAINERS)
    open_door(viewer=by, purpose=PURPOSE, verb="directory.edit_service")
    with transaction.atomic():
        before, now = fields_of(service_id), clock.now()
        changed = differing(before, changes)
        if changed:
            apply_changes(service_id, changed)
            Suggestion.objects.create(
                service_id=service_id,
                kind="staff",
                state="approved",
                changes=changed,
                before={name: before[name] for name in changed},
                made_at=now,
                decided_at=now,
                decided_by=by.name,
            )
        Service.objects.filter(pk=service_id).update(confirmed_at=now)


def decide_suggestion(suggestion_id: str, *, by: Viewer, approve: bool, reason: str = "") -> None:
    """Approve a suggestion, which then shows, or decline it with a reason."""
    check_may_work_as(by, *MAINTAINERS)
    if not approve and not reason.strip():
        raise Problem(_("Say why you decline it."), _("Whoever looks later will want to know."))
    open_door(viewer=by, purpose=PURPOSE, verb="directory.decide_suggestion")
    with transaction.atomic():
        row = Suggestion.objects.select_for_update().filter(pk=suggestion_id).first()
        if row is None:
            raise _unknown()
        new = "approved" if approve else "declined"
        SUGGESTION_STATES.check_change(row.state, new)
        if approve and row.service_id is None:
            row.service_id = add_service(row.changes)
            Service.objects.filter(pk=row.service_id).update(confirmed_at=clock.now())
        elif approve and row.changes:
            apply_changes(str(row.service_id), row.changes)
        row.state, row.decided_at, row.decided_by, row.reason = new, clock.now(), by.name, reason.strip()[:500]
        row.save(update_fields=["service", "state", "decided_at", "decided_by", "reason"])


def list_suggestions(*, viewer: Viewer, service_id: str = "", most: int = 500) -> list[SuggestionView]:
    """What waits first, oldest first; then what was decided, newest first. With `service_id`: the history of one."""
    check_may_work_as(viewer, *MAINTAINERS)
    open_door(viewer=viewer, purpose=PURPOSE, verb="directory.list_suggestions")
    rows = Suggestion.objects.select_related("service").defer("service__document")
    if service_id:
        rows = rows.filter(service_id=service_id)
    waiting = list(rows.filter(state="waiting").order_by("made_at")[:most])
    decided = list(rows.exclude(state="waiting").order_by("-decided_at")[:most])
    return [_view(row) for row in waiting + decided]


def read_suggestion(suggestion_id: str, *, viewer: Viewer) -> SuggestionView:
    check_may_work_as(viewer, *MAINTAINERS)
    open_door(viewer=viewer, purpose=PURPOSE, verb="directory.read_suggestion")
    row = Suggestion.objects.select_related("service").filter(pk=suggestion_id).first()
    if row is None:
        raise _unknown()
    return _view(row)


def listing_fields(service_id: str, *, viewer: Viewer) -> dict[str, str]:
    """What an editor may change of a listing."""
    check_may_work_as(viewer, *MAINTAINERS)
    return fields_of(service_id)


def other_times(service_id: str, *, viewer: Viewer) -> list[str]:
    """When a listing says that it is open, where an editor does not change that by hand."""
    check_may_work_as(viewer, *MAINTAINERS)
    return other_times_of(service_id)


def _view(row: Suggestion) -> SuggestionView:
    return SuggestionView(
        id=row.pk,
        service_id=row.service_id or "",
        name=row.service.name if row.service else row.changes.get("name", ""),
        kind=row.kind,
        state=row.state,
        changes=[(name, row.before.get(name, ""), after) for name, after in row.changes.items()],
        text=row.text,
        made_at=row.made_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reason=row.reason,
    )


def _unknown() -> NotFound:
    return NotFound(_("There is no such suggestion."), _("Open the list of suggestions again."))
