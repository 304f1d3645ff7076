"""The search terms of residents: what they are found by, and how a typed text is compared with them."""

import re
import unicodedata
from collections.abc import Collection

import duckdb
from django.db import connection, transaction

from borough.common.bulk import empty_table, without_indexes
from borough.common.identifiers import clean_email, clean_phone
from borough.residents.models import Membership, Record, Resident, SearchTerm
from borough.residents.transfer import bring, name_rows, pour

MAX_TERM = 80
_WORDS = re.compile(r"[^\W_]+")
_TERM, _RESIDENT = SearchTerm._meta.db_table, Resident._meta.db_table
_MEMBERSHIP, _RECORD = Membership._meta.db_table, Record._meta.db_table
_COLUMNS = ("kind", "term", "resident_id")
_NAMES = ("forename", "middle_names", "surname", "previous_surname")


def fold(text: str) -> str:
    """Capitals without accents or apostrophes, so that Renée finds RENEE and O'Brien OBRIEN."""
    if text.isascii():
        return text.replace("'", "").upper()
    bare = unicodedata.normalize("NFKD", text.replace("'", "").replace("’", "").replace("ß", "ss"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).upper()


# The same as `fold` and `words_of` for a column of names or addresses.
_FOLD_SQL = """create temp macro words_of(written) as list_filter(string_split_regex(
    upper(strip_accents(replace(replace(replace(written, '''', ''), '’', ''), 'ß', 'ss'))), '[^\\p{L}\\p{N}]+'),
    lambda word: word <> '')"""


def words_of(text: str) -> list[str]:
    """The folded words of a name or an address."""
    return _WORDS.findall(fold(text))


def term_of(kind: str, text: str) -> str:
    """A phone number or e-mail address as it stands among the terms; empty if it is none."""
    if kind == "phone":
        return clean_phone(text) or ""
    return (clean_email(text) or "")[:MAX_TERM]


def refresh_search(resident_ids: Collection[str] | None = None) -> int:
    """Build the terms of these residents anew, or of all; call it after linking. Returns how many they have.

    One transaction: a search sees the old terms or the new. Retired residents have none.
    """
    # No savepoint in the caller's transaction: with each statement SQLite would walk through all written since.
    with duckdb.connect() as con, transaction.atomic(savepoint=False):
        _bring_known(con, resident_ids)
        terms = _make_terms(con)
        if resident_ids is None:
            # In the order of their index, which is faster than in the order of residents.
            names = ", ".join(_COLUMNS)
            empty_table(_TERM)
            with without_indexes(_TERM):
                pour(con, f"select {names} from terms order by {names}", _TERM, _COLUMNS)
        else:
            _replace_terms(con)
    return terms


def refresh_settled(con: duckdb.DuckDBPyConnection) -> int:
    """The same for those of `concerned`, just settled: by `loaded`, `after` and `persons` of settling.py, without
    reading again what these hold. In the caller's transaction."""
    searched = con.execute("select resident from concerned order by 1").fetchall()
    name_rows("searched", ["id varchar(20)"], searched, key="id")
    said = (*_NAMES, "phone", "email")
    wanted = ", ".join(f"c.{name}" for name in said)
    gone = con.execute(
        "select id from after semi join concerned using (resident) anti join loaded using (id)"
    ).fetchall()
    name_rows("gone_records", ["id bigint"], gone, key="id")
    columns = {"id": "bigint", **dict.fromkeys(said, "varchar")}
    bring(
        con,
        "gone_records",
        columns,
        f"SELECT c.id, {wanted} FROM gone_records g CROSS JOIN {_RECORD} c WHERE c.id = g.id",
    )
    con.execute(
        f"""create or replace temp table known as select a.resident as resident_id, {wanted} from after a join (
            select id, {", ".join(said)} from loaded union all from gone_records
        ) c using (id) semi join concerned using (resident)"""
    )
    emptied = con.execute("select resident from concerned anti join persons using (resident)").fetchall()
    name_rows("emptied", ["id varchar(20)"], emptied, key="id")
    _bring_living(con, f"emptied e CROSS JOIN {_RESIDENT} r", "AND r.id = e.id")
    con.execute("insert into living select resident, forename, surname, address from persons")
    terms = _make_terms(con)
    _replace_terms(con)
    return terms


def _replace_terms(con: duckdb.DuckDBPyConnection) -> None:
    """Bring the kept terms of `searched` up to `terms`. Most are what they were, and are not written again."""
    columns = {"id": "bigint", **dict.fromkeys(_COLUMNS, "varchar")}
    wanted = ", ".join(f"t.{name}" for name in columns)
    bring(
        con, "held_terms", columns, f"SELECT {wanted} FROM searched s CROSS JOIN {_TERM} t WHERE t.resident_id = s.id"
    )
    names = ", ".join(_COLUMNS)
    gone = con.execute(f"select id from held_terms anti join terms using ({names}) order by id").fetchall()
    name_rows("gone_terms", ["id bigint"], gone, key="id")
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_TERM} WHERE id IN (SELECT id FROM gone_terms)")
    pour(con, f"select {names} from terms anti join held_terms using ({names}) order by {names}", _TERM, _COLUMNS)


