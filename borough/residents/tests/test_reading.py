"""Bad files get a clear error and lose nothing: what can be read is read, what cannot is kept with its reason."""

import csv
import os
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import duckdb
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borough.common.errors import Problem
from borough.residents.csv_files import CsvFile
from borough.residents.extract_files import Unreadable, open_extract
from borough.residents.mapping import Mapping
from borough.residents.reading import Extract, RejectedRow, Row, read_rows
from borough.residents.tests.conftest import HEADER, changed, row, write_csv


def read(path: Path, mapping: Mapping) -> tuple[list[Row], list[RejectedRow]]:
    items = list(read_rows(path, mapping))
    return [i for i in items if isinstance(i, Row)], [i for i in items if isinstance(i, RejectedRow)]


def test_a_row_comes_out_in_standard_fields(tmp_path: Path, mapping: Mapping) -> None:
    rows, rejected = read(write_csv(tmp_path / "a.csv", [row("T1")]), mapping)
    assert rejected == []
    one = rows[0]
    assert one._replace(row_hash="") == Row(
        line=2, key="T1", row_hash="", forename="Ann", surname="O'Brien-Smith", dob="1980-12-31", nino="AB123456C",
        phone="+447700900123", address="Flat 2, 14 High Street", postcode="NW1 2DB", uprn="100023336956",
        facts='{"rent_balance": 312.5}',
    )  # fmt: skip


