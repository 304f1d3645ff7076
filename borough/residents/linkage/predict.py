"""The pairs worth believing, with the weight of their evidence in bits."""

import duckdb

from borough.residents.linkage.model import Model
from borough.residents.linkage.scoring import gammas_sql, pair_columns, splink_weight_sql, weight_sql
from borough.residents.linkage.splinking import linker_of

# Evidence below this is not carried on: the pair is less likely one person than not, eight to one.
LEAST_WEIGHT = -3.0


def find_pairs(con: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Make the table `pairs` (l, r, weight, rule) of all of `people`, l < r. Returns how many.

    `weight` is the evidence for one person against strangers and people of one home; `rule` the place in the model's
    rules of the first that found the pair.
    """
    predictions = linker_of(con, model).inference.predict(threshold_match_weight=LEAST_WEIGHT)
    con.execute(
        f"""
        create or replace temp table pairs as select * from (
            select least(unique_id_l, unique_id_r) as l, greatest(unique_id_l, unique_id_r) as r,
                   {weight_sql(model, "match_weight")} as weight, match_key::smallint as rule
            from {predictions.physical_name}
        ) where weight >= {LEAST_WEIGHT}
        """
    )
    predictions.drop_table_from_database_and_remove_from_cache()
    return int(con.execute("select count(*) from pairs").fetchall()[0][0])


def no_pairs(con: duckdb.DuckDBPyConnection) -> int:
    """Make the table `pairs` where there is nothing to compare."""
    con.execute("create or replace temp table pairs (l bigint, r bigint, weight double, rule smallint)")
    return 0


def score_pairs(con: duckdb.DuckDBPyConnection, model: Model, table: str) -> int:
    """Make the table `pairs` (l, r, weight, rule) of the pairs in `table` (l, r, rule), whose records are in `people`.

    The same weights as find_pairs gives them. Returns how many are worth carrying on.
    """
    con.execute(
        f"create or replace temp table pairs as select l, r, weight, rule from ({scored_sql(model, table)})"
        f" where weight >= {LEAST_WEIGHT}"
    )
    return int(con.execute("select count(*) from pairs").fetchall()[0][0])


def scored_sql(model: Model, table: str) -> str:
    """SQL for the pairs of `table` with their levels (gamma_…) and weight."""
    columns = "".join(f", a.{name} as {name}_l, b.{name} as {name}_r" for name in pair_columns(model))
    return f"""
        with sides as (
            select pair.*{columns} from {table} pair join people a on a.unique_id = pair.l
            join people b on b.unique_id = pair.r
        ),
        levels as (select *, {gammas_sql(model)} from sides),
        splink as (select *, {splink_weight_sql(model)} as splink_weight from levels)
        select *, {weight_sql(model, "splink_weight")} as weight from splink
    """
