"""Records as they were loaded, made comparable: each by itself, before any pair is looked at.

`COLUMNS` is the one definition of a standard value: SQL over the columns of one record, which DuckDB runs over a
table and which can be compiled for a single record. What a value is worth among all others is in `corpus`.
"""

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from borough.residents.linkage.corpus import GIVEN
from borough.residents.linkage.names import full_names, sounds_sql

STANDARD_FIELDS = (
    "source",
    "forename",
    "middle_names",
    "surname",
    "previous_surname",
    "dob",
    "sex",
    "nino",
    "nhs_number",
    "phone",
    "email",
    "address",
    "postcode",
    "uprn",
    "started_on",
    "ended_on",
)
# A column that fewer records hold cannot teach what its agreement is worth.
LEAST_FILLED = 0.005

# So few of a source may be younger (or wrongly dated) than the youngest that it takes, of so many at least.
SHARE_TOO_YOUNG = 0.01
FEWEST_AGES = 100

_SPACE = "[ -]+"
# "Al", "bin" and "de" come and go with the office that writes the name.
_PARTICLES = f"^((AL|EL|BIN|BINT|IBN|DE|DA|DO|DOS|DAS|DI|DEL|DELLA|LA|LE|VAN|VON|DER|DEN){_SPACE})+"
# As when it is written in one word.
_ARTICLE = "^[AE]L([B-DF-HJ-KM-NP-TV-Z][A-Z]{4,})$"
# "Abdul" is never a name by itself.
_SERVANT = f"^(ABD|ABDUL|ABDAL|ABDEL|ABDUR|ABU|UMM){_SPACE}"


# Letters that are no other letter with an accent, and what offices without them write: Łukasz is Lukasz.
_STROKED, _PLAIN = "ŁØĐÐÞÆŒẞ", "LODDTAOS"


def _upper(value: str) -> str:
    # Few texts hold a letter of more than one byte, and the others are done several times as fast.
    plain = f"translate(upper(strip_accents({value})), '{_STROKED}', '{_PLAIN}')"
    return f"case when length({value}) = strlen({value}) then upper({value}) else {plain} end"


def _letters(value: str) -> str:
    return f"nullif(regexp_replace({value}, '[^A-Z]', '', 'g'), '')"


# A second name written in the column of the first is a middle name: "Jahanara Selina" is Jahanara.
_FORENAMES = f"regexp_replace({_upper('raw_forename')}, '{_SERVANT}', '\\1')"
_FIRST = f"regexp_extract({_FORENAMES}, '^[^ ]+')"
_REST = f"concat_ws(' ', nullif(trim(regexp_replace({_FORENAMES}, '^[^ ]+', '')), ''), {_upper('raw_middle_names')})"


def _surname(raw: str) -> str:
    letters = _letters(f"regexp_replace({_upper(raw)}, '{_PARTICLES}([A-Z])', '\\3')")
    return f"regexp_replace({letters}, '{_ARTICLE}', '\\1')"


# In this order: a column may use those before it. `raw_…` is what was loaded, as text, null where empty.
# Name: (DuckDB type, SQL over one record).
COLUMNS: dict[str, tuple[str, str]] = {
    "source": ("varchar", "coalesce(raw_source, '')"),
    "forename": ("varchar", _letters(_FIRST)),
    "middle_name": ("varchar", _letters(f"regexp_extract({_REST}, '^[^ ]+')")),
    "surname": ("varchar", _surname("raw_surname")),
    "previous_surname": ("varchar", _surname("raw_previous_surname")),
    "forename_full": ("varchar", "coalesce(full_name_of(forename), forename)"),
    "forename_sound": ("varchar", sounds_sql("forename")),
    "surname_full": ("varchar", "coalesce(full_name_of(surname), surname)"),
    "surname_sound": ("varchar", sounds_sql("surname")),
    "initial": ("varchar", "left(forename, 1)"),
    "surname_start": ("varchar", "left(surname, 3)"),
    "dob": ("varchar", "nullif(left(raw_dob, 10), '1900-01-01')"),
    "sex": ("varchar", "case when upper(left(raw_sex, 1)) in ('M', 'F') then upper(left(raw_sex, 1)) end"),
    "nino": ("varchar", "upper(raw_nino)"),
    "nhs_number": ("varchar", "raw_nhs_number"),
    "phone": ("varchar", "raw_phone"),
    "email": ("varchar", "lower(raw_email)"),
    "address": ("varchar", f"nullif(trim(regexp_replace({_upper('raw_address')}, '[^A-Z0-9]+', ' ', 'g')), '')"),
    "house_number": ("varchar", "nullif(regexp_extract(address, '([0-9]+)', 1), '')"),
    "postcode": ("varchar", "upper(raw_postcode)"),
    "outcode": (
        "varchar",
        "case when contains(postcode, ' ') then split_part(postcode, ' ', 1) else left(postcode, 3) end",
    ),
    "uprn": ("varchar", "raw_uprn"),
    "home": ("varchar", "coalesce(uprn, postcode || ' ' || address)"),
    "both_names": (
        "varchar",
        "case when length(forename) > 1 and surname is not null"
        " then least(forename_full, surname_full) || ' ' || greatest(forename_full, surname_full) end",
    ),
    "started_on": ("date", "try_cast(raw_started_on as date)"),
    "ended_on": ("date", "try_cast(raw_ended_on as date)"),
    # The day between this home and the one before or after: an account ends as the next begins.
    "turned_on": ("date", "coalesce(ended_on, started_on - 1)"),
}
# The same SQL, but over `name`: worked out once for each name, not for each record.
BY_NAME: dict[str, tuple[str, str]] = {
    "forename_full": ("forename", "coalesce(full_name_of(name), name)"),
    "forename_sound": ("forename", sounds_sql("name")),
    "surname_full": ("surname", "coalesce(full_name_of(name), name)"),
    "surname_sound": ("surname", sounds_sql("name")),
}
# All columns of `people` with their DuckDB types: the id, what a record says by itself, what the corpus gives.
PEOPLE_COLUMNS: dict[str, str] = {
    "unique_id": "bigint",
    **{name: kind for name, (kind, _) in COLUMNS.items()},
    **{name: given.type for name, given in GIVEN.items()},
}


