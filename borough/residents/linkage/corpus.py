"""What all records together say of a value: how common it is, and whether it tells people apart at all.

Counted once, when a model is trained, and kept with it, so that a pair weighs the same whatever has been loaded since.
"""

from dataclasses import dataclass

import duckdb

from borough.residents.linkage.communities import lift_surnames

# A telephone or e-mail address that so many records share says nothing of who they are (a hostel's, an agent's).
MOST_SHARED = 60
# So many records at one property are a town hall's, not a home's.
MOST_AT_HOME = 400
# A date that so large a share of a source's records have (and so many) is what its system writes for "unknown".
MOST_OF_SOURCE = 0.02
FEWEST_DEFAULTS = 50
# A full name that more records hold is too common to look at all who bear it.
MOST_NAMESAKES = 15
# Bits by which two names are likelier the other way round, from which they are turned: where one record in sixty is so
# written, that is as likely as not, and names that are mostly the one or the other have far more.
TURNED_FROM = 6.0
# A name that leans less than this says nothing of the order.
LEAST_LEANING = 1.0


@dataclass(frozen=True)
class Given:
    """A column that the corpus gives: `sql` over one record and `number`, what the statistics of `kind` say of the
    record's `key` (null where they say nothing), `records` and `homes`, how many the model was trained on.

    `needs`: the columns without which it means nothing."""

    type: str
    kind: str
    key: str
    sql: str
    needs: tuple[str, ...]


def _struck(column: str, key: str = "") -> Given:
    """The column, or null where its value is known as one that says nothing of a person."""
    key = key or column
    return Given("varchar", f"struck_{column}", key, f"case when number is null then {column} end", (column,))


def _frequency(column: str) -> Given:
    # A value that training had not seen is as rare as one it saw once.
    share = f"case when {column} is not null then least(1.0, coalesce(number, 1.0) / filled_{column}) end"
    return Given("double", column, column, share, (column,))


# In this order: what is struck is not counted.
GIVEN: dict[str, Given] = {
    "dob": _struck("dob", "source || ' ' || dob"),
    "phone": _struck("phone"),
    "email": _struck("email"),
    "uprn": _struck("uprn"),
    "home": _struck("home"),
    "rare_names": Given(
        "varchar", "common_names", "both_names", "case when number is null then both_names end", ("both_names",)
    ),
    # In how many homes does somebody of this name live? A name is rarer than its parts foretell, or, within a
    # community, far more common.
    "namesakes": Given(
        "double",
        "namesakes",
        "both_names",
        "case when both_names is not null then coalesce(number, 1.0) end",
        ("both_names",),
    ),
    "tf_forename": _frequency("forename"),
    "tf_surname": _frequency("surname"),
    "tf_dob": _frequency("dob"),
}
# By name, the bits by which it is likelier a given name than a family name.
GIVEN_NAME = "given_name"
# Counters and forms take the one for the other, most often where families write the family name first. What is a
# family name nearly everywhere else is one here too. Names that are both (Thomas, Hassan) are left as they stand.
TURNS = f"coalesce(given_surname, 0.0) - coalesce(given_forename, 0.0) >= {TURNED_FROM} and surname is not null"
# What each column is where the two were turned.
TURNED: dict[str, str] = {
    "forename": "surname",
    "surname": "forename",
    "forename_full": "surname_full",
    "surname_full": "forename_full",
    "forename_sound": "surname_sound",
    "surname_sound": "forename_sound",
    "initial": "left(surname, 1)",
    "surname_start": "left(forename, 3)",
    "both_names": "case when length(surname) > 1 then both_names end",
}
# What statistics may be asked of a record: kind, and key over its columns, whichever way round its names are.
ASKED: tuple[tuple[str, str], ...] = (
    *((given.kind, given.key) for given in GIVEN.values()),
    ("forename", "surname"),
    ("surname", "forename"),
    (GIVEN_NAME, "forename"),
    (GIVEN_NAME, "surname"),
)
_MOST = {"phone": MOST_SHARED, "email": MOST_SHARED, "uprn": MOST_AT_HOME, "home": MOST_AT_HOME}
_STRUCK = ("dob", *_MOST)
_WEIGHED = tuple(name for name in GIVEN if name not in _STRUCK)
_COUNTED = ("forename", "surname", "dob")


