"""The pairs worth believing, with the weight of their evidence in bits."""

import duckdb

from borough.residents.linkage.model import Model
from borough.residents.linkage.moves import standing_bits_sql, standing_sql
from borough.residents.linkage.scoring import scored_sql
from borough.residents.linkage.splinking import linker_of

# Evidence below this is not carried on: the pair is less likely one person than not, eight to one.
LEAST_WEIGHT = -3.0
_DECIMALS = 6
# So many pairs with all their columns fit into the engine's memory many times over.
PAIRS_AT_A_TIME = 1_000_000


def find_pairs(con: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Make the table `pairs` (l, r, weight, rule) of all of `people`, l < r. Returns how many.

    `weight` is the evidence for one person against strangers and people of one home; `rule` the place in the model's
    rules of the first that found the pair, or how many they are where it was found because others moved along, as
    find_movers has said before.
    """
    blocked = linker_of(con, model).inference.compute_blocked_pairs_for_predict()
    count = int(con.execute(f"select count(*) from {blocked.physical_name}").fetchall()[0][0])
    parts = count // PAIRS_AT_A_TIME + 1
    con.execute(
        f"""create or replace temp table candidates as select least(join_key_l, join_key_r) as l,
        greatest(join_key_l, join_key_r) as r, match_key::smallint as rule,
        (join_key_l + join_key_r) % {parts} as part from {blocked.physical_name}"""
    )
    blocked.drop_table_from_database_and_remove_from_cache()
    for part in range(parts):
        # The weight is the one that Splink gives, whose own pass carries all columns of all pairs along.
        scored = f"""select l, r, weight, rule
            from ({scored_sql(model, f"(select * from candidates where part = {part})")})
            where weight >= {LEAST_WEIGHT - _most_apart(model)}"""
        con.execute(f"insert into scored {scored}" if part else f"create or replace temp table scored as {scored}")
    con.execute("drop table candidates")
    con.execute(
        f"""
        insert into scored select l, r, s.weight, {len(model.rules)} from ({scored_sql(model, "movers")}) s
        anti join scored using (l, r)
        """
    )
    return _weigh(con, model, "scored")


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
    least, none = LEAST_WEIGHT - _most_apart(model), len(model.rules)
    con.execute(
        f"""
        create or replace temp table scored as
        with placed as (
            select s.l, s.r, s.weight, movers.l is not null as moved,
                   case when s.weight >= {least} then case {first} else {none} end else {none} end as rule
            from ({scored_sql(model, table)}) s left join movers using (l, r)
            join people a on a.unique_id = s.l join people b on b.unique_id = s.r
        )
        select l, r, weight, rule::smallint as rule from placed where moved or rule < {none}
        """
    )
    return _weigh(con, model, "scored")


def _most_apart(model: Model) -> float:
    """The most that a standing adds where nobody moved along."""
    return max(0.0, *model.moves.bits[:4]) if model.moves else 0.0


def _weigh(con: duckdb.DuckDBPyConnection, model: Model, table: str) -> int:
    """Make `pairs` of `table`, whose weights do not know yet how the homes stand to each other."""
    standing = f"coalesce(standing, {standing_sql('a', 'b')})"
    con.execute(
        f"""
        create or replace temp table pairs as select * from (
            select s.l, s.r, round(weight + {standing_bits_sql(model, standing)}, {_DECIMALS}) as weight, rule
            from {table} s left join movers using (l, r)
            join people a on a.unique_id = s.l join people b on b.unique_id = s.r
        ) where weight >= {LEAST_WEIGHT}
        """
    )
    con.execute(f"drop table {table}")
    return int(con.execute("select count(*) from pairs").fetchall()[0][0])