@dataclass(frozen=True)
class Standard:
    """The table `people` that was made: how many rows and homes, and the columns that hold enough to use."""

    records: int
    columns: frozenset[str]
    # Names of further columns of the input that identify a person, such as a library card or a foreign social
    # security number: in `people` they are called other_<name>.
    others: tuple[str, ...]
    homes: int = 0
    # By source, the years of age that nearly all have reached whom it has begun to hold.
    youngest: tuple[tuple[str, int], ...] = ()

    def has(self, *columns: str) -> bool:
        return self.columns.issuperset(columns)


def standardise(con: duckdb.DuckDBPyConnection, table: str, others: tuple[str, ...] = ()) -> Standard:
    """Make the table `people` from `table`, which has `id` (whole number, unique) and any of STANDARD_FIELDS.

    Names become letters A to Z without accents; what is empty becomes null; `others` are taken as identifiers. The
    columns of `corpus.GIVEN` are null until it fills them.
    """
    make_name_tables(con)
    held = {row[0] for row in con.execute(f"describe {table}").fetchall()}
    con.execute(f"create or replace temp table people as {_people_sql(table, held, others)}")
    return describe_people(con, others)


def make_name_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make the function full_name_of (null where a name has no other), as COLUMNS uses it."""
    forms, meant = zip(*full_names(), strict=True)
    con.register("name_forms", pa.table({"form": forms, "meant": meant}))
    con.execute("create or replace temp table full_name_forms as select form, meant from name_forms")
    con.unregister("name_forms")
    con.execute(
        "create or replace temp macro full_name_of(written) as "
        "(select any_value(meant) from full_name_forms where form = written)"
    )


def text_sql(column: str) -> str:
    """What was loaded, as text, null where empty."""
    return f"nullif(trim(cast({column} as varchar)), '')"


def _people_sql(table: str, held: set[str], others: tuple[str, ...]) -> str:
    def text(column: str) -> str:
        return text_sql(column) if column in held else "cast(null as varchar)"

    raw = ", ".join(f"{text(name)} as raw_{name}" for name in STANDARD_FIELDS)
    raw_others = "".join(f", upper({text(name)}) as other_{name}" for name in others)
    first = ("forename", "surname")
    firsts = ", ".join(f"{COLUMNS[name][1]} as {name}" for name in first)
    names = ", ".join(f"{sql} as {name}" for name, (_, sql) in BY_NAME.items())
    rest = [name for name in COLUMNS if name not in first and name not in BY_NAME]
    rests = ", ".join(f"{COLUMNS[name][1]} as {name}" for name in rest)
    by_name = ", ".join(f"{of}_names.{name}" for name, (of, _) in BY_NAME.items())
    chosen = ", ".join(COLUMNS)
    given = ", ".join(f"cast(null as {kind.type}) as {name}" for name, kind in GIVEN.items() if name not in COLUMNS)
    other_columns = "".join(f", other_{name}" for name in others)
    return f"""
with raw as (select id as unique_id, {raw}{raw_others} from {table}),
named as (select *, {firsts} from raw),
names as (
    select name, {names} from (select forename as name from named union select surname from named)
    where name is not null
),
heard as (
    select named.*, {by_name} from named left join names as forename_names on forename_names.name = named.forename
    left join names as surname_names on surname_names.name = named.surname
),
parts as (select *, {rests} from heard)
select unique_id, {chosen}, {given}{other_columns} from parts
order by unique_id
"""


def describe_people(con: duckdb.DuckDBPyConnection, others: tuple[str, ...] = ()) -> Standard:
    """Count `people`."""
    names = [row[0] for row in con.execute("describe people").fetchall() if row[0] not in GIVEN or row[0] in COLUMNS]
    counts = con.execute(
        "select count(*), count(distinct home), count(distinct source), "
        + ", ".join(f"count({name})" for name in names)
        + " from people"
    ).fetchall()
    records, homes, sources, *filled = counts[0]
    enough = max(2, records * LEAST_FILLED)
    used = {name for name, count in zip(names, filled, strict=True) if count >= enough}
    used |= {name for name, given in GIVEN.items() if used.issuperset(given.needs)}
    # One source, or none told, distinguishes nothing.
    if sources < 2:
        used.discard("source")
    youngest = _youngest(con) if {"dob", "started_on"} <= used else ()
    return Standard(records=records, columns=frozenset(used), others=others, homes=homes, youngest=youngest)


def _youngest(con: duckdb.DuckDBPyConnection) -> tuple[tuple[str, int], ...]:
    rows = con.execute(
        f"""
        select source, quantile_disc(year(started_on) - try_cast(left(dob, 4) as integer), {SHARE_TOO_YOUNG}) as age
        from people where dob is not null and started_on is not null
        group by source having count(*) >= {FEWEST_AGES} and age > 1 order by source
        """
    ).fetchall()
    # The day of the year is not looked at.
    return tuple((source, age - 1) for source, age in rows)
