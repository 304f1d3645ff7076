"""Published writes of volunteers."""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.db import transaction
from django.db.models import Count, F
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer, check_may_work_as
from borough.cases.actions import (
    add_note,
    hand_back,
    mark_matched,
    mark_offered,
    record_delivery,
    send_case_message,
)
from borough.cases.kinds import kind
from borough.cases.queries import WaitingCase, list_waiting, read_waiting
from borough.common import clock
from borough.common.errors import NotFound, Problem, WrongState
from borough.common.events import announce
from borough.messaging.actions import send_to_address
from borough.places.queries import Point, locate_postcodes
from borough.volunteers import queries
from borough.volunteers.events import OfferAccepted, OfferFinished
from borough.volunteers.matching import Match, Why, match, rank
from borough.volunteers.models import LIVE, OFFER_STATES, Offer, Volunteer, VolunteerReject, new_nonce
from borough.volunteers.policies import (
    MATCHERS,
    NEEDED,
    WRONG_PROOFS,
    BadLine,
    Line,
    expires_at,
    neighbours_of,
    proof_of,
    read_line,
)


@dataclass(frozen=True)
class ImportReport:
    """`rejects` are (line, column, reason); the lines themselves are kept. `unplaced`: postcodes that are not here."""

    volunteers: int
    rejected: int
    unplaced: int
    rejects: list[tuple[int, str, str]]


@dataclass(frozen=True)
class MatchReport:
    """`unplaced` counts, by reason, the cases that no volunteer could be found for."""

    waiting: int
    offered: int
    expired: int
    unplaced: dict[Why, int] = field(default_factory=dict)


def import_volunteers(path: Path, *, by: Viewer) -> ImportReport:
    """Take in a CSV file of volunteers: name, phone, email, postcode, skills and languages (parted by ;), radius_km,
    capacity, dbs_expires. The same file again changes nothing; a bad line is kept as a reject and the others go in.
    """
    check_may_work_as(by, *MATCHERS)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Problem(
            _("%(file)s cannot be read: %(why)s.") % {"file": path, "why": error.strerror}, _("Check the path.")
        ) from error
    lines: dict[str, Line] = {}
    rejected: list[tuple[int, str, str, str]] = []
    for number, row in _rows(content, path):
        try:
            line = read_line(row)
            if line.key in lines:
                raise BadLine("name", "the same person is in the file twice; the first is kept")
            lines[line.key] = line
        except BadLine as error:
            rejected.append((number, error.column, error.reason, repr(row)))
    points = _locate({line.postcode for line in lines.values()})
    volunteers = [_volunteer(line, points.get(line.postcode)) for line in lines.values()]
    changing = ["name", "phone", "email", "postcode", "lat", "lon", "skills", "languages", "radius_km", "capacity"]
    changing += ["dbs_expires_on", "organisation", "active"]
    now = clock.now()
    with transaction.atomic():
        Volunteer.objects.bulk_create(
            volunteers, update_conflicts=True, unique_fields=["import_key"], update_fields=changing, batch_size=500
        )
        VolunteerReject.objects.bulk_create(
            [
                VolunteerReject(
                    file_name=path.name[:200],
                    sha256=hashlib.sha256(content).hexdigest(),
                    line=number,
                    column=column,
                    reason=reason[:300],
                    row=row[:20_000],
                    at=now,
                )
                for number, column, reason, row in rejected
            ],
            ignore_conflicts=True,
            batch_size=500,
        )
    return ImportReport(
        volunteers=len(volunteers),
        rejected=len(rejected),
        unplaced=sum(one.lat is None for one in volunteers),
        rejects=[(number, column, reason) for number, column, reason, _row in rejected],
    )


def match_open_cases(*, by: Viewer, purpose: str, service: str | None = None) -> MatchReport:
    """Offer each waiting case to the volunteer that the best choice over all of them gives it; links go out as jobs.

    Offers that nobody answered in time are closed first, and their cases take part.
    """
    check_may_work_as(by, *MATCHERS)
    expired = expire_offers(by=by)
    cases = list_waiting(viewer=by, purpose=purpose, service=service)
    if not cases:
        return MatchReport(waiting=0, offered=0, expired=expired)
    tasks, areas = queries.tasks_of(cases, viewer=by, purpose=purpose)
    matching = match(tasks, queries.free_helpers())
    offers = _offer(matching.matches, cases=cases, areas=areas, by=by, purpose=purpose)
    why: dict[Why, int] = {}
    for reason in matching.unplaced.values():
        why[reason] = why.get(reason, 0) + 1
    return MatchReport(waiting=len(cases), offered=len(offers), expired=expired, unplaced=why)