def test_the_hash_changes_only_with_cells_that_are_read(tmp_path: Path, mapping: Mapping) -> None:
    header = [*HEADER, "Exported at"]
    hashes = []
    for number, cells in enumerate(([*row("T1"), "1pm"], [*row("T1"), "2pm"], [*row("T1", Last="Jones"), "2pm"])):
        rows, _ = read(write_csv(tmp_path / f"{number}.csv", [cells], header), mapping)
        hashes.append(rows[0].row_hash)
    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n\r\n", "only empty lines"),
        (b"PK\x03\x04nonsense", "cut short"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xxxx", "old Excel file"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"%PDF-1.7", "PDF"),
        (b"Ref,First\n1,2\n", "has no column Last, DOB"),
        (",".join(HEADER).replace("Last", "last").encode(), "Is it last now?"),
        (";".join(HEADER).encode() + b"\n", 'delimiter = ";"'),
        ((",".join(HEADER) + ",Last").encode(), "more than one column named Last"),
        (",".join(HEADER).encode("utf-16"), 'encoding = "utf-16"'),
        (b"\0" * 100 + b"\n", "NUL"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(
    content: bytes, said: str, tmp_path: Path, mapping: Mapping
) -> None:
    path = tmp_path / "rents.csv"
    path.write_bytes(content)
    with pytest.raises(Problem) as caught:
        list(read_rows(path, mapping))
    assert said in str(caught.value)
    assert "rents.csv" in caught.value.message
    assert caught.value.remedy


def test_a_missing_column_lists_those_present(tmp_path: Path, mapping: Mapping) -> None:
    with pytest.raises(Problem, match="The file has: Ref, Surname"):
        list(read_rows(write_csv(tmp_path / "a.csv", [], ["Ref", "Surname"]), mapping))


def test_a_wrong_encoding_is_named_with_its_remedy(tmp_path: Path, mapping: Mapping) -> None:
    path = tmp_path / "a.csv"
    lines = [",".join(HEADER), *(",".join(row(f"T{n}", Last="Müller" if n % 3 else "Smith")) for n in range(60))]
    path.write_bytes("\n".join(lines).encode("cp1252"))
    with pytest.raises(Problem, match=r'not utf-8 text.*encoding = "cp1252"'):
        list(read_rows(path, mapping))
    rows, rejected = read(path, changed(encoding="cp1252"))
    assert (len(rows), rejected) == (60, [])
    assert rows[1].surname == "Müller"


def test_utf_8_read_as_windows_text_is_noticed(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [row("T1", Last="Müller")])
    with pytest.raises(Problem, match='encoding = "utf-8"'):
        list(read_rows(path, changed(encoding="cp1252")))


def test_one_undecodable_line_among_many_is_a_reject(tmp_path: Path, mapping: Mapping) -> None:
    path = tmp_path / "a.csv"
    lines = [",".join(row(f"T{n}", Last="M\xfcller" if n == 7 else "Smith", Balance="1")) for n in range(1000)]
    path.write_bytes("\n".join([",".join(HEADER), *lines]).encode("latin-1"))
    rows, rejected = read(path, mapping)
    assert len(rows) == 999
    assert (rejected[0].line, rejected[0].key) == (9, "T7")
    assert "not utf-8 text at byte" in rejected[0].reason.lower()


def test_utf_16_and_a_byte_order_mark_are_read(tmp_path: Path, mapping: Mapping) -> None:
    text = ",".join(HEADER) + "\n" + ",".join(row("T1", Last="Łęcki")) + "\n"
    (tmp_path / "wide.csv").write_bytes(text.encode("utf-16"))
    (tmp_path / "mark.csv").write_bytes(text.encode("utf-8-sig"))
    assert read(tmp_path / "wide.csv", changed(encoding="utf-16"))[0][0].surname == "Łęcki"
    assert read(tmp_path / "mark.csv", mapping)[0][0].surname == "Łęcki"


def test_rejected_rows_keep_line_column_reason_and_text(tmp_path: Path, mapping: Mapping) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        [
            row("T1"),
            row("T2", DOB="31/02/1980"),
            row(""),
            row("T4")[:-2],
            [*row("T5"), "more"],
            row("T6"),
            row("x" * 121),
        ],
    )
    rows, rejected = read(path, mapping)
    assert [one.key for one in rows] == ["T1", "T6"]
    assert [(r.line, r.column, r.key) for r in rejected[:2]] == [(3, "DOB", "T2"), (4, "Ref", "")]
    assert rejected[2].reason == "10 cells where the header has 12."
    assert (rejected[2].key, rejected[3].key) == ("T4", "T5"), "the person is in the file, so has not left"
    assert "31/02/1980" in rejected[0].text
    assert "longer than 120" in rejected[4].reason


def test_nul_bytes_reject_their_line_alone(tmp_path: Path, mapping: Mapping) -> None:
    path = write_csv(tmp_path / "a.csv", [row("T1"), row("T2", First="A\0B"), row("T3")])
    rows, rejected = read(path, mapping)
    assert [one.key for one in rows] == ["T1", "T3"]
    assert rejected[0].line == 3
    assert "NUL" in rejected[0].reason
    assert "\0" not in rejected[0].text, "PostgreSQL cannot hold it"


def test_a_formula_is_text(tmp_path: Path) -> None:
    mapping = changed(facts={"note": {"column": "Balance", "type": "text"}})
    rows, _ = read(write_csv(tmp_path / "a.csv", [row("T1", Balance="=cmd|'/c calc'!A1")]), mapping)
    assert rows[0].facts == '{"note": "=cmd|\'/c calc\'!A1"}'


def test_a_quotation_mark_that_is_never_closed_costs_one_row(tmp_path: Path, mapping: Mapping) -> None:
    path = tmp_path / "a.csv"
    good = [",".join(row(f"T{n}")) for n in range(4)]
    broken = good[1].replace("ANN", '"ANN')
    path.write_text("\n".join([",".join(HEADER), good[0], broken, good[2], good[3]]))
    rows, rejected = read(path, mapping)
    assert [one.key for one in rows] == ["T0", "T2", "T3"]
    assert [(r.line, r.key) for r in rejected] == [(3, "T1")]


def test_cells_may_hold_line_breaks(tmp_path: Path, mapping: Mapping) -> None:
    rows, rejected = read(write_csv(tmp_path / "a.csv", [row("T1", Street="High\r\nStreet"), row("T2")]), mapping)
    assert [(one.line, one.key) for one in rows] == [(2, "T1"), (4, "T2")]
    assert rows[0].address == "Flat 2, 14 High Street"
    assert rejected == []


def test_empty_rows_and_empty_cells_at_the_end_are_nothing(tmp_path: Path, mapping: Mapping) -> None:
    rows, rejected = read(write_csv(tmp_path / "a.csv", [[*row("T1"), "", ""], [""] * 12, []]), mapping)
    assert (len(rows), rejected) == (1, [])


def test_a_line_of_two_gigabytes_is_one_reject_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    head = (",".join(HEADER) + "\n").encode()
    with path.open("wb") as file:
        file.write(head + ("x" * 100).encode())
        file.seek(len(head) + 2 * 1024**3)
        file.write(("\n" + ",".join(row("T2")) + "\n").encode())
    script = (
        "import sys, tracemalloc; from pathlib import Path\n"
        "from borough.residents.reading import read_rows, Row\n"
        "from borough.residents.tests.conftest import changed\n"
        # Not the process's own peak: a child inherits that of the test run which it was forked from.
        "tracemalloc.start()\n"
        "items = list(read_rows(Path(sys.argv[1]), changed()))\n"
        "peak = tracemalloc.get_traced_memory()[1]\n"
        "assert 'longer than' in items[0].reason and items[0].line == 2, items\n"
        "assert isinstance(items[1], Row) and items[1].line == 3\n"
        "print(peak // 1024**2)"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{script}", str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "borough.web.settings"},
    )
    assert int(done.stdout) < 100, "megabytes"


def test_a_header_of_two_gigabytes_is_refused(tmp_path: Path, mapping: Mapping) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(b"Ref")
        file.truncate(2 * 1024**3)
    with pytest.raises(Problem, match="longer than"):
        list(read_rows(path, mapping))


def excel(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(cells)
    book.save(path)
    return path


def test_excel_is_read_with_its_own_dates_and_numbers(tmp_path: Path, mapping: Mapping) -> None:
    cells: list[object] = list(row("T1"))
    cells[0], cells[3], cells[10] = 17.0, date(1980, 12, 31), 100023336956
    path = excel(tmp_path / "a.xlsx", [HEADER, cells, [None] * 12, [*row("T2", DOB="31/02/1980")]])
    rows, rejected = read(path, mapping)
    assert [(one.key, one.dob, one.uprn) for one in rows] == [("17", "1980-12-31", "100023336956")]
    assert [(r.line, r.column) for r in rejected] == [(4, "DOB")]


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
@pytest.mark.parametrize(
    "trap", ['<!ENTITY x SYSTEM "file:///etc/passwd">', '<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">']
)
def test_a_workbook_that_refers_to_files_or_multiplies_itself_is_refused(tmp_path: Path, part: str, trap: str) -> None:
    whole, trapped = excel(tmp_path / "a.xlsx", [["A"], ["1"]]), tmp_path / "b.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(trapped, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                content = f"<!DOCTYPE a [{trap}]>".encode() + content.partition(b"?>")[2].lstrip() or content
            target.writestr(name, content)
    with pytest.raises(Problem, match="cannot be read as an Excel file"):
        open_extract(trapped)


def test_a_workbook_is_measured_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = excel(tmp_path / "a.xlsx", [["A"], *([str(number) * 500] for number in range(100, 300))])
    monkeypatch.setattr("borough.residents.extract_files.LARGEST_UNPACKED", 100_000)
    assert path.stat().st_size < 20_000
    with pytest.raises(Problem, match="unpacks to more than"):
        open_extract(path)


def test_parquet_is_read_with_its_own_dates_and_numbers(tmp_path: Path, mapping: Mapping) -> None:
    path = tmp_path / "a.parquet"
    named = ", ".join(
        f"'{cell.replace(chr(39), chr(39) * 2)}' AS \"{name}\"" for name, cell in zip(HEADER, row("T1"), strict=True)
    )
    named = named.replace("'31/12/1980'", "DATE '1980-12-31'").replace("'100023336956'", "100023336956.0::DOUBLE")
    duckdb.sql(f"COPY (SELECT {named}) TO '{path}' (FORMAT parquet)")
    rows, rejected = read(path, mapping)
    assert [(one.line, one.key, one.dob, one.uprn) for one in rows] == [(1, "T1", "1980-12-31", "100023336956")]
    assert rejected == []


@pytest.mark.parametrize("kept", [0.5, 0.98])
def test_a_truncated_parquet_is_refused(kept: float, tmp_path: Path, mapping: Mapping) -> None:
    path = tmp_path / "a.parquet"
    duckdb.sql(f"COPY (SELECT range AS Ref FROM range(10000)) TO '{path}' (FORMAT parquet)")
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    with pytest.raises(Problem, match="cut short"):
        list(read_rows(path, mapping))


def test_a_name_that_promises_parquet_is_not_believed(tmp_path: Path, mapping: Mapping) -> None:
    with pytest.raises(Problem, match="not what its name says"):
        list(read_rows(write_csv(tmp_path / "a.parquet", [row("T1")]), mapping))


def test_columns_that_the_mapping_does_not_read_are_listed(tmp_path: Path, mapping: Mapping) -> None:
    extract = Extract(write_csv(tmp_path / "a.csv", [[*row("T1"), "x"]], [*HEADER, "Notes"]), mapping)
    assert extract.unread_columns == ["Notes"]
    extract.close()


cells = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=12)


@settings(max_examples=150)
@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=8))
def test_whatever_is_written_as_csv_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["a", "b", "c"], *table])
    opened = CsvFile(path, encoding="utf-8", delimiter=",")
    items = list(opened)
    opened.close()
    assert [item[1] for item in items if not isinstance(item, Unreadable)] == [line for line in table if any(line)]


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_and_never_lost(tmp_path_factory: pytest.TempPathFactory, rest: bytes) -> None:
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_bytes(b"a,b\n" + rest + b"\nlast,row\n")
    try:
        opened = CsvFile(path, encoding="utf-8", delimiter=",")
        items = list(opened)
        opened.close()
    except Problem:
        return
    text = "".join(item.text if isinstance(item, Unreadable) else "".join(item[1]) for item in items)
    assert "last" in text
