"""Whoever moves seldom moves alone: what others of two homes say of a pair of records, one at each.

Two records of one name at two homes may be one person who moved, or two. Where another name, or another person's date
of birth, stands at both homes too, a household has moved, and where none does the name is likelier a coincidence. How
much that is worth is learnt, without labels, from pairs whose dates of birth are known, by looking away from these.

It depends on the records of the two homes and the model alone.
"""

import duckdb
import numpy as np
from numpy.typing import NDArray

from borough.residents.linkage.agreeing import agreeing_sql
from borough.residents.linkage.model import Model, MoveClass
from borough.residents.linkage.scoring import APART_ELSE, TOGETHER, scored_sql

# How two records stand to each other, beyond scoring's TOGETHER to APART_ELSE. "Along" are those who are at both homes:
# known by name, commonly or rarely, or several, or for sure; "else" where the two records are not of one full name.
ALONG, ALONG_RARE, ALONG_SEVERAL, ALONG_SURE, ALONG_ELSE, ALONG_SURE_ELSE = range(APART_ELSE + 1, 10)
STANDINGS = 10
# With more names than this a home is a hostel or a house let by the room, where names come together by chance.
MOST_NAMES_OF_HOME = 12
# Bits of surprise from which a name at both homes is a rare one.
RARE_BITS = 9.0
# Where so many other homes would have both names by chance, that a home has them says nothing.
MOST_BY_CHANCE = 0.5
# Records and pairs looked at to learn, and the fewest that teach what a standing is worth.
MOST_RECORDS = 200_000
MOST_PAIRS = 200_000
FEWEST_PAIRS = 30
# Beyond these, a pair's own evidence has decided.
OPEN_BITS = 8.0
_MOST_BITS = 16.0
# The columns of `people` that say what ties a home to others.
TIED = (
    "home",
    "forename",
    "initial",
    "surname",
    "both_names",
    "tf_forename",
    "namesakes",
    "forename_full",
    "dob",
    "nino",
    "nhs_number",
)


def find_movers(con: duckdb.DuckDBPyConnection, homes: int) -> int:
    """Make the tables `ties` and `movers` (l, r, standing): pairs of `people` at two homes that others are at too.

    `homes`: how many the model was trained on. Returns how many pairs.
    """
    find_ties(con, homes, "people")
    con.execute(
        """
        create or replace temp table along as
        select distinct a.home as here, b.home as there, a.initial, least(a.bits, b.bits) as bits, a.sure
        from ties a join ties b using (key) where a.home <> b.home
        """
    )
    return pair_movers(con, "people")


def find_ties(con: duckdb.DuckDBPyConnection, homes: int, people: str) -> None:
    """Make the table `ties` (home, key, initial, bits, sure): what a home would share with another where one of this
    `initial` is at both, two names or somebody known for sure, and how surprising (`bits`) it would be.

    It depends on the records of the home alone; `people` needs the columns TIED.
    """
    con.execute(
        f"""
        create or replace temp table names_at_home as
        select home, both_names, min(initial) as initial, min(surname) as surname, max(tf_forename) as tf,
               max(namesakes) as namesakes
        from {people} where home is not null and both_names is not null group by home, both_names
        qualify count(*) over (partition by home) <= {MOST_NAMES_OF_HOME}
        """
    )
    # How surprising is it that a home with the one name has the other, too?
    surprise = f"""-log2(case when one.surname = other.surname then other.tf
        else least(1.0, other.namesakes / {max(homes, 1)}.0) end)"""
    con.execute(
        f"""
        create or replace temp table ties as
        with keys as (
            select home, initial, unnest([forename_full || ' ' || dob, nino, nhs_number]) as key from {people}
            where home is not null and length(forename) > 1 and coalesce(dob, nino, nhs_number) is not null
        )
        select home, one.both_names || '+' || other.both_names as key, other.initial, {surprise} as bits, false as sure
        from names_at_home one join names_at_home other using (home)
        where one.both_names <> other.both_names and one.initial <> other.initial
          and log2(greatest(one.namesakes, 1)) - ({surprise}) <= log2({MOST_BY_CHANCE})
        union
        select home, key, initial, {_MOST_BITS} as bits, true as sure from keys where key is not null
        """
    )
    con.execute("drop table names_at_home")


