"""The pairs worth believing, with the weight of their evidence in bits."""

import duckdb

from borough.residents.linkage.agreeing import Rules, agreeing_sql
from borough.residents.linkage.model import Model
from borough.residents.linkage.moves import standing_bits_sql
from borough.residents.linkage.scoring import APART_ELSE, scored_sql

# Evidence below this is not carried on: the pair is less likely one person than not, eight to one.
LEAST_WEIGHT = -3.0
_DECIMALS = 6


def find_pairs(con: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Make the table `pairs` (l, r, weight, rule) of all of `people`, l < r. Returns how many.

    `weight` is the evidence for one person against strangers and people of one home; `rule` the place in the model's
    rules of the first that found the pair, or how many they are where it was found because others moved along, as
    find_movers has said before.
    """
    _block(con, model.rules)
    return _weigh(con, model, "candidates")


def _block(con: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Make the table `candidates` (l, r, rule, standing) of the pairs that a rule brings together, or a move."""
    con.execute(
        f"""
        create or replace temp table candidates as
        select l, r, min(rule)::smallint as rule, max(standing)::smallint as standing from (
            select l, r, rule, null as standing from ({agreeing_sql(con, rules)})
            union all select l, r, {len(rules)} as rule, standing from movers
        ) group by l, r
        """
    )
    con.execute("drop table keys")


def no_pairs(con: duckdb.DuckDBPyConnection) -> int:
    """Make the tables `pairs` and `ties` where there is nothing to compare."""
    con.execute("create or replace temp table pairs (l bigint, r bigint, weight double, rule smallint)")
    con.execute(
        "create or replace temp table ties (home varchar, key varchar, initial varchar, bits double, sure bool)"
    )
    return 0


def score_pairs(con: duckdb.DuckDBPyConnection, model: Model, table: str) -> int:
    """Make the table `pairs` (l, r, weight, rule) of the pairs in `table` (l, r).

    The same pairs, weights and rules as find_pairs has of them, provided that `people` has both records and `movers`
    says of them what find_movers does. Returns how many are worth carrying on.
    """
    equal = [" and ".join(f"a.{column} = b.{column}" for column in rule) for rule in model.rules]
    first = " ".join(f"when {condition} then {place}" for place, condition in enumerate(equal))
    con.execute(
        f"""
        create or replace temp table placed as
        select t.l, t.r, (case {first} else {len(model.rules)} end)::smallint as rule, standing
        from {table} t left join movers using (l, r)
        join people a on a.unique_id = t.l join people b on b.unique_id = t.r
        """
    )
    return _weigh(con, model, "placed")


def _weigh(con: duckdb.DuckDBPyConnection, model: Model, table: str) -> int:
    """Make `pairs` of `table` (l, r, rule, standing), which is dropped. Returns how many."""
    none = len(model.rules)
    # The most that a standing adds where nobody moved along.
    most_apart = max(0.0, *model.moves.bits[: APART_ELSE + 1]) if model.moves else 0.0
    con.execute(
        f"""
        create or replace temp table pairs as
        with found as (
            select l, r, standing, coalesce(standing, apart) as stands, weight,
                   case when weight >= {LEAST_WEIGHT - most_apart} then rule else {none} end::smallint as rule
            from ({scored_sql(model, table, ("rule", "standing"))})
        ),
        judged as (
            select l, r, round(weight + {standing_bits_sql(model, "stands")}, {_DECIMALS}) as weight, rule
            from found where rule < {none} or standing is not null
        )
        select l, r, weight, rule from judged where weight >= {LEAST_WEIGHT}
        """
    )
    con.execute(f"drop table {table}")
    return int(con.execute("select count(*) from pairs").fetchall()[0][0])
