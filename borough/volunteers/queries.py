"""Published reads of volunteers and of the offers made to them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.policies import VOLUNTEER, Viewer, check_may_work_as
from borough.cases.kinds import kind
from borough.cases.queries import TaskView, WaitingCase, read_task, read_waiting
from borough.common import clock
from borough.common.errors import NotFound
from borough.common.links import make_token, read_token
from borough.places.queries import locate_postcodes
from borough.residents.queries import list_contacts
from borough.residents.shapes import Contact
from borough.volunteers.matching import Helper, Match, Task, rank
from borough.volunteers.models import LIVE, Offer, Volunteer
from borough.volunteers.policies import LINK_KEPT, STAFF, district_of, is_checked


@dataclass(frozen=True)
class VolunteerLine:
    """A volunteer in a list. `held`: the cases offered to them or accepted by them now."""

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
    """An offer as its volunteer sees it. `task` and `contact` only after accepting, and with proof of who they are."""

    id: str
    forename: str
    need_label: str
    area: str
    distance_km: float | None
    state: str
    expires_at: datetime
    asks_digits: bool
    task: TaskView | None = None
    contact: Contact | None = None


@dataclass(frozen=True)
class Suggestion:
    """A volunteer who could take the case, and why."""

    volunteer: VolunteerLine
    match: Match


def list_volunteers(*, viewer: Viewer, active_only: bool = True) -> list[VolunteerLine]:
    """All volunteers by name, for staff."""
    check_may_work_as(viewer, *STAFF)
    rows = Volunteer.objects.filter(active=True) if active_only else Volunteer.objects.all()
    counted = rows.annotate(
        held=Count("offers", filter=Q(offers__state__in=LIVE)), done=Count("offers", filter=Q(offers__state="done"))
    )
    return [_line(row, row.held, row.done) for row in counted.order_by("name", "id")]


def list_offers(case_id: str, *, viewer: Viewer) -> list[OfferLine]:
    """The offers made for a case, newest first."""
    check_may_work_as(viewer, *STAFF)
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


def suggest_volunteers(case_id: str, *, viewer: Viewer, purpose: str, limit: int = 10) -> list[Suggestion]:
    """The volunteers who could take this case, best first, with reasons. Empty when somebody is helping already."""
    check_may_work_as(viewer, *STAFF)
    case = read_waiting(case_id, viewer=viewer, purpose=purpose)
    if case is None:
        return []
    tasks, _areas = tasks_of([case], viewer=viewer, purpose=purpose)
    matches = rank(tasks[0], free_helpers(), limit=limit)
    rows = {row.id: row for row in Volunteer.objects.filter(pk__in=[match.helper_id for match in matches])}
    return [Suggestion(_line(rows[one.helper_id], one.load, 0), one) for one in matches]


def read_offer(token: str, *, proof: str = "") -> OfferView:
    """The offer behind a link. `proof` comes from actions.prove_holder and opens who to help, once accepted.

    Raises NotFound, in words for its reader, for a link that is edited, expired, replaced or over.
    """
    offer = offer_behind(token)
    view = OfferView(
        id=offer.id,
        forename=offer.volunteer.name.split(" ")[0],
        need_label=gettext(offer.need_label),
        area=offer.area,
        distance_km=offer.reasons.get("distance_km"),
        state=offer.state,
        expires_at=offer.expires_at,
        asks_digits=bool(offer.volunteer.phone),
    )
    if offer.state != "accepted" or not is_proof(offer, proof):
        return view
    viewer = viewer_of_offer(offer)
    task = read_task(offer.case_id, viewer=viewer, purpose=offer.purpose)
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


def viewer_of_offer(offer: Offer) -> Viewer:
    """The volunteer as the ledger names them; the resident reads that a volunteer of ours looked."""
    return Viewer(kind="volunteer", id=offer.volunteer_id, name=_("A volunteer"), roles=frozenset({VOLUNTEER}))


def free_helpers() -> list[Helper]:
    """The active volunteers whose place is known, with what they hold now."""
    today = clock.today()
    rows = Volunteer.objects.filter(active=True, lat__isnull=False).annotate(
        held=Count("offers", filter=Q(offers__state__in=LIVE))
    )
    return [
        Helper(
            id=row.id,
            lat=row.lat,
            lon=row.lon,
            skills=frozenset(row.skills),
            radius_km=row.radius_km,
            capacity=row.capacity,
            load=row.held,
            checked=is_checked(row.dbs_expires_on, today),
            languages=frozenset(row.languages),
        )
        for row in rows
        if row.lat is not None and row.lon is not None
    ]


def tasks_of(cases: Collection[WaitingCase], *, viewer: Viewer, purpose: str) -> tuple[list[Task], dict[str, str]]:
    """Waiting cases as tasks for matching, and the postcode district of each by case id. Reads where people live."""
    ids = [case.resident_id for case in cases if case.resident_id]
    contacts = list_contacts(ids, viewer=viewer, purpose=purpose) if ids else {}
    postcodes = {
        case.id: contacts[case.resident_id].postcode if case.resident_id in contacts else case.postcode
        for case in cases
    }
    points = locate_postcodes([postcode for postcode in postcodes.values() if postcode])
    refused: dict[str, set[str]] = {}
    over = Offer.objects.exclude(state__in=LIVE)
    if len(cases) == 1:
        over = over.filter(case_id__in=list(postcodes))
    for case_id, volunteer_id in over.values_list("case_id", "volunteer_id"):
        if case_id in postcodes:
            refused.setdefault(case_id, set()).add(volunteer_id)
    tasks = []
    for case in cases:
        declared, point = kind(case.service), points.get(postcodes[case.id])
        contact = contacts.get(case.resident_id)
        tasks.append(
            Task(
                id=case.id,
                lat=point.lat if point else None,
                lon=point.lon if point else None,
                skill=declared.skills[case.need],
                checked=case.need in declared.checked_needs,
                urgency=case.urgency,
                language=contact.language if contact else "",
                refused_by=frozenset(refused.get(case.id, ())),
            )
        )
    return tasks, {case_id: district_of(postcode) for case_id, postcode in postcodes.items()}


def _subject(offer: Offer) -> str:
    return f"{offer.id}.{offer.nonce}"


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
    )