def count_statistics(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table `statistics` (kind, value, number) from `people`, and fill its given columns by them."""
    con.execute("create or replace temp table statistics (kind varchar, value varchar, number double)")

    def count(kind: str, sql: str) -> None:
        con.execute(f"insert into statistics select '{kind}', * from ({sql}) order by 2")

    def shared(table: str, column: str, most: int) -> str:
        counted = f"select {column} as value, count(*) as n from {table} where {column} is not null"
        return f"{counted} group by 1 having n > {most}"

    _learn_leanings(con)
    count(GIVEN_NAME, f"select name, bits from leanings where abs(bits) > {LEAST_LEANING}")
    count(
        "struck_dob",
        f"""select source || ' ' || dob as value, count(*) as n from people where dob is not null group by source, dob
        qualify n >= {FEWEST_DEFAULTS} and n >= {MOST_OF_SOURCE} * sum(count(*)) over (partition by source)""",
    )
    for column, most in _MOST.items():
        count(f"struck_{column}", shared("people", column, most))
    _strike(con)
    for column in _COUNTED:
        count(f"filled_{column}", f"select '', count({column}) from struck")
    # What is held once needs no line.
    count("forename", shared("struck", "forename", 1))
    count("dob", shared("struck", "dob", 1))
    lift_surnames(con, "struck")
    # As many as would bear it if all were of its tradition.
    count(
        "surname",
        """select surname as value, count(*) * coalesce(any_value(lift), 1.0) as n
        from struck left join lifts using (surname) where surname is not null group by 1 having count(*) > 1""",
    )
    count("common_names", shared("struck", "both_names", MOST_NAMESAKES))
    count(
        "namesakes",
        """select both_names as value, count(distinct home) as n from struck
        where both_names is not null group by 1 having n > 1""",
    )
    _weigh(con)


def apply_statistics(con: duckdb.DuckDBPyConnection) -> None:
    """Fill the given columns of `people` from `statistics` of an earlier training."""
    _strike(con)
    _weigh(con)


def _learn_leanings(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table `leanings` (name, bits): how much likelier it is a given name than a family name."""
    con.execute("create or replace temp table leanings (name varchar, bits double)")
    # The records that are the wrong way round count for the wrong side, until the first round has found most of them.
    for _ in range(2):
        con.execute(
            f"""
            create or replace temp table leanings as
            with written as (
                select forename, surname, count(*) as n from people
                where forename is not null and surname is not null group by all
            ),
            ordered as (
                select case when {TURNS} then surname else forename end as given,
                       case when {TURNS} then forename else surname end as family, n
                from written {_leanings_of("leanings")}
            ),
            counted as (
                select given as name, n as as_given, 0 as as_family from ordered
                union all select family, 0, n from ordered
            )
            select name, round(log2((sum(as_given) + 1) / (sum(as_family) + 1)), 6) as bits from counted group by name
            """
        )


def _leanings_of(names: str) -> str:
    """Joins that add given_forename and given_surname, the leanings of a record's two names; `names` (name, bits)."""
    return " ".join(
        f"left join (select name as name_{of}, bits as given_{of} from {names}) on name_{of} = {of}"
        for of in ("forename", "surname")
    )


def _strike(con: duckdb.DuckDBPyConnection) -> None:
    """Make `struck` of `people`. A view: all columns of all records are written once, when they are weighed."""
    con.execute(f"create or replace temp view struck as {_filled_sql(con, 'people', _STRUCK)}")


def _weigh(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        f"create or replace temp table people as {_filled_sql(con, 'struck', _WEIGHED)} order by struck.unique_id"
    )
    con.execute("drop view struck")


def _filled_sql(con: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...]) -> str:
    totals = con.execute("select kind, number from statistics where value = ''").fetchall()
    replaced, joins = [], []
    if columns is _STRUCK:
        # Before anything is counted by name, and in the same pass, which reads and writes all records.
        joins.append(
            _leanings_of(f"(select value as name, number as bits from statistics where kind = '{GIVEN_NAME}')")
        )
        replaced += [f"case when {TURNS} then {sql} else {name} end as {name}" for name, sql in TURNED.items()]
    for name in columns:
        given = GIVEN[name]
        sql = given.sql.replace("number", f"s_{name}.number")
        for kind, total in totals:
            sql = sql.replace(kind, repr(max(1.0, total)))
        replaced.append(f"{sql} as {name}")
        joins.append(
            f"left join statistics s_{name} on s_{name}.kind = '{given.kind}' and s_{name}.value = {given.key}"
        )
    return f"select {table}.* replace ({', '.join(replaced)}) from {table} {' '.join(joins)}"
