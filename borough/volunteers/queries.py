"""Published reads of volunteers and of the offers made to them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer, check_may_work_as
from borough.cases.kinds import kind
from borough.cases.queries import TaskView, WaitingTask, read_task, read_waiting, ready_pairs
from borough.common import clock
from borough.common.errors import NotFound
from borough.common.identifiers import district_of
from borough.common.links import make_token, read_token
from borough.governance.door import open_door, open_door_without_account
from borough.messaging.policies import is_quiet
from borough.places.queries import locate_postcodes
from borough.residents.queries import ids_of, list_contacts
from borough.residents.shapes import Contact
from borough.volunteers.applications import (
    application_behind,
    count_applications,
    list_applications,
    read_application,
    skills_wanted,
)
from borough.volunteers.capacity import Capacity, list_capacity, organisations_of_volunteers
from borough.volunteers.matching import Match, Task, rank
from borough.volunteers.models import LIVE, KeptApart, Offer, Volunteer
from borough.volunteers.on_duty import free_helpers
from borough.volunteers.outside import known_offer, viewer_of_offer
from borough.volunteers.own import read_own
from borough.volunteers.pairing import partners_of
from borough.volunteers.policies import (
    CHECK_FLAGS,
    LINK_KEPT,
    PURPOSE,
    STAFF,
    TRUST_LASTS,
    ends_soon,
    is_checked,
    is_on_the_day,
)
from borough.volunteers.proposals import read_proposal
from borough.volunteers.scope import fetch_volunteer, volunteers_of

# What this room publishes from its other modules, beside what stands here.
__all__ = ["Capacity", "free_helpers", "list_capacity", "organisations_of_volunteers", "read_own", "read_proposal"]
__all__ += ["application_behind", "count_applications", "list_applications", "read_application", "skills_wanted"]
__all__ += ["viewer_of_offer"]


@dataclass(frozen=True)
class VolunteerLine:
    """A volunteer in a list. `held`: the cases offered to them or accepted by them now. `ends_soon`: when their DBS
    check or right to drive ends, where that is within 30 days."""

    id: str
    name: str
    postcode: str
    skills: list[str]
    languages: list[str]
    radius_km: float
    capacity: int
    held: int
    done: int
    checked: bool
    dbs_expires_on: date | None
    organisation: str
    active: bool
    on_duty: bool
    dbs_level: str
    ends_soon: date | None


@dataclass(frozen=True)
class OfferLine:
    """An offer as staff see it on the case."""

    id: str
    volunteer_id: str
    volunteer: str
    state: str
    offered_at: datetime
    expires_at: datetime
    answered_at: datetime | None
    distance_km: float | None


@dataclass(frozen=True)
class OfferView:
    """An offer as its volunteer sees it. `task` and `contact` only after accepting, and with proof of who they are;
    where nobody is to go alone (`two`), only after both have accepted (`ready`). `partner`: the forename of the other.
    `may_say_on_way`: the person may be told now that they come; `said_on_way`: they were.
    """

    id: str
    forename: str
    need_label: str
    area: str
    distance_km: float | None
    state: str
    expires_at: datetime
    asks_digits: bool
    two: bool
    ready: bool
    partner: str
    may_say_on_way: bool
    said_on_way: bool
    task: TaskView | None = None
    contact: Contact | None = None


@dataclass(frozen=True)
class Suggestion:
    """A volunteer who could take the case, and why."""

    volunteer: VolunteerLine
    match: Match


def list_volunteers(*, viewer: Viewer, active_only: bool = True) -> list[VolunteerLine]:
    """The volunteers whom this viewer looks after (scope.py), by name."""
    rows = volunteers_of(viewer, "volunteers.list_volunteers")
    return _lines(rows.filter(active=True) if active_only else rows)


def read_volunteer(volunteer_id: str, *, viewer: Viewer) -> VolunteerLine:
    """One of the volunteers whom this viewer looks after."""
    fetch_volunteer(volunteer_id, viewer=viewer, verb="volunteers.read_volunteer")
    return _lines(Volunteer.objects.filter(pk=volunteer_id))[0]


def list_offers(case_id: str, *, viewer: Viewer) -> list[OfferLine]:
    """The offers made for a case, newest first."""
    check_may_work_as(viewer, *STAFF)
    open_door(viewer=viewer, purpose=PURPOSE, verb="volunteers.list_offers")
    rows = Offer.objects.filter(case_id=case_id).select_related("volunteer").order_by("-offered_at", "-id")
    return [
        OfferLine(
            id=row.id,
            volunteer_id=row.volunteer_id,
            volunteer=row.volunteer.name,
            state=row.state,
            offered_at=row.offered_at,
            expires_at=row.expires_at,
            answered_at=row.answered_at,
            distance_km=row.reasons.get("distance_km"),
        )
        for row in rows
    ]


def suggest_volunteers(task_id: str, *, viewer: Viewer, purpose: str, limit: int = 10) -> list[Suggestion]:
    """The volunteers who could take this task, best first, with reasons. Empty when somebody is helping already."""
    check_may_work_as(viewer, *STAFF)
    waiting = read_waiting(task_id, viewer=viewer, purpose=purpose)
    if waiting is None:
        return []
    tasks, _areas = tasks_of([waiting], viewer=viewer, purpose=purpose)
    matches = rank(tasks[0], free_helpers(), now=clock.now(), limit=limit)
    rows = {row.id: row for row in Volunteer.objects.filter(pk__in=[match.helper_id for match in matches])}
    return [Suggestion(_line(rows[one.helper_id], one.load, 0), one) for one in matches]


def read_offer(token: str, *, proof: str = "", proofs: Collection[str] = ()) -> OfferView:
    """The offer behind a link. `proof`, or that of this link among `proofs`, comes from actions.prove_holder and opens
    who to help, once accepted.

    Raises NotFound, in words for its reader, for a link that is edited, expired, replaced or over.
    """
    offer = offer_behind(token)
    ready = ready_pairs([offer.task_id])
    view = OfferView(
        id=offer.id,
        forename=offer.volunteer.name.split(" ")[0],
        need_label=gettext(offer.need_label),
        area=offer.area,
        distance_km=offer.reasons.get("distance_km"),
        state=offer.state,
        expires_at=offer.expires_at,
        asks_digits=bool(offer.volunteer.phone),
        two=offer.task_id in ready,
        ready=ready.get(offer.task_id, True),
        partner=partners_of([offer]).get(offer.id, "") if ready.get(offer.task_id) else "",
        may_say_on_way=is_on_the_day(clock.now(), offer.starts_at, offer.ends_at) and not is_quiet(clock.now()),
        said_on_way=offer.on_my_way_at is not None,
    )
    if offer.state != "accepted" or not view.ready or not any(is_proof(offer, one) for one in (proof, *proofs)):
        return view
    viewer = viewer_of_offer(offer)
    task = read_task(offer.task_id, viewer=viewer, purpose=offer.purpose)
    contacts = list_contacts([task.resident_id], viewer=viewer, purpose=offer.purpose) if task.resident_id else {}
    return OfferView(**{**vars(view), "task": task, "contact": contacts.get(task.resident_id)})


def offer_link(offer: Offer) -> str:
    """The address that goes to the volunteer, for them alone."""
    return settings.BASE_URL.rstrip("/") + reverse(
        "volunteers:offer", args=[make_token("volunteers:offer", _subject(offer))]
    )


def offer_behind(token: str) -> Offer:
    """The live offer of a link, whose answer is not late; else NotFound in words for the volunteer."""
    offer_id, _dot, nonce = read_token("volunteers:offer", token, keep=LINK_KEPT).partition(".")
    offer = None
    if known := known_offer(offer_id):
        open_door_without_account(viewer=viewer_of_offer(known), purpose=known.purpose, verb="volunteers.read_offer")
        offer = Offer.objects.select_related("volunteer").filter(pk=offer_id, nonce=nonce).first()
    if offer is None:
        raise NotFound(_("This link was replaced by a newer one."), _("Open the newest message that we sent you."))
    if offer.state == "declined":
        raise NotFound(_("You said no to this task."), _("Thank you for telling us. There is nothing more to do."))
    if offer.state in ("done", "could_not"):
        raise NotFound(_("This task is finished."), _("Thank you for helping. There is nothing more to do."))
    if offer.state == "withdrawn":
        raise NotFound(_("This task is not needed any more."), _("Thank you. There is nothing more to do."))
    if offer.state == "expired" or (offer.state == "offered" and offer.expires_at <= clock.now()):
        raise NotFound(
            _("The time to answer is over, and we are asking somebody else."),
            _("There is nothing to do. We will ask you again another time."),
        )
    return offer


def make_proof(offer: Offer) -> str:
    return make_token("volunteers:holder", _subject(offer))


def is_proof(offer: Offer, proof: str) -> bool:
    if not proof:
        return False
    try:
        return read_token("volunteers:holder", proof, keep=LINK_KEPT) == _subject(offer)
    except NotFound:
        return False


def tasks_of(waiting: Collection[WaitingTask], *, viewer: Viewer, purpose: str) -> tuple[list[Task], dict[str, str]]:
    """Waiting tasks for matching, and the postcode district of each by its id. Reads where people live."""
    ids = [one.resident_id for one in waiting if one.resident_id]
    contacts = list_contacts(ids, viewer=viewer, purpose=purpose) if ids else {}
    postcodes = {
        one.id: contacts[one.resident_id].postcode if one.resident_id in contacts else one.postcode for one in waiting
    }
    points = locate_postcodes([postcode for postcode in postcodes.values() if postcode])
    refused = _refused(set(postcodes))
    apart = _by_resident(ids, KeptApart.objects.values_list("resident_id", "volunteer_id"))
    helped = Offer.objects.filter(need_met=True, offered_at__gt=clock.now() - TRUST_LASTS)
    trusted = _by_resident(ids, helped.values_list("resident_id", "volunteer_id"))
    tasks = []
    for one in waiting:
        declared, point = kind(one.service), points.get(postcodes[one.id])
        contact = contacts.get(one.resident_id)
        tasks.append(
            Task(
                id=one.id,
                lat=point.lat if point else None,
                lon=point.lon if point else None,
                skill=declared.skills[one.need],
                checked=one.need in declared.checked_needs or bool(CHECK_FLAGS & set(one.flags)),
                urgency=one.urgency,
                language=contact.language if contact else "",
                refused_by=frozenset(refused[one.id] | apart[one.resident_id]),
                interpreter="interpreter" in one.flags and contact is not None and bool(contact.language),
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                due_on=one.due_on,
                trusted=frozenset(trusted[one.resident_id]),
                people=one.people,
            )
        )
    return tasks, {task_id: district_of(postcode) for task_id, postcode in postcodes.items()}


def _refused(task_ids: set[str]) -> dict[str, set[str]]:
    """By task: the volunteers who had it before, or are asked to go there with another."""
    refused: dict[str, set[str]] = defaultdict(set)
    asked = Offer.objects.all()
    if len(task_ids) <= 100:
        asked = asked.filter(task_id__in=task_ids)
    for task_id, volunteer_id in asked.values_list("task_id", "volunteer_id"):
        refused[task_id].add(volunteer_id)
    return refused


def _by_resident(resident_ids: list[str], known: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """By resident asked for: the volunteers whom `known` (resident, volunteer) pairs with any id of theirs."""
    volunteers: dict[str, set[str]] = defaultdict(set)
    for resident_id, volunteer_id in known:
        volunteers[resident_id].add(volunteer_id)
    found: dict[str, set[str]] = defaultdict(set)
    if volunteers:
        for resident_id, same in ids_of(resident_ids).items():
            found[resident_id] = set().union(*(volunteers[one] for one in same if one in volunteers))
    return found


def _subject(offer: Offer) -> str:
    return f"{offer.id}.{offer.nonce}"


def _lines(rows: QuerySet[Volunteer]) -> list[VolunteerLine]:
    counted = rows.annotate(
        held=Count("offers", filter=Q(offers__state__in=LIVE)), done=Count("offers", filter=Q(offers__state="done"))
    )
    return [_line(row, row.held, row.done) for row in counted.order_by("name", "id")]


def _line(row: Volunteer, held: int, done: int) -> VolunteerLine:
    return VolunteerLine(
        id=row.id,
        name=row.name,
        postcode=row.postcode,
        skills=list(row.skills),
        languages=list(row.languages),
        radius_km=row.radius_km,
        capacity=row.capacity,
        held=held,
        done=done,
        checked=is_checked(row.dbs_expires_on, clock.today()),
        dbs_expires_on=row.dbs_expires_on,
        organisation=row.organisation,
        active=row.active,
        on_duty=row.on_duty,
        dbs_level=row.get_dbs_level_display(),
        ends_soon=ends_soon([row.dbs_expires_on, row.drives_expires_on], clock.today()),
    )