def make_offer(*, by: Viewer, purpose: str, case_id: str, volunteer_id: str) -> str:
    """Offer one case to one volunteer whom a person chose among those who can do it. Returns the offer's id."""
    check_may_work_as(by, *MATCHERS)
    case = read_waiting(case_id, viewer=by, purpose=purpose)
    if case is None:
        raise WrongState(_("Somebody is helping with this case already."), _("Open it again to see who."))
    tasks, areas = queries.tasks_of([case], viewer=by, purpose=purpose)
    helpers = [helper for helper in queries.free_helpers() if helper.id == volunteer_id]
    suitable = rank(tasks[0], helpers)
    if not suitable:
        raise WrongState(
            _("This volunteer cannot take this case: too far, busy, not checked, or asked before."),
            _("Choose one from the list."),
        )
    offers = _offer(suitable, cases=[case], areas=areas, by=by, purpose=purpose)
    if not offers:
        raise WrongState(_("Somebody is helping with this case already."), _("Open it again to see who."))
    return offers[0].id


def send_links(*, by: Viewer, offer_ids: list[str]) -> None:
    """Send volunteers the links to their offers; each message goes once however often this runs."""
    check_may_work_as(by, *MATCHERS)
    for offer in Offer.objects.select_related("volunteer").filter(pk__in=offer_ids, state="offered").order_by("id"):
        send_to_address(
            by=by,
            name=offer.volunteer.name.split(" ")[0],
            phone=offer.volunteer.phone,
            email=offer.volunteer.email,
            wording=kind(offer.service).wording("offer"),
            about=f"offer:{offer.id}",
            key=f"offer:{offer.id}:{offer.nonce}",
            values={"need": gettext(offer.need_label).lower(), "link": queries.offer_link(offer)},
        )


def send_new_link(*, by: Viewer, offer_id: str) -> None:
    """The volunteer lost the message, or it went to the wrong phone: the old link closes and a new one goes out."""
    check_may_work_as(by, *MATCHERS)
    with transaction.atomic():
        changed = Offer.objects.filter(pk=offer_id, state="offered").update(nonce=new_nonce(), wrong_proofs=0)
        if not changed:
            raise WrongState(_("This offer does not wait for an answer."), _("Make another offer."))
        _enqueue_links([offer_id])


def prove_holder(*, token: str, answer: str) -> str:
    """Is the person with this link the volunteer? `answer`: the last four digits of their number, or their e-mail.

    Returns a proof for `queries.read_offer`. Five wrong answers close the link.
    """
    offer = queries.offer_behind(token)
    if offer.wrong_proofs >= WRONG_PROOFS:
        raise NotFound(_("This link is closed after too many wrong answers."), _("Call us and we will send a new one."))
    expected = proof_of(offer.volunteer.phone, offer.volunteer.email)
    if answer.strip().lower().replace(" ", "") != expected:
        Offer.objects.filter(pk=offer.pk).update(wrong_proofs=F("wrong_proofs") + 1)
        raise Problem(_("That is not what we have for you."), _("Check it and try again, or call us."))
    return queries.make_proof(offer)


def answer_offer(*, token: str, accept: bool) -> None:
    """The volunteer says yes or no, by their link. Saying the same again is the same as once."""
    offer = queries.offer_behind(token)
    if offer.state == "accepted" and accept:
        return
    by = queries.viewer_of_offer(offer)
    with transaction.atomic():
        locked = _lock(offer.id)
        _change(locked, "accepted" if accept else "declined")
        if accept:
            mark_matched(by=by, purpose=offer.purpose, case_id=offer.case_id)
            import_string("borough.volunteers.tasks.tell_resident_of").enqueue(offer.id)
            announce(OfferAccepted(offer_id=offer.id, case_id=offer.case_id))
        else:
            hand_back(by=by, purpose=offer.purpose, case_ids=[offer.case_id], reason=_("The volunteer said no."))


