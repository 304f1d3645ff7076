"""A labelled file, read by its mapping into DuckDB."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from borough.common.errors import Problem
from borough.residents.linkage.standardise import STANDARD_FIELDS
from borough.residents.mapping import CHECKED_FIELDS, DATE_FIELDS, FactRule, Mapping
from borough.residents.reading import Extract, RejectedRow, Row

_BATCH = 50_000
_TRUTH, _SOURCE = "label_truth", "label_source"
_COLUMNS = (*(name for name in Row._fields if name in STANDARD_FIELDS), "facts")


def read_labelled(
    con: duckdb.DuckDBPyConnection, path: Path, mapping: Mapping, *, truth: str, source: str, guessed: bool
) -> tuple[int, tuple[str, ...]]:
    """Make the tables `labelled` (id and standard fields) and `truth` (id, person) from the file.

    `truth` and `source` name columns of the file; rows without a truth are left out. Returns how many rows were
    rejected or had no truth, and the names of further columns in `labelled` that identify people as the standard
    fields do not: facts of the mapping, or any column where the mapping was guessed.
    Raises Problem where the file has no such column.
    """
    mapping, extra = _with_labels(path, mapping, truth=truth, source=source, guessed=guessed)
    con.execute(f"create or replace temp table read_rows ({', '.join(f'{name} varchar' for name in _COLUMNS)})")
    extract = Extract(path, mapping)
    rejected = 0
    try:
        rows = iter(extract)
        while batch := list(islice(rows, _BATCH)):
            accepted = [row for row in batch if not isinstance(row, RejectedRow)]
            rejected += len(batch) - len(accepted)
            _insert(con, accepted)
    finally:
        extract.close()
    unlabelled = _make_tables(con, mapping, extra)
    others = tuple(name for name in extra if _identifies(con, name))
    return rejected + unlabelled, others


def _with_labels(
    path: Path, mapping: Mapping, *, truth: str, source: str, guessed: bool
) -> tuple[Mapping, tuple[str, ...]]:
    """The mapping with the labels, and what else may identify, as facts; impossible dates left empty, not rejected."""
    extract = Extract(path, mapping)
    header, unread = extract.file.header, extract.unread_columns
    extract.close()
    for column in (truth, source):
        if column and column not in header:
            raise Problem(f"{path.name} has no column {column}.", f"It has: {', '.join(header)}.")
    facts = {_TRUTH: FactRule(truth, "text")}
    if source:
        facts[_SOURCE] = FactRule(source, "text")
    labels = {truth, source}
    extra = {name: rule for name, rule in mapping.facts.items() if rule.type == "text" and rule.column not in labels}
    if guessed:
        columns = [column for column in unread if column and column not in labels and header.count(column) == 1]
        extra |= {f"column_{place}": FactRule(column, "text") for place, column in enumerate(columns)}
    for name in CHECKED_FIELDS:
        if name in mapping.fields:
            facts[f"raw_{name}"] = FactRule(mapping.fields[name].columns[0], "text")
    fields = {
        name: replace(rule, impossible="empty") if name in DATE_FIELDS else rule
        for name, rule in mapping.fields.items()
        if labels.isdisjoint(rule.columns)
    }
    return replace(mapping, fields=fields, facts=facts | extra), tuple(extra)


def _insert(con: duckdb.DuckDBPyConnection, rows: Iterable[Row]) -> None:
    columns = list(zip(*rows, strict=True))
    if not columns:
        return
    table = pa.table(
        {name: pa.array(columns[Row._fields.index(name)], type=pa.string()) for name in _COLUMNS},
    )
    con.register("batch", table)
    con.execute("insert into read_rows select * from batch")
    con.unregister("batch")


def _make_tables(con: duckdb.DuckDBPyConnection, mapping: Mapping, extra: tuple[str, ...]) -> int:
    fields = [name for name in _COLUMNS if name not in (*CHECKED_FIELDS, "facts")]
    checked = [_checked(con, name) if name in mapping.fields else name for name in CHECKED_FIELDS]
    others = [f"{_fact(name)} as {name}" for name in extra]
    con.execute(
        f"""
        create or replace temp table labelled as
        select row_number() over () as id, {_fact(_TRUTH)} as person, coalesce({_fact(_SOURCE)}, '') as source,
               {", ".join([*fields, *checked, *others])}
        from read_rows where {_fact(_TRUTH)} is not null
        """
    )
    con.execute("create or replace temp table truth as select id, person from labelled")
    con.execute("alter table labelled drop column person")
    counted = con.execute("select (select count(*) from read_rows) - (select count(*) from labelled)").fetchall()
    con.execute("drop table read_rows")
    return int(counted[0][0])


def _fact(name: str) -> str:
    return f"nullif(trim(json_extract_string(facts, '$.{name}')), '')"


def _checked(con: duckdb.DuckDBPyConnection, name: str) -> str:
    """A field that has a British form, or as it is written where most of the file is not in that form."""
    written = f"nullif(regexp_replace(upper({_fact(f'raw_{name}')}), '[^A-Z0-9@.]', '', 'g'), '')"
    good, every = con.execute(f"select count(nullif({name}, '')), count({written}) from read_rows").fetchall()[0]
    return f"{written} as {name}" if good * 2 < every else name


def _identifies(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Does this column identify people: mostly filled, mostly of five digits or more, shared by few, not by none?"""
    row = con.execute(
        f"""
        select count(*), count({name}), count(distinct {name}),
               count(*) filter (length(regexp_replace({name}, '[^0-9]', '', 'g')) >= 5) from labelled
        """
    ).fetchall()[0]
    records, filled, distinct, digits = (int(count) for count in row)
    return filled * 5 >= records and digits * 10 >= filled * 9 and filled * 0.1 <= distinct < filled
