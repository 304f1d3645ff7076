"""Published reads of residents. A look at a person passes governance's door: it is logged before it is shown."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.db.models import Max, Q
from django.utils.translation import gettext

from borough.accounts.policies import ANALYST, SYSTEM, Viewer, check_may_work_as
from borough.common import clock
from borough.common.errors import NotFound
from borough.common.identifiers import district_of
from borough.governance.door import open_door, read_without_the_door
from borough.governance.queries import who_is_restricted
from borough.residents.asking import Question, understand
from borough.residents.check_runs import ask_check
from borough.residents.checks import all_checks, check_called
from borough.residents.checks.kind import Check, CheckPage
from borough.residents.comparing import read_pair
from borough.residents.describing import describe
from borough.residents.facts import write_facts
from borough.residents.finding import find_page
from borough.residents.histories import list_decisions, measure_agreement
from borough.residents.looking_up import find_people
from borough.residents.models import LOAD_STATES, Load, Membership, Reject, Resident, ResidentEvent, SearchTerm, Source
from borough.residents.quality_view import read_quality
from borough.residents.queueing import find_next_to_review, list_to_review
from borough.residents.search import term_of
from borough.residents.shapes import (
    Contact,
    Direction,
    FactFiles,
    Home,
    LoadView,
    LookedUp,
    RejectView,
    ResidentPage,
    ResidentRow,
    ResidentView,
    SourceView,
)

# What this room publishes from its other modules, beside what stands here.
__all__ = [
    "find_next_to_review",
    "list_decisions",
    "list_to_review",
    "measure_agreement",
    "read_pair",
    "read_quality",
]

# More ids than this in one IN (…) would pass the bound on parameters of either database.
CHUNK = 10_000


def current_id(resident_id: str) -> str:
    """The id that stands for this one today: itself, or the resident that it was merged into. Nothing personal."""
    return current_ids([resident_id])[resident_id]


def current_ids(resident_ids: Iterable[str]) -> dict[str, str]:
    """`current_id` for many: a retired id maps to the one that stands for it, any other to itself."""
    asked = list(dict.fromkeys(resident_ids))
    now = {resident_id: resident_id for resident_id in asked}
    follow = set(asked)
    while follow:
        moved = {former: into for former, into, _ in _retired("id", follow)}
        for asked_id, reached in now.items():
            now[asked_id] = moved.get(reached, reached)
        follow = set(moved.values())
    return now


def ids_of(resident_ids: Iterable[str]) -> dict[str, dict[str, datetime | None]]:
    """For each id asked for, every id that stands for the same resident today, and when it was retired: None for the
    one that is theirs now. Other rooms find under these what they keep by id. Nothing personal."""
    current = current_ids(resident_ids)
    known: dict[str, dict[str, datetime | None]] = {reached: {reached: None} for reached in current.values()}
    root = {reached: reached for reached in known}
    follow = set(known)
    while follow:
        found: set[str] = set()
        for former, into, at in _retired("retired_into_id", follow):
            root[former] = root[into]
            known[root[into]][former] = at
            found.add(former)
        follow = found
    return {asked: known[reached] for asked, reached in current.items()}


def together_since(resident_id: str, other_id: str) -> datetime | None:
    """When `resident_id` was last merged into `other_id`; None where it never was. Nothing personal."""
    events = ResidentEvent.objects.filter(kind="retired", resident=resident_id, other=other_id)
    return events.order_by("-id").values_list("at", flat=True).first()


def list_contacts(resident_ids: Iterable[str], *, viewer: Viewer, purpose: str) -> dict[str, Contact]:
    """Contact details by the id that was asked for; ids that do not exist are left out.

    A retired id brings the details of the resident it was merged into, whose id is in `resident_id`.
    """
    opening = open_door(viewer=viewer, purpose=purpose, verb="residents.list_contacts")
    current = current_ids(resident_ids)
    found: dict[str, Resident] = {}
    for chunk in _chunks(sorted(set(current.values()))):
        found.update(Resident.objects.in_bulk(chunk))
    opening.saw(found)
    name, address, contact = opening.shows("name"), opening.shows("address"), opening.shows("contact")
    dob = opening.shows("date_of_birth")
    contacts = {}
    for asked_id, reached in current.items():
        row = found.get(reached)
        if row is None:
            continue
        contacts[asked_id] = Contact(
            resident_id=row.id,
            name=f"{row.forename} {row.surname}".strip() if name else "",
            forename=row.forename if name else "",
            phone=row.phone if contact else "",
            email=row.email if contact else "",
            language=row.language if contact else "",
            address=row.address if address else "",
            postcode=row.postcode if address else "",
            small_area=row.small_area if address else "",
            uprn=row.uprn if address else "",
            born_on=row.dob if dob else None,
        )
    return contacts


def find_by_contact(*, channel: str, value: str, viewer: Viewer, purpose: str) -> list[str]:
    """Ids of the residents who have this phone number (channel sms or phone) or e-mail address, in any record.

    Empty where nobody has it, and where the agreement does not open contact details.
    """
    opening = open_door(viewer=viewer, purpose=purpose, verb="residents.find_by_contact")
    kind = "email" if channel == "email" else "phone"
    term = term_of(kind, value)
    if not term or not opening.shows("contact"):
        return []
    ids = list(
        SearchTerm.objects.filter(kind=kind, term=term)
        .order_by("resident_id")
        .values_list("resident_id", flat=True)[:50]
    )
    opening.saw(ids)
    return ids


def search_residents(text: str, *, viewer: Viewer, purpose: str, page: int = 1) -> ResidentPage:
    """Residents found by a name, date of birth, address, postcode, phone, e-mail, identifier or id, 20 to a page.

    Names by their beginnings, several words in any order, and where nobody is called so by how they are spelt. What
    the agreement does not open is not searched either.
    """
    opening = open_door(viewer=viewer, purpose=purpose, verb="residents.search_residents")
    question = understand(text, clock.today())
    if question.resident_id:
        question = Question(resident_id=current_id(question.resident_id))
    found = find_page(question, opening, page)
    # Whose data is not to be used is not found, as if they were not there.
    restricted = who_is_restricted()
    shown = [row for row in found.rows if row.id not in restricted]
    opening.saw(row.id for row in shown)
    name, dob, address = opening.shows("name"), opening.shows("date_of_birth"), opening.shows("address")
    return ResidentPage(
        rows=[
            ResidentRow(
                resident_id=row.id,
                name=f"{row.forename} {row.surname}".strip() if name else "",
                dob=row.dob if dob else None,
                address=row.address if address else "",
                postcode=row.postcode if address else "",
                left_on=row.left_on,
            )
            for row in shown
        ],
        page=page,
        has_next=found.has_next,
        similar=found.similar,
        read_as=question.read_as,
    )


def look_up(details: Mapping[str, str | None], *, viewer: Viewer, purpose: str) -> list[LookedUp]:
    """Who somebody with these details may be, the likeliest first, ten at most.

    `details`: any of forename, middle_names, surname, previous_surname, dob (YYYY-MM-DD), sex, nino, nhs_number, phone,
    email, address, postcode, uprn. Weighed as linking would; what the agreement does not open is not searched by.
    """
    opening = open_door(viewer=viewer, purpose=purpose, verb="residents.look_up")
    restricted = who_is_restricted()
    found = [one for one in find_people(details, opening) if one.resident_id not in restricted]
    opening.saw(one.resident_id for one in found)
    return found


def read_resident(resident_id: str, *, viewer: Viewer, purpose: str) -> ResidentView:
    """One resident with records, links, household and timeline. Follows the redirect of a retired id."""
    opening = open_door(viewer=viewer, purpose=purpose, verb="residents.read_resident")
    resident = Resident.objects.select_related("household").filter(pk=current_id(resident_id)).first()
    if resident is None:
        raise NotFound("There is no such resident.", "Check the id, or search by name.")
    view = describe(resident, resident_id, opening)
    opening.saw([resident.id, *(member.resident_id for member in view.members)])
    return view


def who_was_who(moment: datetime, *, viewer: Viewer, purpose: str) -> dict[int, str]:
    """Which resident each record was taken to be of at this moment, by record: the index as it stood then.

    Ids are those of that day; `current_ids` says who they are now. Records that were not linked yet are left out.
    """
    check_may_work_as(viewer, ANALYST, SYSTEM)
    opening = open_door(viewer=viewer, purpose=purpose, verb="residents.who_was_who")
    then = Membership.objects.filter(began_at__lte=moment).filter(Q(ended_at=None) | Q(ended_at__gt=moment))
    held = dict(then.values_list("record", "resident").iterator(chunk_size=CHUNK))
    opening.saw_everyone(len(set(held.values())))
    return held


def list_checks() -> list[Check]:
    """The checks that can be asked for (residents/checks). Nothing of a resident."""
    return list(all_checks())


def read_check(code: str) -> Check:
    """What one check asks, and needs to be told. Raises NotFound."""
    return check_called(code)


def run_check(
    code: str,
    *,
    viewer: Viewer,
    purpose: str,
    answers: Mapping[str, str] | None = None,
    page: int | None = 1,
    sort: str = "",
) -> CheckPage:
    """The rows of a check, for review and never proof: 50 to a page, or all of them where `page` is None.

    `answers` to what the check asks, by name; `sort` a column's name, with "-" before it downwards. Each check has a
    purpose of its own. Raises NotFound for a code that is not there, NotAllowed where the agreement lacks a field or
    source that the list is made from, Problem where an answer cannot be used.
    """
    return ask_check(code, answers or {}, viewer=viewer, purpose=purpose, page=page, sort=sort)


def export_facts(folder: Path, *, viewer: Viewer, purpose: str) -> FactFiles:
    """Write Parquet files of all who live here, without names, into the folder.

    residents: resident_id, household_id, household_size, shared, dob, age, sex, language, small_area, uprn, has_phone,
    has_email. records: resident_id, source, facts (JSON text), started_on, ended_on.
    """
    check_may_work_as(viewer, ANALYST, SYSTEM)
    opening = open_door(viewer=viewer, purpose=purpose, verb="residents.export_facts")
    files = write_facts(folder, opening)
    opening.saw_everyone(files.people)
    return files


def list_homes(resident_ids: Iterable[str], *, viewer: Viewer, purpose: str) -> dict[str, Home]:
    """Where these live, by the id that was asked for, without their names: for counting how much help an area asks for.

    For analysts and the house's own jobs; logged as a read of everybody, since a count leaves nobody out.
    """
    check_may_work_as(viewer, ANALYST, SYSTEM)
    opening = open_door(viewer=viewer, purpose=purpose, verb="residents.list_homes")
    if not opening.shows("address"):
        return {}
    current = current_ids(resident_ids)
    homes: dict[str, Home] = {}
    for chunk in _chunks(sorted(set(current.values()))):
        rows = Resident.objects.filter(pk__in=chunk).values_list("id", "uprn", "postcode", "small_area")
        homes.update((resident_id, Home(*home)) for resident_id, *home in rows)
    opening.saw_everyone(len(homes))
    return {asked: homes[reached] for asked, reached in current.items() if reached in homes}


def list_directions(resident_ids: Iterable[str], *, viewer: Viewer, purpose: str) -> dict[str, Direction]:
    """Language and district by the id that was asked for, to choose who works on what these residents ask.

    For the transaction of the write that chooses: nobody is shown these, so the ledger's row of this look stands or
    falls with that write. Those whose data is not to be used are left out.
    """
    opening = open_door(viewer=viewer, purpose=purpose, verb="residents.list_directions")
    restricted = who_is_restricted()
    current = {asked: now for asked, now in current_ids(resident_ids).items() if now not in restricted}
    rows = Resident.objects.filter(pk__in=set(current.values())).values_list("id", "language", "postcode")
    contact, address = opening.shows("contact"), opening.shows("address")
    found = {
        resident_id: Direction(language if contact else "", district_of(postcode) if address else "")
        for resident_id, language, postcode in rows
    }
    opening.wrote(found)
    return {asked: found[now] for asked, now in current.items() if now in found}


def list_sources() -> list[SourceView]:
    """Every source with its newest load, by title. Counts only: nothing of a resident."""
    newest: dict[str, Load] = {}
    for load in Load.objects.filter(id__in=Load.objects.values("source").annotate(newest=Max("id")).values("newest")):
        newest[load.source_id] = load
    held = dict(
        Load.objects.filter(
            id__in=Load.objects.filter(state="done").values("source").annotate(m=Max("id")).values("m")
        ).values_list("source_id", "records")
    )
    return [
        SourceView(
            code=row.code,
            title=row.title,
            owner=row.owner,
            refresh=row.refresh,
            confirmed_by=row.confirmed_by,
            confirmed_at=row.confirmed_at,
            mapping=row.mapping,
            records=held.get(row.code, 0),
            last_load=_load_view(newest[row.code]) if row.code in newest else None,
        )
        for row in Source.objects.order_by("title")
    ]


def read_source(code: str) -> SourceView:
    """One source. Raises NotFound."""
    for source in list_sources():
        if source.code == code:
            return source
    raise NotFound("There is no such source.", "Choose one from the list of sources.")


def list_loads(source: str, *, limit: int = 100) -> list[LoadView]:
    """The loads of a source, newest first."""
    return [_load_view(load) for load in Load.objects.filter(source=source).order_by("-id")[:limit]]


def read_load(load_id: int) -> LoadView:
    """One load. Raises NotFound."""
    load = Load.objects.filter(pk=load_id).first()
    if load is None:
        raise NotFound("There is no such load.", "Choose one from its source.")
    return _load_view(load)


def list_rejects(load_id: int, *, viewer: Viewer, purpose: str, page: int = 1, size: int = 50) -> list[RejectView]:
    """A page of the rows that a load did not take in, by line. The row itself only where records are opened.

    They are in the ledger as a read without residents: a rejected row has not been linked to anybody.
    """
    opening = open_door(viewer=viewer, purpose=purpose, verb="residents.list_rejects")
    source = read_load(load_id).source
    shows = opening.shows("records") and opening.shows_source(source)
    start = (max(1, page) - 1) * size
    rows = Reject.objects.filter(load=load_id).order_by("line", "id")[start : start + size]
    views = [RejectView(row.line, row.column, row.reason, row.row if shows else "") for row in rows]
    opening.saw([])
    return views


def _load_view(load: Load) -> LoadView:
    return LoadView(
        load_id=load.pk,
        source=load.source_id,
        file_name=load.file_name,
        size_bytes=load.size_bytes,
        state=load.state,
        state_words=gettext(LOAD_STATES.labels[load.state]),
        rows=load.rows,
        accepted=load.accepted,
        rejected=load.rejected,
        added=load.added,
        changed=load.changed,
        unchanged=load.unchanged,
        gone=load.gone,
        started_at=load.started_at,
        finished_at=load.finished_at,
        problem=load.problem,
        warnings=load.warnings,
        unread_columns=load.unread_columns,
        by=load.by,
    )


def _retired(column: str, ids: Collection[str]) -> Iterator[tuple[str, str, datetime | None]]:
    """(id, into whom, when) of the retired ids whose column is one of these. Asked for before any door is open."""
    table = Resident._meta.db_table
    source = read_without_the_door(table)
    for chunk in _chunks(sorted(ids)):
        if source == table:
            rows = Resident.objects.filter(Q((f"{column}__in", chunk)), retired_into__isnull=False)
            yield from rows.values_list("id", "retired_into_id", "retired_at")
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id, retired_into_id, retired_at FROM {source} WHERE {column} = ANY(%s)", [chunk])
            yield from cursor.fetchall()


def _chunks(ids: list[str]) -> Iterable[list[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