def finish_offer(*, token: str, done: bool, text: str = "") -> None:
    """The volunteer says that they helped, or could not and why. The case follows."""
    offer = queries.offer_behind(token)
    by = queries.viewer_of_offer(offer)
    with transaction.atomic():
        locked = _lock(offer.id)
        _change(locked, "done" if done else "could_not")
        if text.strip():
            add_note(by=by, purpose=offer.purpose, case_id=offer.case_id, text=text)
        if done:
            record_delivery(by=by, purpose=offer.purpose, case_id=offer.case_id)
        else:
            hand_back(
                by=by, purpose=offer.purpose, case_ids=[offer.case_id], reason=_("The volunteer could not do it.")
            )
        announce(OfferFinished(offer_id=offer.id, case_id=offer.case_id, done=done))


def raise_concern(*, token: str, text: str) -> None:
    """The volunteer is worried about the person: a flagged note on the case, first in the queue."""
    offer = queries.offer_behind(token)
    if offer.state != "accepted":
        raise WrongState(_("Accept the task first."), "")
    add_note(by=queries.viewer_of_offer(offer), purpose=offer.purpose, case_id=offer.case_id, text=text, flagged=True)


def withdraw_offer(*, by: Viewer, purpose: str, offer_id: str, reason: str) -> None:
    """Staff take an offer back, also one that was accepted: its link closes and the case goes back to the team."""
    check_may_work_as(by, *MATCHERS)
    with transaction.atomic():
        offer = _lock(offer_id)
        _change(offer, "withdrawn")
        hand_back(by=by, purpose=purpose, case_ids=[offer.case_id], reason=reason)


def close_offers_of(case_id: str) -> None:
    """The case was closed by staff: its live offer, if there is one, is taken back and its link opens nothing.

    For the event CaseClosed; safe to repeat.
    """
    with transaction.atomic():
        offer = Offer.objects.select_for_update().filter(case_id=case_id, state__in=LIVE).first()
        if offer is not None:
            _change(offer, "withdrawn")


def expire_offers(*, by: Viewer) -> int:
    """Close the offers whose time to answer is over, and give their cases back. Returns how many."""
    check_may_work_as(by, *MATCHERS)
    with transaction.atomic():
        late = list(
            Offer.objects.select_for_update().filter(state="offered", expires_at__lte=clock.now()).order_by("id")
        )
        Offer.objects.filter(pk__in=[offer.id for offer in late]).update(state="expired")
        for purpose in {offer.purpose for offer in late}:
            hand_back(
                by=by,
                purpose=purpose,
                case_ids=[offer.case_id for offer in late if offer.purpose == purpose],
                reason=_("No answer in time."),
            )
    return len(late)


def tell_resident(*, by: Viewer, offer_id: str) -> None:
    """Tell the person who asked that a volunteer will come. Once for each offer."""
    check_may_work_as(by, *MATCHERS)
    offer = _fetch(offer_id)
    if offer.state == "accepted":
        send_case_message(by=by, case_id=offer.case_id, wording="accepted", key=f"accepted:{offer.id}")


def _offer(
    matches: Iterable[Match], *, cases: Iterable[WaitingCase], areas: dict[str, str], by: Viewer, purpose: str
) -> list[Offer]:
    """Make the offers whose case still waits and whose volunteer still has room, and have their links sent."""
    chosen, waiting = {one.task_id: one for one in matches}, {case.id: case for case in cases}
    now = clock.now()
    with transaction.atomic():
        free = _room_of({one.helper_id for one in chosen.values()})
        possible = []
        for one in chosen.values():
            if free.get(one.helper_id, 0) > 0:
                free[one.helper_id] -= 1
                possible.append(one.task_id)
        offers = [
            Offer(
                case_id=case_id,
                volunteer_id=chosen[case_id].helper_id,
                purpose=purpose,
                service=waiting[case_id].service,
                need_label=kind(waiting[case_id].service).needs[waiting[case_id].need],
                area=areas.get(case_id, ""),
                reasons=asdict(chosen[case_id]),
                by=by.name,
                offered_at=now,
                expires_at=expires_at(now, waiting[case_id].urgency),
            )
            for case_id in mark_offered(by=by, purpose=purpose, case_ids=possible)
        ]
        Offer.objects.bulk_create(offers, batch_size=500)
        _enqueue_links([offer.id for offer in offers])
    return offers