def _bring_known(con: duckdb.DuckDBPyConnection, resident_ids: Collection[str] | None) -> None:
    """Make `known` (what all records of a resident say) and `living` (name and address of today)."""
    # All are read record by record, in the order in which they lie; some through their residents.
    begin, only = f"{_RECORD} c CROSS JOIN {_MEMBERSHIP} m", ""
    if resident_ids is not None:
        name_rows("searched", ["id varchar(20)"], [(one,) for one in sorted(set(resident_ids))], key="id")
        begin = f"searched s CROSS JOIN {_MEMBERSHIP} m CROSS JOIN {_RECORD} c"
        only = "AND r.id IN (SELECT id FROM searched)"
    columns = ("resident_id", *_NAMES, "phone", "email")
    bring(
        con,
        "known",
        dict.fromkeys(columns, "varchar"),
        f"SELECT m.resident_id, {', '.join(f'c.{name}' for name in columns[1:])} FROM {begin} "
        f"WHERE m.record_id = c.id AND m.ended_at IS NULL{' AND m.resident_id = s.id' if only else ''}",
    )
    _bring_living(con, f"{_RESIDENT} r", only)


def _bring_living(con: duckdb.DuckDBPyConnection, begin: str, only: str) -> None:
    bring(
        con,
        "living",
        dict.fromkeys(("resident_id", "forename", "surname", "address"), "varchar"),
        f"SELECT r.id, r.forename, r.surname, r.address FROM {begin} WHERE r.retired_at IS NULL {only}",
    )


def _make_terms(con: duckdb.DuckDBPyConnection) -> int:
    """Make `terms`. Flat 2, 14 High Street is found from its beginning, from 14 HIGH STREET and from HIGH STREET."""
    con.execute(_FOLD_SQL)
    names = " union ".join(f"select resident_id, {name} as written from known where {name} <> ''" for name in _NAMES)
    starts = """list_concat([1], flatten(list_transform(range(1, len(words) + 1), lambda place:
        case when regexp_matches(words[place], '^[0-9]') then [place, place + 1] else [] end)))"""
    con.execute(
        f"""
        create temp table terms as
        with names as (
            {names}
            union select resident_id, forename from living union select resident_id, surname from living
        ),
        spelt as (select written, words_of(written) as words from (select distinct written from names)),
        lived as (select resident_id, words_of(address) as words from living where address <> ''),
        begun as (select resident_id, words, unnest({starts}) as start from lived where len(words) > 0)
        select 'name' as kind, left(unnest(words), {MAX_TERM}) as term, resident_id
        from names join spelt using (written)
        union select 'phone', phone, resident_id from known where phone <> ''
        union select 'email', left(email, {MAX_TERM}), resident_id from known where email <> ''
        union select 'address', left(array_to_string(words[start:], ' '), {MAX_TERM}), resident_id from begun
              where start <= len(words)
        """
    )
    return int(con.execute("select count(*) from terms").fetchall()[0][0])
