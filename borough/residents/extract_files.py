"""Opens an extract, CSV, Excel or Parquet, as rows of text cells, without holding the file in memory.

What a file is is told from its first bytes, not from its name. A file that cannot be read at all raises Problem; a
row that cannot be read comes out as Unreadable and the rows after it are read on.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Protocol

import duckdb

from borough.common.errors import Problem

KEPT_CHARACTERS = 20_000
BATCH = 5_000
# A workbook of a million rows; one that unpacks to more is no extract.
LARGEST_UNPACKED = 2_000_000_000


@dataclass(frozen=True)
class Unreadable:
    """Rows that are no rows: `text` is what the file holds there, shortened to 20,000 characters."""

    line: int
    reason: str
    text: str


class ExtractFile(Protocol):
    """`header`: column names. Iterate for (line, cells), each row as long as the header, or Unreadable."""

    header: list[str]
    # Work in all and done so far, in bytes or rows, for a progress bar.
    total: int

    @property
    def done(self) -> int: ...

    def __iter__(self) -> Iterator[tuple[int, list[str]] | Unreadable]: ...

    def row_text(self) -> str:
        """The row given last, as the file holds it."""

    def close(self) -> None: ...


def open_extract(path: Path, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> ExtractFile:
    """Open `path`; encoding and delimiter matter for CSV only. Raises Problem with what to do."""
    # Here, because csv_files uses this module.
    from borough.residents.csv_files import CsvFile

    kind = kind_of(path)
    if kind == "parquet":
        return ParquetFile(path)
    if kind == "xlsx":
        return ExcelFile(path)
    return CsvFile(path, encoding=encoding, delimiter=delimiter)


def kind_of(path: Path) -> str:
    """csv, xlsx or parquet. Raises Problem for what is none of them."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except FileNotFoundError as error:
        raise Problem(f"There is no file {path}.", "Check the name and the folder.") from error
    except IsADirectoryError as error:
        raise Problem(f"{path} is a folder.", "Name one file in it.") from error
    except PermissionError as error:
        raise Problem(f"{path} may not be read.", "Ask for read permission on the file.") from error
    if not start:
        raise Problem(f"{path.name} is empty.", "Export it again from the source system; nothing was changed.")
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"PK\x03\x04"):
        if _holds_workbook(path):
            return "xlsx"
        raise Problem(f"{path.name} is a zip archive.", "Unpack it and load the file inside.")
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Problem(f"{path.name} is an old Excel file (.xls).", "Open it in Excel and save it as .xlsx or CSV.")
    if start.startswith(b"\x1f\x8b"):
        raise Problem(f"{path.name} is packed with gzip.", "Unpack it and load the file inside.")
    if start.startswith(b"%PDF"):
        raise Problem(f"{path.name} is a PDF.", "Export the data as CSV, Excel or Parquet.")
    if path.suffix.lower() in {".parquet", ".xlsx"}:
        raise Problem(
            f"{path.name} is not what its name says: it does not begin as a {path.suffix[1:]} file does.",
            "It may be cut short or renamed: export it again.",
        )
    return "csv"


def _holds_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            # What is packed says how large it is, and is not read beyond that.
            if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
                raise Problem(
                    f"{path.name} unpacks to more than 2 GB.", "Export it as CSV or Parquet, or in several files."
                )
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile as error:
        raise Problem(f"{path.name} is cut short or damaged.", "Export or copy it again.") from error


class ExcelFile:
    """The first sheet of a workbook. Formulas are not run: their last saved value is read."""

    def __init__(self, path: Path) -> None:
        # 0.4 s to import, and few extracts are Excel: not at the start of every command.
        import openpyxl

        # With it, and only then, what a workbook's XML refers to or multiplies is refused.
        if not openpyxl.DEFUSEDXML:
            raise Problem("Excel files need defusedxml, which is missing.", "Install what requirements/run.txt lists.")
        try:
            self._book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            sheet = self._book.worksheets[0]
            self._rows = sheet.iter_rows(values_only=True)
            first = next(self._rows, ())
        except (zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError, SyntaxError) as error:
            raise Problem(
                f"{path.name} cannot be read as an Excel file.", "Open it in Excel and save it again."
            ) from error
        self.header = [cell_text(cell).strip() for cell in first]
        while self.header and not self.header[-1]:
            self.header.pop()
        if not self.header:
            raise Problem(f"{path.name}: the first row of the first sheet is empty.", "Put the column names there.")
        self.total = sheet.max_row or 0
        self.done = 1
        self._last: list[str] = []

    def __iter__(self) -> Iterator[tuple[int, list[str]] | Unreadable]:
        width = len(self.header)
        for row in self._rows:
            self.done += 1
            cells = [cell_text(cell) for cell in row]
            self._last = cells
            if not any(cells):
                continue
            if any(cells[width:]):
                yield Unreadable(self.done, f"{len(cells)} cells where the header has {width}", self.row_text())
                continue
            yield self.done, (cells + [""] * width)[:width]

    def row_text(self) -> str:
        return clean_text(" | ".join(self._last))

    def close(self) -> None:
        self._book.close()


class ParquetFile:
    """A Parquet file, through DuckDB, with 512 MB of memory at most. `line` is the row's number, the first is 1."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._duck = duckdb.connect(config={"memory_limit": "512MB", "threads": "2"})
        try:
            self._duck.execute("SELECT * FROM read_parquet(?) LIMIT 0", [str(path)])
            columns = [(str(column[0]), str(column[1])) for column in self._duck.description or []]
            count = self._duck.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchone()
        except duckdb.Error as error:
            raise _damaged(path) from error
        self.header = [name.strip() for name, _ in columns]
        self.total = int(count[0]) if count else 0
        self.done = 0
        self._last: list[str] = []
        self._select = ", ".join(_as_text(name, kind) for name, kind in columns)

    def __iter__(self) -> Iterator[tuple[int, list[str]] | Unreadable]:
        try:
            # A table function's argument is bound; the names of the columns are quoted by _as_text.
            self._duck.execute(f"SELECT {self._select} FROM read_parquet(?)", [str(self._path)])
            while batch := self._duck.fetchmany(BATCH):
                for row in batch:
                    self.done += 1
                    self._last = list(row)
                    yield self.done, self._last
        except duckdb.Error as error:
            raise _damaged(self._path) from error

    def row_text(self) -> str:
        return clean_text(" | ".join(self._last))

    def close(self) -> None:
        self._duck.close()


def _damaged(path: Path) -> Problem:
    return Problem(
        f"{path.name} cannot be read as a Parquet file: it is cut short or damaged.",
        "Export or copy it again; nothing was changed.",
    )


def _as_text(name: str, kind: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    if kind in {"DOUBLE", "FLOAT"}:
        # A column of whole numbers with gaps is written as DOUBLE by most tools: 123.0 is the reference 123.
        whole = f"{quoted} = trunc({quoted}) AND abs({quoted}) < 1e15"
        text = f"CASE WHEN {whole} THEN CAST({quoted}::BIGINT AS VARCHAR) ELSE CAST({quoted} AS VARCHAR) END"
    else:
        text = f"CAST({quoted} AS VARCHAR)"
    return f"coalesce({text}, '')"


def cell_text(cell: object) -> str:
    """An Excel cell as text; dates as 1980-12-31."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def clean_text(text: str) -> str:
    """Text that either database can hold: shortened, with a visible sign for NUL and for halves of a character."""
    shortened = text[:KEPT_CHARACTERS].replace("\0", "\u2400")
    return shortened.encode("utf-8", "replace").decode("utf-8")
