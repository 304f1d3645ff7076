"""What is odd about a file as a whole, told before any of it is merged.

Some findings hold the load until a person has looked and accepts it. For the others linking takes no notice of values
that say nothing, and the quality page shows them. No finding names or quotes a person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from django.db.models import Max

from borough.common.errors import Problem
from borough.residents.finding_words import finding_words
from borough.residents.linkage.corpus import FEWEST_DEFAULTS, MOST_AT_HOME, MOST_OF_SOURCE, MOST_SHARED
from borough.residents.models import Load, Record, Source, StagedRecord

TEXTS = (
    "title", "forename", "middle_names", "surname", "previous_surname", "sex", "phone", "email", "language", "address",
    "postcode", "uprn",
)  # fmt: skip
NULLABLE = ("dob", "nino", "nhs_number", "started_on", "ended_on", "deceased_on")
FIELDS = (*TEXTS, *NULLABLE)
IDENTIFIERS = ("nino", "nhs_number")
# Of people whose identifier is known elsewhere, so many with another name and birth date cannot be clerks' slips.
MOST_CONTRADICTED = 0.3
# What rows are called that arrive by themselves: no extract, so nothing to judge the next extract by.
ARRIVED = "arrived.csv"
# Fewer than this are no sample.
FEWEST_COMPARED = 20
# Rows looked at to tell whose file this is.
SAMPLE = 5_000
MOST_OF_ANOTHER = 0.5
HARDLY_KNOWN = 0.1
# Mean difference in how full the fields are: another kind of file, and the same kind.
UNLIKE, ALIKE = 0.12, 0.04

_STAGED = StagedRecord._meta.db_table
_RECORD = Record._meta.db_table


class HeldLoad(Problem):
    """A file that can be read and looks wrong: a person has to say whether it is right. `load_id`: what was held."""

    load_id: int


@dataclass(frozen=True)
class Finding:
    """`rows` of `of` have it; `values` different ones, the first at `line`; `value` only where it is no person's."""

    kind: str
    field: str = ""
    rows: int = 0
    of: int = 0
    values: int = 0
    line: int = 0
    value: str = ""
    source: str = ""

    @property
    def holds(self) -> bool:
        return self.kind in {"contradicted", "changed_identifiers", "other_source"}

    def as_dict(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}


def look_over(load: Load) -> list[Finding]:
    """Look at the staged rows of a load. Sets `load.filled`, and returns what is odd about them."""
    filled, rows = _filled(load)
    load.filled = filled
    known = _compare_with_own(load)
    return [
        *_one_date(load, filled["dob"]),
        *_shared(load, "phone", MOST_SHARED),
        *_shared(load, "email", MOST_SHARED),
        *_shared(load, "uprn", MOST_AT_HOME),
        *known.changed_identifiers,
        *(finding for field in IDENTIFIERS for finding in _contradicted(load, field)),
        *_other_source(load, rows, known.keys),
    ]


def _rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def filled_sql(alias: str = "") -> str:
    """count(…) of each of FIELDS, in that order, for a table with the standard fields."""
    texts = (f"count(CASE WHEN {alias}{name} <> '' THEN 1 END)" for name in TEXTS)
    return ", ".join([*texts, *(f"count({alias}{name})" for name in NULLABLE)])


def _filled(load: Load) -> tuple[dict[str, int], int]:
    rows, *counts = _rows(f"SELECT count(*), {filled_sql()} FROM {_STAGED} WHERE load_id = %s", load.pk)[0]
    return dict(zip(FIELDS, map(int, counts), strict=True)), int(rows)


def _one_date(load: Load, dated: int) -> list[Finding]:
    """One date of birth on an absurd share of the rows: what the system writes where it knows none."""
    least = max(FEWEST_DEFAULTS, dated * MOST_OF_SOURCE)
    found = _rows(
        f"SELECT dob, count(*), min(line) FROM {_STAGED} WHERE load_id = %s AND dob IS NOT NULL "
        "GROUP BY dob HAVING count(*) >= %s ORDER BY count(*) DESC, dob",
        load.pk,
        least,
    )
    return [Finding("one_date", "dob", int(n), dated, 1, int(line), str(day)[:10]) for day, n, line in found]


def _shared(load: Load, field: str, most: int) -> list[Finding]:
    """Values that more rows share than people of one home would."""
    found = _rows(
        f"SELECT count(*), min(line) FROM {_STAGED} WHERE load_id = %s AND {field} <> '' "
        f"GROUP BY {field} HAVING count(*) > %s ORDER BY count(*) DESC, min(line)",
        load.pk,
        most,
    )
    if not found:
        return []
    return [
        Finding("shared", field, sum(int(n) for n, _ in found), load.filled[field], len(found), int(found[0][1])),
    ]


@dataclass(frozen=True)
class _Own:
    """`keys`: share of the staged keys that the source holds, None where it holds too few to tell."""

    keys: float | None
    changed_identifiers: list[Finding]


