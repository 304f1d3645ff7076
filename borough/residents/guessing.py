"""A first mapping for a file that nobody has described, from the words of its header and the look of its values.

A person must read and confirm it before anything is loaded by it. No database.
"""

import codecs
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import combinations, islice
from pathlib import Path

from borough.common.errors import Problem
from borough.residents.cells import TITLES
from borough.residents.extract_files import Unreadable, kind_of, open_extract
from borough.residents.guess_values import date_format, fact_rule, share, share_valid
from borough.residents.mapping import DATE_FIELDS, FieldRule, Mapping

SAMPLE_ROWS = 2_000
KEY_ROWS = 200_000
_SAMPLE_BYTES = 1 << 20
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

# Words of a header that speak for a field, in the order in which the fields choose: the first set that a header holds.
_HEADERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("nino", ("nino", "national insurance", "ni number", "ni no", "nat ins no")),
    ("nhs_number", ("nhs",)),
    ("uprn", ("uprn", "property urn", "property reference number")),
    ("email", ("email", "e mail", "mail address")),
    ("postcode", ("postcode", "post code", "pcode", "postal code", "zip")),
    ("phone", ("mobile", "telephone", "phone", "tel", "contact number")),
    ("dob", ("dob", "date of birth", "birth date", "birthdate", "birthday", "born", "birth")),
    ("deceased_on", ("deceased", "date of death", "died", "death")),
    ("sex", ("sex", "gender")),
    ("language", ("language", "first language", "home language")),
    ("previous_surname", ("maiden", "previous surname", "prev surname", "former surname", "birth name", "former name")),
    ("middle_names", ("middle name", "middle names", "middlename", "middle")),
    (
        "forename",
        ("forename", "forenames", "first name", "firstname", "given name", "givenname", "given names", "fname"),
    ),
    ("surname", ("surname", "last name", "lastname", "family name", "lname")),
    ("title", ("title", "salutation")),
    (
        "name",
        (
            "name",
            "full name",
            "fullname",
            "tenant",
            "holder",
            "claimant",
            "borrower",
            "liable person",
            "elector",
            "person",
        ),
    ),
    ("started_on", ("start", "started", "from", "joined", "opened", "open from", "entry date", "added", "commenced")),
    ("ended_on", ("end", "ended", "to", "closed", "left", "valid to", "expires", "expiry", "ceased")),
)
_ADDRESS_WORDS = frozenset(
    (
        "address", "addr", "address1", "address2", "street", "flat", "house", "road", "building", "property", "town",
        "locality", "suburb", "city", "line", "apartment", "unit",
    )
)  # fmt: skip
_NUMBER_WORDS = frozenset({"no", "number", "num"})
_KEY_WORDS = frozenset(
    ("id", "ref", "reference", "no", "number", "key", "urn", "upn", "account", "permit", "borrower", "seq", "prefix")
)  # fmt: skip
_CHECKED = {"nino": 0.5, "nhs_number": 0.5, "title": 0.7, "sex": 0.7}


@dataclass
class Guess:
    """A mapping to be confirmed. `because` says, by column, why it was read so."""

    mapping: Mapping
    because: dict[str, str] = field(default_factory=dict)


def guess_mapping(path: Path) -> Mapping:
    """The guessed mapping alone. Raises Problem for a file that cannot be read, or holds no column that we know."""
    return guess(path).mapping


def guess(path: Path) -> Guess:
    """Look at the header and the first 2,000 rows."""
    encoding, delimiter = _csv_form(path) if kind_of(path) == "csv" else ("utf-8-sig", ",")
    file = open_extract(path, encoding=encoding, delimiter=delimiter)
    try:
        header = file.header
        rows = [item[1] for item in islice(file, SAMPLE_ROWS) if not isinstance(item, Unreadable)]
    finally:
        file.close()
    once = [name for name, times in Counter(header).items() if name and times == 1]
    values = {name: [cell for row in rows if (cell := row[header.index(name)].strip())] for name in once}
    because: dict[str, str] = {}
    fields = _guess_fields(once, values, because)
    if not fields:
        raise Problem(
            f"{path.name}: no column looks like a name, a date of birth or an address.",
            f"It has: {', '.join(header)[:500]}. Write the mapping by hand: see docs/reference/mapping.md.",
        )
    mapped = {column for rule in fields.values() for column in rule.columns}
    key = _guess_key(once, rows, header, mapped, because, lambda key: _is_unique(path, encoding, delimiter, key))
    facts = {}
    for column in once:
        if column not in mapped and column not in key and values[column]:
            facts[_code(column)] = fact_rule(column, _words(column), values[column])
    stem = _code(path.stem)
    return Guess(
        Mapping(
            source=stem,
            title=stem.replace("_", " ").capitalize(),
            owner="to be filled in",
            refresh="to be filled in",
            key=key,
            fields=fields,
            facts=facts,
            encoding=encoding,
            delimiter=delimiter,
        ),
        because,
    )


