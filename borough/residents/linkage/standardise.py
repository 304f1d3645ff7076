"""Records as they were loaded, made comparable: once, set-wise, before any pair is looked at."""

from dataclasses import dataclass

import duckdb

from borough.residents.linkage.names import short_forms, sounds_sql

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
# A telephone or address that so many records share says nothing of who they are (a hostel's, an agent's).
MOST_SHARED = 60


@dataclass(frozen=True)
class Standard:
    """The table `people` that was made: how many rows and homes, and the columns that hold enough to use."""

    records: int
    columns: frozenset[str]
    # Names of further columns of the input that identify a person, such as a library card or a foreign social
    # security number: in `people` they are called other_<name>.
    others: tuple[str, ...]
    homes: int = 0

    def has(self, *columns: str) -> bool:
        return self.columns.issuperset(columns)


def standardise(con: duckdb.DuckDBPyConnection, table: str, others: tuple[str, ...] = ()) -> Standard:
    """Make the table `people` from `table`, which has `id` (whole number, unique) and any of STANDARD_FIELDS.

    Names become letters A to Z without accents; what is empty becomes null; `others` are taken as identifiers.
    Rows are in the order of their ids, so that the same records give the same result whatever order they came in.
    """
    held = {row[0] for row in con.execute(f"describe {table}").fetchall()}
    con.execute("create or replace temp table short_forms (form text, full_name text)")
    con.executemany("insert into short_forms values (?, ?)", short_forms())
    con.execute(f"create or replace temp table people as {_people_sql(table, held, others)}")
    records, columns = _columns_in_use(con)
    homes = int(con.execute("select count(distinct home) from people").fetchall()[0][0])
    return Standard(records=records, columns=columns, others=others, homes=homes)


def _people_sql(table: str, held: set[str], others: tuple[str, ...]) -> str:
    def text(column: str) -> str:
        return f"nullif(trim(cast({column} as varchar)), '')" if column in held else "cast(null as varchar)"

    def letters(value: str) -> str:
        return f"nullif(regexp_replace(upper(strip_accents({value})), '[^A-Z]', '', 'g'), '')"

    # A second name written in the column of the first is a middle name: "Jahanara Selina" is Jahanara.
    first = f"regexp_extract({text('forename')}, '^[^ ]+')"
    rest = f"concat_ws(' ', nullif(trim(regexp_replace({text('forename')}, '^[^ ]+', '')), ''), {text('middle_names')})"

    other_columns = "".join(f", upper({text(name)}) as other_{name}" for name in others)
    return f"""
with plain as (
    select
        id as unique_id,
        coalesce({text("source")}, '') as source,
        {letters(first)} as forename,
        {letters(f"regexp_extract({rest}, '^[^ ]+')")} as middle_name,
        {letters(text("surname"))} as surname,
        {letters(text("previous_surname"))} as previous_surname,
        nullif(left({text("dob")}, 10), '1900-01-01') as dob,
        upper(left({text("sex")}, 1)) as sex,
        upper({text("nino")}) as nino,
        {text("nhs_number")} as nhs_number,
        {text("phone")} as phone,
        lower({text("email")}) as email,
        {text("uprn")} as uprn,
        try_cast({text("started_on")} as date) as started_on,
        try_cast({text("ended_on")} as date) as ended_on,
        upper({text("postcode")}) as postcode,
        nullif(trim(regexp_replace(upper(strip_accents({text("address")})), '[^A-Z0-9]+', ' ', 'g')), '') as address
        {other_columns}
    from {table}
),
heard as (
    -- Once for each name, not for each record.
    select name, {sounds_sql("name")} as sound from (select forename as name from plain union select surname from plain)
),
parts as (
    select
        plain.* exclude (forename, sex),
        plain.forename,
        case when sex in ('M', 'F') then sex end as sex,
        case when forename is not null then coalesce(full_name, forename) end as forename_full,
        heard_first.sound as forename_sound,
        heard_last.sound as surname_sound,
        left(plain.forename, 1) as initial,
        left(plain.surname, 3) as surname_start,
        regexp_extract(address, '([0-9]+)', 1) as house_number,
        case when contains(postcode, ' ') then split_part(postcode, ' ', 1) else left(postcode, 3) end as outcode,
        coalesce(uprn, postcode || ' ' || address) as home,
        case when length(plain.forename) > 1 and plain.surname is not null
             then least(plain.forename, plain.surname) || ' ' || greatest(plain.forename, plain.surname)
        end as both_names
    from plain left join short_forms on form = plain.forename
    left join heard as heard_first on heard_first.name = plain.forename
    left join heard as heard_last on heard_last.name = plain.surname
),
namesakes as (
    -- In how many homes does somebody of this name live? A name is rarer than its parts foretell, or, within a
    -- community, far more common.
    select forename, surname, count(distinct home) as namesakes from parts
    where length(forename) > 1 and surname is not null group by all
)
select
    * replace (nullif(house_number, '') as house_number),
    case when count(*) over (partition by phone) <= {MOST_SHARED} then phone end as phone_key,
    case when count(*) over (partition by email) <= {MOST_SHARED} then email end as email_key,
    case when count(*) over (partition by both_names) <= 15 then both_names end as rare_names
from parts left join namesakes using (forename, surname)
order by unique_id
"""


def _columns_in_use(con: duckdb.DuckDBPyConnection) -> tuple[int, frozenset[str]]:
    names = [row[0] for row in con.execute("describe people").fetchall()]
    counts = con.execute(
        "select count(*), " + ", ".join(f"count({name})" for name in names) + " from people"
    ).fetchall()
    records, *filled = counts[0]
    enough = max(2, records * LEAST_FILLED)
    used = {name for name, count in zip(names, filled, strict=True) if count >= enough}
    # One source, or none told, distinguishes nothing.
    if (con.execute("select count(distinct source) from people").fetchall()[0][0]) < 2:
        used.discard("source")
    return records, frozenset(used)
