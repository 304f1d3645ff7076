"""Opens what a publisher sends: one JSON file, a folder or a zip of them, or of the tables in CSV."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from borough.common.errors import Problem
from borough.directory.tabular import OWNERS, SKIPPED

LARGEST = 200 * 1024 * 1024
MOST_FILES = 1000


@dataclass(frozen=True)
class File:
    """`name` is how errors name it; nothing of the path that it came from."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def open_package(path: Path) -> list[File]:
    """The files of a package, without those that hold no services. Raises Problem for what cannot be read."""
    try:
        if path.is_dir():
            files = [File(one.name, _read(one)) for one in sorted(path.iterdir()) if one.suffix in (".json", ".csv")]
        elif zipfile.is_zipfile(path):
            files = list(_unpack(path))
        else:
            files = [File(path.name, _read(path))]
    except (OSError, zipfile.BadZipFile) as error:
        why = error.strerror if isinstance(error, OSError) else _("it is damaged")
        raise Problem(
            _("%(file)s cannot be read: %(why)s.") % {"file": path.name, "why": why}, _("Check the path.")
        ) from error
    if sum(len(file.content) for file in files) > LARGEST:
        raise _too_large(path.name)
    return [file for file in files if file.name not in SKIPPED]


def json_of(file: File) -> Any:
    try:
        return json.loads(file.content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _not_utf8(file.name) from error
    except (ValueError, RecursionError) as error:
        raise Problem(
            _("%(file)s is not JSON: %(why)s.") % {"file": file.name, "why": error},
            _("Ask its publisher for a whole file."),
        ) from error


def is_table(file: File) -> bool:
    return file.name.lower().endswith(".csv")


def table_name(file: File) -> str:
    """Raises Problem for a table that the standard does not have."""
    name = file.name.lower().removesuffix(".csv")
    if name not in OWNERS:
        raise Problem(
            _("%s is no table of Open Referral UK.") % file.name,
            _("Name each file after its table: %s.") % ", ".join(f"{one}.csv" for one in OWNERS),
        )
    return name


def rows_of(file: File) -> list[tuple[int, dict[str, str]]]:
    """The rows of a table, each with the number of its line; the heading is line 1."""
    try:
        text = file.content.decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text.replace("\x00", ""), newline=""), restkey="", restval="")
        return [
            (
                reader.line_num,
                {name: cell for name, cell in row.items() if name and isinstance(cell, str) and cell.strip()},
            )
            for row in reader
        ]
    except UnicodeDecodeError as error:
        raise _not_utf8(file.name) from error
    except csv.Error as error:
        raise Problem(
            _("%(file)s is not CSV: %(why)s.") % {"file": file.name, "why": error},
            _("Ask its publisher for a whole file."),
        ) from error


def _unpack(path: Path) -> Iterator[File]:
    with zipfile.ZipFile(path) as package:
        held = [one for one in package.infolist() if one.filename.lower().endswith((".json", ".csv"))]
        # What is packed says of itself how large it is; a lie is cut off where it is read.
        if len(held) > MOST_FILES or sum(one.file_size for one in held) > LARGEST:
            raise _too_large(path.name)
        for one in held:
            with package.open(one) as opened:
                yield File(PurePosixPath(one.filename).name, opened.read(LARGEST))


def _read(path: Path) -> bytes:
    if path.stat().st_size > LARGEST:
        raise _too_large(path.name)
    return path.read_bytes()


def _too_large(name: str) -> Problem:
    return Problem(_("%s is larger than 200 MB.") % name, _("Split it into several files."))


def _not_utf8(name: str) -> Problem:
    return Problem(_("%s is not in UTF-8.") % name, _("Save it as UTF-8 and try again."))