def pair_movers(con: duckdb.DuckDBPyConnection, people: str) -> int:
    """Make `movers` of the table `along` (here, there, initial, bits, sure: homes that share a tie, both ways round)
    and who is there: `people` (unique_id, home, initial, both_names). Returns how many."""
    con.execute(
        f"""
        create or replace temp table movers as
        select least(a.unique_id, b.unique_id) as l, greatest(a.unique_id, b.unique_id) as r,
               case when bool_or(coalesce(a.both_names = b.both_names, false)) then
                   case when bool_or(sure) then {ALONG_SURE} when count(distinct along.initial) > 1 then {ALONG_SEVERAL}
                        when max(bits) >= {RARE_BITS} then {ALONG_RARE} else {ALONG} end
               when bool_or(sure) then {ALONG_SURE_ELSE} else {ALONG_ELSE} end as standing
        from along join {people} a on a.home = here join {people} b on b.home = there
        where (a.initial = b.initial or a.both_names = b.both_names)
          and along.initial <> a.initial and along.initial <> b.initial and a.unique_id < b.unique_id
        group by a.unique_id, b.unique_id
        """
    )
    con.execute("drop table along")
    return int(con.execute("select count(*) from movers").fetchall()[0][0])


def standing_bits_sql(model: Model, standing: str) -> str:
    """The bits that a standing adds to the weight."""
    if not model.moves:
        return "0.0"
    return f"list_extract([{', '.join(map(repr, model.moves.bits))}], {standing} + 1)"


def learn_moves(con: duckdb.DuckDBPyConnection, model: Model) -> MoveClass | None:
    """What each standing is worth, by `movers`; None where too few records have both a home and a date of birth."""
    if not model.standard.has("home", "dob", "forename", "surname"):
        return None
    con.execute("create or replace temp view dated as select * from people where dob is not null")
    rules = [rule for rule in model.rules if "dob" not in rule]
    one_in = max(1, round(model.standard.records / MOST_RECORDS))
    found = agreeing_sql(con, rules, "dated", f"hash(a.unique_id) % {one_in} = 0")
    con.execute(
        f"""
        create or replace temp table silver as
        select l, r, standing from (select l, r from ({found}) union select l, r from movers
            join dated a on a.unique_id = l join dated b on b.unique_id = r) left join movers using (l, r)
        """
    )
    pairs = int(con.execute("select count(*) from silver").fetchall()[0][0])
    # Dates of birth say who is one person, and so may not be looked at.
    con.execute("create or replace temp view dateless as select * replace (null as dob, null as tf_dob) from people")
    rows = con.execute(
        f"""
        with chosen as (select * from silver where hash(l, r) % {max(1, round(pairs / MOST_PAIRS))} = 0)
        select coalesce(standing, apart) as stands, weight, a.dob = b.dob as same
        from ({scored_sql(model, "chosen", ("standing",), "dateless")})
             join people a on a.unique_id = l join people b on b.unique_id = r
        where weight between {-OPEN_BITS} and {OPEN_BITS}
          and (a.dob = b.dob or damerau_levenshtein(a.dob, b.dob) > 2 and left(a.dob, 4) <> left(b.dob, 4))
        """
    ).fetchnumpy()
    for made in ("table keys", "table silver", "view dated", "view dateless"):
        con.execute(f"drop {made}")
    stands, weight, same = (np.asarray(rows[name], dtype=np.float64) for name in ("stands", "weight", "same"))
    bits = [_offset(weight[stands == standing], same[stands == standing]) for standing in range(STANDINGS)]
    # At one home the class of two people of one home has said it all.
    bits[TOGETHER] = 0.0
    return MoveClass(bits=tuple(bits))


def _offset(weight: NDArray[np.float64], same: NDArray[np.float64]) -> float:
    """The bits to add so that as many are believed one person as are; by halving, for the sum only grows."""
    if len(weight) < FEWEST_PAIRS:
        return 0.0
    low, high = -_MOST_BITS, _MOST_BITS
    for _ in range(40):
        middle = (low + high) / 2
        believed = (1 / (1 + np.exp2(-(weight + middle)))).sum()
        low, high = (low, middle) if believed > same.sum() else (middle, high)
    return round(float(low), 4)
