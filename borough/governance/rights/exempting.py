"""Applying a rule of law to a resident: set by one, confirmed by another, ended; and what it takes from whose view."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from borough.accounts.policies import IG_OFFICER, STAFF_ROLES, Viewer, check_may_work_as
from borough.common import clock
from borough.common.disclosure import count_words, protect
from borough.common.errors import NotAllowed, NotFound, Problem
from borough.governance.door import log_write, open_door
from borough.governance.models import LedgerSubject
from borough.governance.rights.exemptions import (
    CONFIRM_WITHIN,
    EXEMPTION_STATES,
    RULES,
    Applied,
    Rule,
    finished_quarters,
    in_force,
    may_last_until,
    quarter_of,
    rules_for,
)
from borough.governance.rights.models import Exemption
from borough.governance.rights.ports import people

# Their own ledger rows would give the enquiry away: they show when it is over.
VERBS = ("governance.set_exemption", "governance.decide_exemption", "governance.end_exemption")
READ = "governance.read_exemption"


@dataclass(frozen=True)
class ExemptionView:
    """An exemption for those who decide on it. `resident_id` and `why` only where one is read."""

    id: str
    rule: Rule
    state: str
    state_label: str
    in_force: bool
    since: date
    until: date
    set_at: datetime
    set_by: str
    confirm_by: datetime
    decided_by: str
    resident_id: str = ""
    why: str = ""


@dataclass(frozen=True)
class ExemptionCount:
    """How often a rule was applied in a quarter that is over, as it may be published."""

    title: str
    provision: str
    year: int
    quarter: int
    count: str | int


def set_exemption(*, by: Viewer, purpose: str, rule: str, resident_id: str, why: str, since: date, until: date) -> str:
    """Apply a rule to a resident, at once. It lapses after 7 days unless somebody else confirms it. Returns its id."""
    check_may_work_as(by, *STAFF_ROLES)
    chosen = next((one for one in rules_for(purpose) if one.code == rule), None)
    with transaction.atomic():
        log_write(by=by, purpose=purpose, verb="governance.set_exemption", residents=[resident_id])
        if chosen is None:
            raise Problem(
                _("This rule is not one for your purpose."), _("Ask the information governance team to apply it.")
            )
        if not why.strip():
            raise Problem(_("It needs a reason."), _("Say why the test is met for this person, now."))
        today = clock.today()
        if not today < until <= may_last_until(chosen, today):
            raise Problem(
                _("The last day is too far away, or past."),
                _("Choose a day within %(days)s days. It can be set anew.") % {"days": chosen.longest.days},
            )
        if since > today:
            raise Problem(_("The first day is in the future."), _("Choose today or a day before."))
        row = Exemption.objects.create(
            rule=rule,
            resident_id=resident_id,
            why=why.strip()[:2000],
            since=since,
            until=until,
            set_at=clock.now(),
            set_on=today,
            set_by=by.id,
            set_by_name=by.name,
        )
    return row.id


def decide_exemption(*, by: Viewer, purpose: str, exemption_id: str, agree: bool) -> None:
    """Confirm or refuse what somebody else has set."""
    check_may_work_as(by, IG_OFFICER)
    with transaction.atomic():
        row = _locked(exemption_id)
        log_write(by=by, purpose=purpose, verb="governance.decide_exemption", residents=[row.resident_id])
        if row.set_by == by.id:
            raise NotAllowed(_("You set this yourself."), _("Somebody else in the team must decide on it."))
        state = "confirmed" if agree else "refused"
        EXEMPTION_STATES.check_change(row.state, state)
        if agree and not _is_in_force(row):
            raise Problem(_("It has lapsed."), _("If it is still needed, set it anew."))
        row.state, row.decided_at, row.decided_by, row.decided_by_name = state, clock.now(), by.id, by.name
        row.save(update_fields=["state", "decided_at", "decided_by", "decided_by_name"])


def end_exemption(*, by: Viewer, purpose: str, exemption_id: str) -> None:
    """The enquiry is over: what was delayed shows from now on. Whoever works for its purpose may end it."""
    check_may_work_as(by, *STAFF_ROLES)
    # Before the row is looked up: hidden and absent read alike.
    open_door(viewer=by, purpose=purpose, verb="governance.end_exemption")
    with transaction.atomic():
        row = _locked(exemption_id)
        log_write(by=by, purpose=purpose, verb="governance.end_exemption", residents=[row.resident_id])
        if RULES[row.rule] not in rules_for(purpose):
            raise Problem(_("This rule is not one for your purpose."), _("Ask the information governance team."))
        EXEMPTION_STATES.check_change(row.state, "ended")
        row.state, row.ended_at, row.ended_by_name = "ended", clock.now(), by.name
        row.save(update_fields=["state", "ended_at", "ended_by_name"])


def list_exemptions(*, viewer: Viewer) -> list[ExemptionView]:
    """All that are in force, those to confirm first. Nobody is in them."""
    check_may_work_as(viewer, IG_OFFICER)
    rows = Exemption.objects.filter(state__in=["set", "confirmed"], until__gt=clock.today()).order_by("-state", "until")
    return [_view(row) for row in rows if _is_in_force(row)]


def read_exemption(exemption_id: str, *, viewer: Viewer, purpose: str) -> ExemptionView:
    """One exemption, with whom it is about and why."""
    opening = open_door(viewer=viewer, purpose=purpose, verb=READ)
    row = _fetch(exemption_id)
    opening.saw([])
    return _view(row, full=True)


def count_exemptions() -> list[ExemptionCount]:
    """How often each rule was applied, by quarters that are over, newest first; small numbers protected."""
    rows = Exemption.objects.values("rule", "set_on").annotate(number=Count("id"))
    counts: Counter[tuple[str, tuple[int, int]]] = Counter()
    for row in rows:
        counts[row["rule"], quarter_of(row["set_on"])] += row["number"]
    quarters = finished_quarters([row["set_on"] for row in rows], clock.today())
    return [
        ExemptionCount(
            str(rule.title), rule.provision, year, quarter, count_words(protect(counts[rule.code, (year, quarter)]))
        )
        for year, quarter in quarters
        for rule in RULES.values()
    ]


def not_shown_yet(ids: Collection[str]) -> Q:
    """The ledger rows about this resident that the law delays, as a condition on `LedgerSubject`."""
    rows = [row for row in Exemption.objects.filter(resident_id__in=ids) if _is_in_force(row)]
    hidden = Q()
    for row in rows:
        began = datetime.combine(row.since, datetime.min.time(), tzinfo=clock.LONDON)
        hidden |= Q(entry__purpose__in=RULES[row.rule].purposes, entry__at__gte=began)
    if rows:
        earliest = min(row.set_at for row in rows)
        hidden |= Q(entry__verb__in=VERBS, entry__at__gte=earliest - timedelta(seconds=5))
    return hidden


def is_hidden(resident_id: str) -> bool:
    """Whether this person's address must stay hidden: then no link goes out that their home could open."""
    rows = Exemption.objects.filter(resident_id__in=people().ids_of(resident_id), rule="hidden")
    return any(_is_in_force(row) for row in rows)