def _room_of(volunteer_ids: set[str]) -> dict[str, int]:
    """How many more cases each can hold; their rows stay locked, so that two matchings at once cannot overfill one."""
    capacity = dict(
        Volunteer.objects.select_for_update()
        .filter(pk__in=volunteer_ids, active=True)
        .order_by("id")
        .values_list("id", "capacity")
    )
    live = Offer.objects.filter(volunteer_id__in=volunteer_ids, state__in=LIVE)
    held = dict(live.values_list("volunteer_id").annotate(Count("id")).order_by())
    return {volunteer_id: most - held.get(volunteer_id, 0) for volunteer_id, most in capacity.items()}


def _enqueue_links(offer_ids: list[str]) -> None:
    # Jobs stand above verbs, so a verb names its job. In the transaction of the offers: none is made and not sent.
    job = import_string("borough.volunteers.tasks.send_links_to")
    for start in range(0, len(offer_ids), 100):
        job.enqueue(offer_ids[start : start + 100])


def _lock(offer_id: str) -> Offer:
    offer = Offer.objects.select_for_update().filter(pk=offer_id).first()
    if offer is None:
        raise NotFound(_("There is no such offer."))
    return offer


def _fetch(offer_id: str) -> Offer:
    offer = Offer.objects.select_related("volunteer").filter(pk=offer_id).first()
    if offer is None:
        raise NotFound(_("There is no such offer."))
    return offer


def _change(offer: Offer, to: str) -> None:
    OFFER_STATES.check_change(offer.state, to)
    now = clock.now()
    if offer.state == "offered":
        offer.answered_at = now
    else:
        offer.finished_at = now
    offer.state = to
    offer.save(update_fields=["state", "answered_at", "finished_at"])


def _rows(content: bytes, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, cells by column) of a CSV file."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(_("%s is not in UTF-8.") % path.name, _("Save it as CSV in UTF-8 and try again.")) from error
    # NUL ends a text in PostgreSQL; no cell needs one.
    reader = csv.DictReader(text.replace("\x00", "").splitlines(keepends=True))
    columns = [name.strip().lower() for name in reader.fieldnames or ()]
    missing = [name for name in NEEDED if name not in columns]
    if missing or len(set(columns)) != len(columns):
        raise Problem(
            _("The first line of %(file)s does not name the columns %(columns)s once each.")
            % {"file": path.name, "columns": ", ".join(missing or columns)},
            _("Compare it with the example in the documentation."),
        )
    reader.fieldnames = columns
    for row in reader:
        yield reader.line_num, {name: value or "" for name, value in row.items() if isinstance(name, str)}


def _locate(postcodes: set[str]) -> dict[str, Point]:
    """Where each postcode is; one without an address in the gazetteer (a new street, an office) is put in the middle
    of its sector's postcodes, which in a city is some hundred metres off.
    """
    points = locate_postcodes(postcodes)
    sectors = {postcode[:-2]: neighbours_of(postcode) for postcode in postcodes - set(points)}
    near = locate_postcodes([one for each in sectors.values() for one in each])
    for postcode in postcodes - set(points):
        known = [near[one] for one in sectors[postcode[:-2]] if one in near]
        if known:
            count = len(known)
            points[postcode] = Point(sum(one.lat for one in known) / count, sum(one.lon for one in known) / count)
    return points


def _volunteer(line: Line, point: Point | None) -> Volunteer:
    return Volunteer(
        import_key=line.key,
        name=line.name,
        phone=line.phone,
        email=line.email,
        postcode=line.postcode,
        lat=point.lat if point else None,
        lon=point.lon if point else None,
        skills=list(line.skills),
        languages=list(line.languages),
        radius_km=line.radius_km,
        capacity=line.capacity,
        dbs_expires_on=line.dbs_expires_on,
        organisation=line.organisation,
        active=True,
    )
