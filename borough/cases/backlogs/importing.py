"""A backlog of cases from a CSV file. The same file again changes nothing; a line that is wrong is kept as a reject."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from borough.accounts.policies import Viewer
from borough.cases.kinds import URGENCIES, CaseKind, kind
from borough.cases.models import Case, CaseReject, CaseStep, Task
from borough.cases.policies import check_may_work_on
from borough.common import clock
from borough.common.clock import LONDON
from borough.common.csv_files import BadLine, Rejected, rows_of_csv
from borough.common.errors import Problem
from borough.common.identifiers import clean_email, clean_phone, clean_postcode, district_of
from borough.common.ids import mint_reference
from borough.governance.door import open_door

NEEDED = ("key", "need")
COLUMNS = (*NEEDED, "text", "name", "phone", "email", "postcode", "opened_on", "urgency")
BATCH = 500
# More keys than this in one IN (…) would pass the bound on parameters of either database.
MOST_KEYS = 10_000
# What to do about a line that could not be taken in, by the column that it was for.
REMEDIES = {
    "key": gettext_noop("Give each line a number of its own, of up to 60 characters."),
    "need": gettext_noop("Write one of the needs of the service."),
    "phone": gettext_noop("Write a phone number or an email address by which we can answer."),
    "postcode": gettext_noop("Correct it, or leave it empty."),
    "urgency": gettext_noop("Write urgent, soon or routine, or leave it empty."),
    "opened_on": gettext_noop("Write a day that is not in the future, such as 2026-11-22, or leave it empty."),
}


@dataclass(frozen=True)
class BacklogReport:
    """`known`: lines whose case was opened before. `rejects` are (line, column, reason); the lines are kept."""

    opened: int
    known: int
    rejects: list[tuple[int, str, str]]


def import_cases(
    path: Path, *, by: Viewer, purpose: str, service: str, mapping: Mapping[str, str] | None = None
) -> BacklogReport:
    """Open a case for each line of a CSV file: key (its number in the system it comes from), need (code or label),
    text, name, phone, email, postcode, opened_on, urgency. `mapping`: heading in the file → one of these.
    """
    declared = kind(service)
    check_may_work_on(by, declared, purpose)
    opening = open_door(viewer=by, purpose=purpose, verb="cases.import_cases")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Problem(
            _("%(file)s cannot be read: %(why)s.") % {"file": path, "why": error.strerror}, _("Check the path.")
        ) from error
    cases, rejected = read_lines(content, path.name, declared=declared, mapping=mapping)
    with transaction.atomic():
        opened = sum(open_new(cases[start : start + BATCH], by=by) for start in range(0, len(cases), BATCH))
        CaseReject.keep(path.name, content, rejected)
        opening.wrote()
    rejects = [(line, column, reason) for line, column, reason, _row in rejected]
    return BacklogReport(opened=opened, known=len(cases) - opened, rejects=rejects)


def read_lines(
    content: bytes, name: str, *, declared: CaseKind, mapping: Mapping[str, str] | None = None
) -> tuple[list[Case], list[Rejected]]:
    """The cases that a file would open, not saved, in its order; and (line, column, reason, row) of what it could not.

    Raises Problem where the file as a whole cannot be read.
    """
    cases: dict[str, Case] = {}
    rejected: list[Rejected] = []
    for line, row in rows_of_csv(content, name, needed=NEEDED, mapping=mapping):
        try:
            case = _read(row, declared)
            if case.source_key in cases:
                raise BadLine("key", _("is in the file twice; the first is kept"))
            cases[case.source_key] = case
        except BadLine as error:
            rejected.append((line, error.column, error.reason, repr(row)))
    return list(cases.values()), rejected


def count_new(cases: Sequence[Case]) -> int:
    """How many of these cases are not open already."""
    return sum(len(_new(cases[start : start + MOST_KEYS])) for start in range(0, len(cases), MOST_KEYS))


def open_new(cases: Sequence[Case], *, by: Viewer) -> int:
    """Save those of these few cases that are not open already, each with its task. Returns how many."""
    now, new = clock.now(), _new(cases)
    Case.objects.bulk_create(new)
    Task.objects.bulk_create(
        Task(case=case, need=case.need, due_on=case.due_on, asked_at=case.opened_at) for case in new
    )
    CaseStep.objects.bulk_create(
        CaseStep(case=case, at=now, by=by.name, new="new", reason=_("From a backlog")) for case in new
    )
    return len(new)


def _new(cases: Sequence[Case]) -> list[Case]:
    keys = [case.source_key for case in cases]
    known = set(Case.objects.filter(source_key__in=keys).values_list("source_key", flat=True))
    return [case for case in cases if case.source_key not in known]


def _read(row: Mapping[str, str], declared: CaseKind) -> Case:
    def cell(column: str) -> str:
        return row.get(column, "").strip()

    key, need = cell("key"), _need(cell("need"), declared)
    if not key or len(key) > 60:
        raise BadLine("key", _("is empty or longer than 60 characters"))
    phone, email, postcode = clean_phone(cell("phone")), clean_email(cell("email")), clean_postcode(cell("postcode"))
    if not phone and not email:
        raise BadLine("phone", _("neither a phone number nor an email address can be read"))
    if cell("postcode") and not postcode:
        raise BadLine("postcode", _("is not a postcode"))
    opened_on = _day(cell("opened_on"))
    urgency = cell("urgency").lower() or declared.triage({"need": need, "text": cell("text")})
    if urgency not in URGENCIES:
        raise BadLine("urgency", _("is none of: %(words)s") % {"words": ", ".join(URGENCIES)})
    return Case(
        reference=mint_reference(declared.reference_prefix),
        service=declared.code,
        need=need,
        urgency=urgency,
        channel="backlog",
        source_key=f"backlog:{declared.code}:{key}",
        text=cell("text"),
        asker_name=cell("name")[:160],
        asker_phone=phone or "",
        asker_email=email or "",
        asker_postcode=postcode or "",
        opened_at=datetime.combine(opened_on, time(12), LONDON) if opened_on < clock.today() else clock.now(),
        due_on=declared.due_on(urgency, opened_on),
        team=declared.team_for(need, district_of(postcode or "")),
    )


def _need(said: str, declared: CaseKind) -> str:
    by_word = {word.casefold(): code for code, label in declared.needs.items() for word in (code, label)}
    if said.casefold() not in by_word:
        raise BadLine("need", _("is none of: %(needs)s") % {"needs": ", ".join(declared.needs)})
    return by_word[said.casefold()]


def _day(said: str) -> date:
    if not said:
        return clock.today()
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(said, form).replace(tzinfo=LONDON).date()
        except ValueError:
            continue
        if day > clock.today():
            raise BadLine("opened_on", _("is in the future"))
        return day
    raise BadLine("opened_on", _("is not a date such as 2026-11-22 or 22/11/2026"))
