"""Published reads of residents. A look at a person passes governance's door: it is logged before it is shown."""

from collections.abc import Iterable
from pathlib import Path

from borough.accounts.policies import Viewer
from borough.governance.door import open_door
from borough.residents.facts import write_facts
from borough.residents.models import Resident, SearchTerm
from borough.residents.search import term_of
from borough.residents.shapes import Contact, FactFiles

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
        moved: dict[str, str] = {}
        for chunk in _chunks(sorted(follow)):
            rows = Resident.objects.filter(id__in=chunk, retired_into__isnull=False)
            moved.update(rows.values_list("id", "retired_into_id"))
        for asked_id, reached in now.items():
            now[asked_id] = moved.get(reached, reached)
        follow = set(moved.values())
    return now


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


def _chunks(ids: list[str]) -> Iterable[list[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def export_facts(folder: Path, *, viewer: Viewer, purpose: str) -> FactFiles:
    """Write Parquet files of all who live here, without names, into the folder.

    residents: resident_id, household_id, household_size, shared, dob, age, sex, language, small_area, uprn, has_phone,
    has_email. records: resident_id, source, facts (JSON text), started_on, ended_on.
    """
    opening = open_door(viewer=viewer, purpose=purpose, verb="residents.export_facts")
    files = write_facts(folder, opening)
    opening.saw_everyone(files.people)
    return files