def all_hidden() -> list[str]:
    """Every resident whose address must stay hidden now."""
    rows = Exemption.objects.filter(rule="hidden", state__in=["set", "confirmed"], until__gt=clock.today())
    return [row.resident_id for row in rows if _is_in_force(row)]


def hidden_among(entry_ids: Collection[int], *, ids: Collection[str]) -> Counter[int]:
    """How many people who must stay hidden each of these ledger entries is about, beside the one with these ids."""
    residents = all_hidden()
    hidden = set(people().ids_of_all(residents)) - set(ids) if residents else set()
    if not hidden:
        return Counter()
    about = LedgerSubject.objects.filter(entry_id__in=entry_ids, resident_id__in=hidden)
    return Counter(about.values_list("entry_id", flat=True))


def _is_in_force(row: Exemption) -> bool:
    return in_force(Applied(row.rule, row.state, row.since, row.set_at, row.until), clock.now(), clock.today())


def _view(row: Exemption, *, full: bool = False) -> ExemptionView:
    return ExemptionView(
        id=row.id,
        rule=RULES[row.rule],
        state=row.state,
        state_label=_(EXEMPTION_STATES.labels[row.state]),
        in_force=_is_in_force(row),
        since=row.since,
        until=row.until,
        set_at=row.set_at,
        set_by=row.set_by_name,
        confirm_by=row.set_at + CONFIRM_WITHIN,
        decided_by=row.decided_by_name,
        resident_id=row.resident_id if full else "",
        why=row.why if full else "",
    )


def _fetch(exemption_id: str) -> Exemption:
    row = Exemption.objects.filter(pk=exemption_id).first()
    if row is None:
        raise NotFound(_("There is no such exemption."), _("Open it from the list."))
    return row


def _locked(exemption_id: str) -> Exemption:
    row = Exemption.objects.filter(pk=exemption_id).select_for_update().first()
    if row is None:
        raise NotFound(_("There is no such exemption."), _("Open it from the list."))
    return row
