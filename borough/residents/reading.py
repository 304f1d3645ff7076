"""Reads an extract by its mapping into rows of standard fields. No database: evaluation and guessing use it too."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from difflib import get_close_matches
from hashlib import blake2b
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from borough.common import clock
from borough.common.errors import Problem
from borough.residents.cells import ImpossibleDate, Reader, fact_reader, field_reader
from borough.residents.extract_files import ExtractFile, Unreadable, open_extract
from borough.residents.mapping import Mapping

MAX_KEY = 120


class Row(NamedTuple):
    """One row as its mapping reads it. Dates are 1980-12-31; "" is no text, None no date or identifier.

    `facts` is a JSON object as text; `row_hash` changes when a cell that the mapping reads changes.
    """

    line: int
    key: str
    row_hash: str
    title: str = ""
    forename: str = ""
    middle_names: str = ""
    surname: str = ""
    previous_surname: str = ""
    dob: str | None = None
    sex: str = ""
    nino: str | None = None
    nhs_number: str | None = None
    phone: str = ""
    email: str = ""
    language: str = ""
    address: str = ""
    postcode: str = ""
    uprn: str = ""
    started_on: str | None = None
    ended_on: str | None = None
    deceased_on: str | None = None
    facts: str = "{}"


TITLE, FORENAME, MIDDLE_NAMES, SURNAME, ADDRESS, FACTS = (
    Row._fields.index(name) for name in ("title", "forename", "middle_names", "surname", "address", "facts")
)


class RejectedRow(NamedTuple):
    """A row that cannot be taken in. `key` is what stands in its key columns, where that can be read."""

    line: int
    column: str
    reason: str
    text: str
    key: str = ""


class Extract:
    """An open extract read by a mapping. Iterate for rows; afterwards `warnings` counts the cells left out."""

    def __init__(self, path: Path, mapping: Mapping, today: date | None = None) -> None:
        self.path = path
        self.mapping = mapping
        self.file: ExtractFile = open_extract(path, encoding=mapping.encoding, delimiter=mapping.delimiter)
        self.today = today or clock.today()
        self._positions = _find_columns(path.name, self.file.header, mapping)
        self._readers: list[tuple[int, int, Reader]] = []
        self._facts: list[tuple[int, Reader]] = []
        self._name: tuple[int, Reader] | None = None
        self._address: tuple[Callable[[list[str]], tuple[str, ...]], Reader] | None = None
        self._prepare()

    @property
    def unread_columns(self) -> list[str]:
        """Columns of the file that the mapping does not use."""
        used = set(self.mapping.columns)
        return [name for name in self.file.header if name not in used]

    @property
    def warnings(self) -> dict[str, int]:
        """Per column: how many cells could not be what the mapping says (a National Insurance number, a phone …)."""
        counts: Counter[str] = Counter()
        for _, _, reader in self._readers:
            counts[reader.column] += reader.left_out
        for _, reader in self._facts:
            counts[reader.column] += reader.left_out
        return {column: count for column, count in counts.items() if count}

    def __iter__(self) -> Iterator[Row | RejectedRow]:
        make, hash_of, key_of = Row._make, self._hasher(), self._key_maker()
        readers, facts, name, address = self._readers, self._facts, self._name, self._address
        blank: list[Any] = list(Row(0, "", ""))
        for item in self.file:
            if isinstance(item, Unreadable):
                yield RejectedRow(item.line, "", item.reason, item.text, self._key_in(item.text))
                continue
            line, cells = item
            key = key_of(cells)
            if not key or len(key) > MAX_KEY:
                reason = "The key is longer than 120 characters." if key else "The row has no key."
                yield RejectedRow(line, ", ".join(self.mapping.key), reason, self.file.row_text())
                continue
            values = blank.copy()
            values[0], values[1], values[2] = line, key, hash_of(cells)
            try:
                for slot, position, reader in readers:
                    values[slot] = reader[cells[position]]
                if facts:
                    pieces = [piece for position, reader in facts if (piece := reader[cells[position]])]
                    values[FACTS] = "{" + ", ".join(pieces) + "}"
            except ImpossibleDate as error:
                yield RejectedRow(line, error.column, str(error), self.file.row_text(), key)
                continue
            if name:
                position, reader = name
                title, values[FORENAME], values[MIDDLE_NAMES], values[SURNAME] = reader[cells[position]]
                values[TITLE] = values[TITLE] or title
            if address:
                parts, reader = address
                values[ADDRESS] = reader[parts(cells)]
            yield make(values)

    def close(self) -> None:
        self.file.close()

    def _prepare(self) -> None:
        slots = {name: at for at, name in enumerate(Row._fields)}
        for name, rule in self.mapping.fields.items():
            positions = [self._positions[column] for column in rule.columns]
            reader = field_reader(name, rule, self.today)
            if name == "address":
                self._address = (_cells_at(positions), reader)
            elif name == "name":
                self._name = (positions[0], reader)
            else:
                self._readers.append((slots[name], positions[0], reader))
        for fact, fact_rule in self.mapping.facts.items():
            self._facts.append((self._positions[fact_rule.column], fact_reader(fact, fact_rule)))

    def _hasher(self) -> Callable[[list[str]], str]:
        used = _cells_at(sorted(self._positions.values()))
        start = blake2b(self.mapping.version.encode(), digest_size=16)

        def hash_of(cells: list[str]) -> str:
            digest = start.copy()
            digest.update("\x1f".join(used(cells)).encode())
            return digest.hexdigest()

        return hash_of

    def _key_maker(self) -> Callable[[list[str]], str]:
        """Key cells joined by |; empty if one of them is."""
        positions = [self._positions[column] for column in self.mapping.key]
        if len(positions) == 1:
            only = positions[0]
            return lambda cells: cells[only].strip()

        def key_of(cells: list[str]) -> str:
            parts = [cells[position].strip() for position in positions]
            return "|".join(parts) if all(parts) else ""

        return key_of

    def _key_in(self, text: str) -> str:
        """The key of a broken row as far as it can be told, so that its person is not taken for gone."""
        cells = [cell.strip(' "') for cell in text.split(self.mapping.delimiter)]
        positions = [self._positions[column] for column in self.mapping.key]
        if max(positions) >= len(cells):
            return ""
        return "|".join(cells[position] for position in positions)[:MAX_KEY]


def read_rows(path: Path, mapping: Mapping) -> Iterator[Row | RejectedRow]:
    """Every row of the file, in order. Raises Problem where the file as a whole cannot be read by this mapping."""
    extract = Extract(path, mapping)
    try:
        yield from extract
    finally:
        extract.close()


def _cells_at(positions: list[int]) -> Callable[[list[str]], tuple[str, ...]]:
    if len(positions) == 1:
        only = positions[0]
        return lambda cells: (cells[only],)
    return itemgetter(*positions)


def _find_columns(file_name: str, header: list[str], mapping: Mapping) -> dict[str, int]:
    wanted = mapping.columns
    missing = [column for column in wanted if column not in header]
    if missing:
        present = ", ".join(header)[:1000]
        remedy = f"The file has: {present}. Mend the mapping file, or export the column."
        near = get_close_matches(missing[0], header, n=1)
        if near:
            remedy = f"Is it {near[0]} now? {remedy}"
        elif len(header) == 1 and (marks := [mark for mark in ";\t|," if mark in header[0]]):
            remedy = f'The cells seem to be parted by "{marks[0]}": write delimiter = "{marks[0]}" in the mapping file.'
        raise Problem(f"{file_name} has no column {', '.join(missing)}.", remedy)
    doubled = sorted({column for column in wanted if header.count(column) > 1})
    if doubled:
        raise Problem(
            f"{file_name} has more than one column named {', '.join(doubled)}.",
            "Rename all but one in the export, so that it is clear which is meant.",
        )
    return {column: header.index(column) for column in wanted}
