"""A CSV file from outside, row by row."""

import csv
from collections.abc import Collection, Iterator, Mapping

from django.utils.translation import gettext as _

from borough.common.errors import Problem

# Line, column, reason, the row as it stands there.
Rejected = tuple[int, str, str, str]


class BadLine(ValueError):
    """A line that cannot be taken in: the column, and why."""

    def __init__(self, column: str, reason: str) -> None:
        self.column, self.reason = column, reason
        super().__init__(f"{column}: {reason}")


def rows_of_csv(
    content: bytes, name: str, *, needed: Collection[str], mapping: Mapping[str, str] | None = None
) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, cells by column in lower case). `mapping`: heading in the file → column, where they differ; "" leaves out
    what stands under it.

    Raises Problem, which names the file, where it is not UTF-8 or lacks one of the columns `needed`.
    """
    reader = _reader_of(content, name)
    other = {heading.strip().lower(): column for heading, column in (mapping or {}).items()}
    columns = [heading.strip().lower() for heading in reader.fieldnames or ()]
    columns = [other.get(heading, heading) for heading in columns]
    missing = [column for column in needed if column not in columns]
    named = [column for column in columns if column or not mapping]
    if missing or len(set(named)) != len(named):
        raise Problem(
            _("The first line of %(file)s does not name the columns %(columns)s once each.")
            % {"file": name, "columns": ", ".join(missing or columns)},
            _("Compare it with the example in the documentation."),
        )
    reader.fieldnames = columns
    try:
        for row in reader:
            yield reader.line_num, {column: value or "" for column, value in row.items() if isinstance(column, str)}
    except csv.Error as error:
        raise Problem(
            _("Line %(line)d of %(file)s cannot be read.") % {"line": reader.line_num, "file": name},
            _("Look for a cell that is not closed by a quotation mark, and try again."),
        ) from error


def headings_of(content: bytes, name: str) -> list[str]:
    """What the first line calls its columns, as it stands there, in order. Raises Problem where it is not UTF-8."""
    return [heading.strip() for heading in _reader_of(content, name).fieldnames or ()]


def _reader_of(content: bytes, name: str) -> "csv.DictReader[str]":
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(_("%s is not in UTF-8.") % name, _("Save it as CSV in UTF-8 and try again.")) from error
    # NUL ends a text in PostgreSQL; no cell needs one.
    return csv.DictReader(text.replace("\x00", "").splitlines(keepends=True))
