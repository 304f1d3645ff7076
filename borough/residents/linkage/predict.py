"""The pairs worth believing, with the weight of their evidence in bits."""

from math import log2

import duckdb

from borough.residents.linkage.households import HomeClass
from borough.residents.linkage.model import Model, make_linker
from borough.residents.linkage.standardise import Standard

# Evidence below this is not carried on: the pair is less likely one person than not, eight to one.
LEAST_WEIGHT = -3.0


def predict_edges(con: duckdb.DuckDBPyConnection, standard: Standard, model: Model, homes: HomeClass | None) -> int:
    """Make the table `edges`: l, r (ids, l < r), weight, and the level and weight of each comparison.

    Returns the number of edges. `weight` is the evidence for one person against strangers and people of one home.
    """
    linker = make_linker(con, model.settings)
    predictions = linker.inference.predict(threshold_match_weight=LEAST_WEIGHT)
    columns = {row[0] for row in con.execute(f"describe {predictions.physical_name}").fetchall()}
    rivals = _home_weight(model, homes, columns) if homes else None
    own = f"match_weight - {_namesakes(standard, model, columns)}"
    weight = f"{own} - log2(1 + pow(2, least({rivals}, 200)))" if rivals else own
    parts = ", ".join(
        f"gamma_{name} as level_{name}, round({_own_weight(name, columns)}, 3)::float as weight_{name}"
        for name in (comparison.name for comparison in model.comparisons)
    )
    con.execute(
        f"""
        create or replace temp table edges as select * from (
            select least(unique_id_l, unique_id_r) as l, greatest(unique_id_l, unique_id_r) as r,
                   round({weight}, 4) as weight, {parts}
            from {predictions.physical_name}
        ) where weight >= {LEAST_WEIGHT}
        """
    )
    predictions.drop_table_from_database_and_remove_from_cache()
    return int(con.execute("select count(*) from edges").fetchall()[0][0])


def _namesakes(standard: Standard, model: Model, columns: set[str]) -> str:
    """SQL for the bits to take off where both names agree, as more homes hold this name than its parts foretell.

    Names are not drawn apart from each other: in a community where Esi and Mensah are common, so is Esi Mensah.
    """
    if not {"tf_forename_l", "tf_surname_l", "gamma_address"} <= columns or not standard.has("uprn"):
        return "0"
    at_home = max(len(comparison.levels) for comparison in model.comparisons if comparison.name == "address")
    others = f"namesakes_l - case when gamma_address = {at_home} then 1 else 2 end"
    return f"""case when mw_tf_adj_forename <> 0 and mw_tf_adj_surname <> 0 and namesakes_l > 1
        then log2(greatest(1, ({others}) / {max(standard.homes, 1)}.0 / (tf_forename_l * tf_surname_l))) else 0 end"""


def _own_weight(name: str, columns: set[str]) -> str:
    return f"(mw_{name} + mw_tf_adj_{name})" if f"mw_tf_adj_{name}" in columns else f"mw_{name}"


def _home_weight(model: Model, homes: HomeClass, columns: set[str]) -> str:
    """SQL for the evidence that a pair are two people of one home rather than strangers, in bits."""
    terms = [str(round(log2(homes.prior), 6))]
    for comparison in model.comparisons:
        name = comparison.name
        whens = " ".join(
            f"when {gamma} then {round(log2(own / chance), 6)}"
            for gamma, (own, chance) in enumerate(zip(homes.h[name], model.u[name], strict=True))
        )
        terms.append(f"case gamma_{name} {whens} else 0 end")
        # A rare surname that two people of one home share is no surprise; a rare first name or birthday is one to
        # strangers and family alike. Either way its rarity speaks for this class as much as for one person.
        if f"mw_tf_adj_{name}" in columns:
            terms.append(f"mw_tf_adj_{name}")
    return " + ".join(terms)