def _guess_fields(header: list[str], values: dict[str, list[str]], because: dict[str, str]) -> dict[str, FieldRule]:
    fields: dict[str, FieldRule] = {}
    free = list(header)
    for name, phrases in _HEADERS:
        if name == "name" and "surname" in fields:
            continue
        for column in sorted(free, key=lambda column: _rank(column, phrases)):
            phrase = _phrase_in(column, phrases)
            if not phrase:
                break
            rule = _rule_for(name, column, values[column])
            if rule:
                fields[name] = rule
                because[column] = f'its header says "{phrase}"{_doubt(name, values[column])}'
                free.remove(column)
                break
    for name in ("postcode", "email", "nino"):
        for column in free:
            if name not in fields and len(values[column]) > 10 and share_valid(name, values[column]) > 0.9:
                fields[name] = FieldRule((column,))
                because[column] = f"nine values in ten have the form of {name}"
    free = [column for column in free if column not in because]
    address = _address_columns(free, header)
    if address:
        fields["address"] = FieldRule(tuple(address))
        because.update(dict.fromkeys(address, "its header speaks of an address"))
    return fields


def _rule_for(name: str, column: str, values: list[str]) -> FieldRule | None:
    """How this column would be read as this field; None if its values speak against it."""
    if name in DATE_FIELDS:
        pattern, part = date_format(values)
        if not pattern:
            return None
        # Some are not in the calendar: to lose the whole row for that would lose a person.
        return FieldRule((column,), format=pattern, impossible="reject" if part == 1 else "empty")
    if name in _CHECKED and share_valid(name, values) < _CHECKED[name]:
        return None
    if name == "name":
        if share(values, lambda value: " " in value.strip()) < 0.5:
            return None
        return FieldRule((column,), order=_name_order(values))
    return FieldRule((column,))


def _name_order(values: list[str]) -> str:
    if share(values, lambda value: "," in value) > 0.5:
        return "surname, forename"
    titled = share(values, lambda value: value.split()[0].rstrip(".").casefold() in TITLES)
    return "title forename surname" if titled > 0.5 else "forename surname"


def _address_columns(free: list[str], header: list[str]) -> list[str]:
    chosen = [column for column in free if not _ADDRESS_WORDS.isdisjoint(_words(column))]
    # House numbers stand in a column "No" beside the street.
    for column in free:
        beside = header.index(column) + 1
        if (
            column not in chosen
            and set(_words(column)) <= _NUMBER_WORDS
            and set(header[beside : beside + 1]) & set(chosen)
        ):
            chosen.append(column)
    return sorted(chosen, key=header.index)


def _guess_key(
    columns: list[str],
    rows: list[list[str]],
    header: list[str],
    mapped: set[str],
    because: dict[str, str],
    is_unique: Callable[[tuple[str, ...]], bool],
) -> tuple[str, ...]:
    """The first column, or pair of columns, that is filled and different in every row: of the sample, then of more."""
    likely = [column for column in columns if column not in mapped and not _KEY_WORDS.isdisjoint(_words(column))]
    others = [column for column in columns if column not in mapped and column not in likely]
    candidates: Iterable[tuple[str, ...]] = [
        *((column,) for column in likely),
        *combinations(likely, 2),
        *((column,) for column in others),
        *combinations(likely + others[:5], 2),
    ]
    for candidate in candidates:
        at = [header.index(column) for column in candidate]
        seen = {tuple(row[position].strip() for position in at) for row in rows}
        if len(seen) == len(rows) and all(all(parts) for parts in seen) and is_unique(candidate):
            because.update(dict.fromkeys(candidate, "with the key it is different in every row that was looked at"))
            return candidate
    column = (likely or others or columns)[0]
    because[column] = "NO COLUMN is different in every row: name the columns that together identify a row"
    return (column,)


def _is_unique(path: Path, encoding: str, delimiter: str, key: tuple[str, ...]) -> bool:
    """Hardly a row of the first 200,000 has the key of another: a file holds a few rows twice by mistake."""
    file = open_extract(path, encoding=encoding, delimiter=delimiter)
    try:
        at = [file.header.index(column) for column in key]
        rows = 0
        seen: set[int] = set()
        for item in islice(file, KEY_ROWS):
            if not isinstance(item, Unreadable):
                rows += 1
                seen.add(hash(tuple(item[1][position].strip() for position in at)))
        return len(seen) >= rows * 0.99
    finally:
        file.close()


def _csv_form(path: Path) -> tuple[str, str]:
    """(encoding, delimiter), from the first megabyte."""
    with path.open("rb") as file:
        start = file.read(_SAMPLE_BYTES)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        whole_lines = start[: start.rfind(b"\n") + 1] or start
        try:
            whole_lines.decode("utf-8")
            encoding = "utf-8-sig"
        except UnicodeDecodeError:
            encoding = "cp1252"
    lines = start.decode(encoding, "replace").splitlines()[:50]
    counts = {mark: [line.count(mark) for line in lines if line] for mark in ",;\t|"}
    return encoding, max(counts, key=lambda mark: (min(counts[mark], default=0), sum(counts[mark])))


def _words(header: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(header)]


def _code(header: str) -> str:
    code = "_".join(_words(header))[:40].strip("_") or "column"
    return code if code[0].isalpha() else f"c_{code}"[:40]


def _phrase_in(header: str, phrases: tuple[str, ...]) -> str:
    words = f" {' '.join(_words(header))} "
    return max((phrase for phrase in phrases if f" {phrase} " in words), key=len, default="")


def _rank(header: str, phrases: tuple[str, ...]) -> tuple[bool, int]:
    """Headers that say little else than the phrase first."""
    phrase = _phrase_in(header, phrases)
    return (not phrase, len(header) - len(phrase))


def _doubt(name: str, values: list[str]) -> str:
    if name in {"postcode", "phone", "email"} and values and share_valid(name, values) < 0.5:
        return ", BUT most of its values are not in the British form: check it"
    return ""