def _compare_with_own(load: Load) -> _Own:
    """The rows against what the source itself held of the same keys."""
    both = ", ".join(
        f"count(CASE WHEN s.{name} <> r.{name} THEN 1 END), count(CASE WHEN s.{name} IS NOT NULL THEN r.{name} END)"
        for name in IDENTIFIERS
    )
    rows, held, *counts = _rows(
        f"SELECT count(*), count(r.id), {both} FROM {_STAGED} s "
        f"LEFT JOIN {_RECORD} r ON r.source_id = %s AND r.key = s.key WHERE s.load_id = %s",
        load.source_id,
        load.pk,
    )[0]
    findings = [
        Finding("changed_identifiers", name, int(counts[at * 2]), int(counts[at * 2 + 1]))
        for at, name in enumerate(IDENTIFIERS)
    ]
    before = Record.objects.filter(source=load.source_id, gone_at=None)[:FEWEST_COMPARED].count()
    return _Own(
        keys=int(held) / int(rows) if rows and before >= FEWEST_COMPARED else None,
        changed_identifiers=[finding for finding in findings if _too_many(finding)],
    )


def _too_many(finding: Finding) -> bool:
    return finding.of >= FEWEST_COMPARED and finding.rows > finding.of * MOST_CONTRADICTED


def _contradicted(load: Load, field: str) -> list[Finding]:
    """Identifiers that other sources hold for people of another first name and another birth date (or surname)."""
    born = "s.dob IS NOT NULL AND r.dob IS NOT NULL AND s.dob <> '1900-01-01' AND r.dob <> '1900-01-01'"
    other = (
        "lower(substr(s.forename, 1, 1)) <> lower(substr(r.forename, 1, 1)) AND "
        f"CASE WHEN {born} THEN s.dob <> r.dob ELSE lower(s.surname) <> lower(r.surname) END"
    )
    found, contradicted = _rows(
        f"SELECT count(*), count(CASE WHEN {other} THEN 1 END) FROM {_STAGED} s JOIN {_RECORD} r "
        f"ON r.{field} = s.{field} AND r.source_id <> %s AND r.gone_at IS NULL "
        f"WHERE s.load_id = %s AND s.{field} IS NOT NULL AND s.forename <> '' AND r.forename <> ''",
        load.source_id,
        load.pk,
    )[0]
    finding = Finding("contradicted", field, int(contradicted), int(found))
    return [finding] if _too_many(finding) else []


def _other_source(load: Load, rows: int, own_keys: float | None) -> list[Finding]:
    """Whose file is this? By its keys with their surnames, or else by how full its fields are."""
    others = list(Source.objects.exclude(code=load.source_id).order_by("code").values_list("code", flat=True))
    if rows < FEWEST_COMPARED or not others:
        return []
    sample = min(rows, SAMPLE)
    marks = ", ".join(["%s"] * (len(others) + 1))
    held = {
        code: int(n)
        for code, n in _rows(
            f"SELECT r.source_id, count(*) FROM (SELECT key, surname FROM {_STAGED} WHERE load_id = %s "
            f"ORDER BY line LIMIT %s) s JOIN {_RECORD} r ON r.key = s.key AND r.source_id IN ({marks}) "
            "AND lower(r.surname) = lower(s.surname) GROUP BY r.source_id",
            load.pk,
            sample,
            load.source_id,
            *others,
        )
    }
    own = held.pop(load.source_id, 0)
    if held:
        code = max(sorted(held), key=lambda one: held[one])
        if held[code] >= sample * MOST_OF_ANOTHER and held[code] > 2 * own:
            return [Finding("other_source", "key", held[code], sample, source=code)]
    if own_keys is None or own_keys >= HARDLY_KNOWN:
        return []
    shares = fill_shares(load.filled, rows)
    usual = newest_fills([load.source_id, *others])
    away = {code: sum(abs(shares[name] - fill[name]) for name in FIELDS) / len(FIELDS) for code, fill in usual.items()}
    near = {code: far for code, far in away.items() if code != load.source_id and far <= ALIKE}
    if not near or away.get(load.source_id, 0.0) < UNLIKE:
        return []
    return [Finding("other_source", "filled", rows, rows, source=min(sorted(near), key=lambda code: near[code]))]


def fill_shares(filled: Mapping[str, int], rows: int) -> dict[str, float]:
    """Share of the rows that have each field."""
    return {name: filled.get(name, 0) / rows if rows else 0.0 for name in FIELDS}


def newest_fills(sources: Iterable[str]) -> dict[str, dict[str, float]]:
    """By source: share of rows with each field in its newest finished load, where that was counted."""
    extracts = Load.objects.filter(source__in=list(sources), state="done").exclude(file_name=ARRIVED)
    newest = extracts.values("source").annotate(m=Max("id")).values("m")
    return {
        load.source_id: fill_shares(load.filled, load.accepted)
        for load in Load.objects.filter(id__in=newest)
        if load.filled
    }


def hold(file_name: str, findings: Iterable[Finding]) -> HeldLoad:
    """The problem that says why the load is held."""
    reasons = " ".join(finding_words(finding.as_dict()) for finding in findings if finding.holds)
    return HeldLoad(
        f"{file_name} is held, and nothing was changed. {reasons}",
        "Check the export. If the file is right, load it with --accept.",
    )
