"""Reads CSV line by line with a bound on each line, and goes on after what is broken."""

import csv
import io
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from borough.common.errors import Problem
from borough.residents.extract_files import KEPT_CHARACTERS, Unreadable, clean_text

# A line longer than this is not a row of any extract we know; reading it whole could take all memory.
MAX_LINE = 1 << 20
# A few broken lines are rejects. From this share on, the whole file is in another encoding.
WRONG_ENCODING_SHARE = 0.005
WRONG_ENCODING_LINES = 20


class CsvFile:
    """See ExtractFile. `total` and `done` are bytes."""

    def __init__(self, path: Path, *, encoding: str, delimiter: str) -> None:
        self.path = path
        self.total = path.stat().st_size
        self._encoding = "utf-8" if encoding.lower().replace("_", "-") in {"utf-8-sig", "utf-8", "utf8"} else encoding
        self._delimiter = delimiter
        self._file: BinaryIO = path.open("rb", buffering=1 << 18)
        self._wide = self._encoding.lower().startswith(("utf-16", "utf16", "utf-32", "utf32"))
        self._check_start()
        self._text = io.TextIOWrapper(self._file, self._encoding, "replace", newline="") if self._wide else None
        self._line = 0
        self._undecodable = 0
        self._first_undecodable = 0
        # Lines of the row being read, lines to read again, and lines that are no text.
        self._held: list[tuple[int, str]] = []
        self._again: deque[tuple[int, str]] = deque()
        self._broken: list[Unreadable] = []
        self.header = self._read_header()

    @property
    def done(self) -> int:
        return self._file.tell()

    def row_text(self) -> str:
        return clean_text("".join(text for _, text in self._held).rstrip("\r\n"))

    def close(self) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[tuple[int, list[str]] | Unreadable]:
        width = len(self.header)
        held = self._held
        reader = self._new_reader()
        while True:
            held.clear()
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                yield from self._give_up_first_line(_quote_reason(error))
                reader = self._new_reader()
                continue
            if self._broken:
                # A line inside a quoted cell was no text: the row cannot be trusted either.
                spoiled = held and held[0][0] < self._broken[0].line < held[-1][0]
                yield from self._take_broken()
                if spoiled:
                    yield Unreadable(held[0][0], "A line within this row could not be read.", self.row_text())
                    continue
            if not any(cells):
                continue
            if len(cells) != width:
                if not any(cells[width:]) and len(cells) > width:
                    cells = cells[:width]
                elif len(held) > 1:
                    yield from self._give_up_first_line("A quotation mark opens here and does not close on this line.")
                    reader = self._new_reader()
                    continue
                else:
                    yield Unreadable(held[0][0], f"{len(cells)} cells where the header has {width}.", self.row_text())
                    continue
            yield held[0][0], cells
        yield from self._take_broken()
        self._check_encoding(at_end=True)

    def _give_up_first_line(self, reason: str) -> Iterator[Unreadable]:
        """Reject the first line of the row and read the others again as rows of their own."""
        yield from self._take_broken()
        line, text = self._held[0]
        self._again.extendleft(reversed(self._held[1:]))
        yield Unreadable(line, reason, clean_text(text.rstrip("\r\n")))

    def _take_broken(self) -> list[Unreadable]:
        broken, self._broken = self._broken, []
        return broken

    def _new_reader(self) -> Iterator[list[str]]:
        return csv.reader(self._lines(), delimiter=self._delimiter, strict=True)

    def _lines(self) -> Iterator[str]:
        held, again = self._held, self._again
        while again:
            held.append(again.popleft())
            yield held[-1][1]
        if self._text is not None:
            yield from self._wide_lines(self._text)
            return
        readline, encoding = self._file.readline, self._encoding
        while raw := readline(MAX_LINE):
            self._line += 1
            if len(raw) >= MAX_LINE and self._skip_line(raw):
                self._note_broken(raw[:KEPT_CHARACTERS].decode(encoding, "replace"), too_long=True)
                continue
            try:
                text = raw.decode(encoding)
            except UnicodeDecodeError as error:
                self._note_undecodable(raw, error)
                continue
            if "\0" in text:
                self._note_broken(text, too_long=False)
                continue
            held.append((self._line, text))
            yield text

    def _wide_lines(self, file: io.TextIOWrapper) -> Iterator[str]:
        while text := file.readline(MAX_LINE):
            self._line += 1
            if "\0" in text or len(text) >= MAX_LINE:
                too_long = not text.endswith("\n")
                chunk = text
                while too_long and chunk and not chunk.endswith("\n"):
                    chunk = file.readline(MAX_LINE)
                self._note_broken(text, too_long=too_long)
                continue
            self._held.append((self._line, text))
            yield text

    def _skip_line(self, raw: bytes) -> bool:
        """Read on to the end of a line of which `raw` is the first MAX_LINE. True if there was more of it."""
        if raw.endswith(b"\n"):
            return False
        while (raw := self._file.readline(MAX_LINE)) and not raw.endswith(b"\n"):
            pass
        return True

    def _note_broken(self, text: str, *, too_long: bool) -> None:
        reason = f"The line is longer than {MAX_LINE:,} bytes." if too_long else "The line holds NUL bytes."
        self._broken.append(Unreadable(self._line, reason, clean_text(text[:KEPT_CHARACTERS].rstrip("\r\n"))))

    def _note_undecodable(self, raw: bytes, error: UnicodeDecodeError) -> None:
        self._undecodable += 1
        self._first_undecodable = self._first_undecodable or self._line
        reason = f"Not {self._encoding} text at byte {error.start + 1} of the line."
        text = raw[:KEPT_CHARACTERS].decode(self._encoding, "replace")
        self._broken.append(Unreadable(self._line, reason, clean_text(text.rstrip("\r\n"))))
        self._check_encoding(at_end=False)

    def _check_encoding(self, *, at_end: bool) -> None:
        enough = at_end or self._undecodable % WRONG_ENCODING_LINES == 0
        if self._undecodable and enough and self._undecodable > WRONG_ENCODING_SHARE * self._line:
            raise Problem(
                f"{self.path.name} is not {self._encoding} text: {self._undecodable} of the first {self._line} lines "
                f"cannot be read, the first is line {self._first_undecodable}.",
                'Write its encoding in the mapping file (encoding = "cp1252" for most Windows systems), '
                "or export it as UTF-8.",
            )

    def _check_start(self) -> None:
        start = self._file.read(1 << 16)
        self._file.seek(0)
        utf8_mark = start.startswith(b"\xef\xbb\xbf")
        if start.startswith((b"\xff\xfe", b"\xfe\xff")) and not self._wide:
            raise self._other_encoding("utf-16")
        if self._encoding == "utf-8":
            self._file.seek(3 if utf8_mark else 0)
        elif utf8_mark or (not self._wide and _is_utf8_beyond_ascii(start)):
            raise self._other_encoding("utf-8")

    def _other_encoding(self, seen: str) -> Problem:
        return Problem(
            f"{self.path.name} is {seen} text, and its mapping says {self._encoding}.",
            f'Write encoding = "{seen}" in the mapping file.',
        )

    def _read_header(self) -> list[str]:
        reader = self._new_reader()
        try:
            header = next((cells for cells in reader if any(cells)), None)
        except csv.Error as error:
            raise Problem(
                f"{self.path.name}, line {self._line}: the header cannot be read: {error}.",
                "Export it as CSV with one line of column names.",
            ) from error
        if self._broken:
            self._check_encoding(at_end=True)
            broken = self._broken[0]
            raise Problem(
                f"{self.path.name}, line {broken.line}: {broken.reason}",
                "The first line must hold the column names: check that this is a CSV file.",
            )
        if header is None:
            raise Problem(f"{self.path.name} holds only empty lines.", "Export it again from the source system.")
        names = [name.strip() for name in header]
        while not names[-1]:
            names.pop()
        return names


def _quote_reason(error: csv.Error) -> str:
    if "field larger" in str(error) or "unexpected end" in str(error):
        return "A quotation mark opens here and is not closed."
    if "new-line" in str(error):
        return "A carriage return stands within a cell without quotation marks."
    return "A quotation mark stands within a cell: it must be doubled."


def _is_utf8_beyond_ascii(start: bytes) -> bool:
    try:
        # The sample may end inside a character: up to three bytes of it.
        text = (
            start.decode("utf-8", "strict") if len(start) < 1 << 16 else start[: start.rfind(b"\n") + 1].decode("utf-8")
        )
    except UnicodeDecodeError:
        return False
    return not text.isascii()
