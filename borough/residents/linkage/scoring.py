"""The weight of a pair, as SQL over the levels it reaches: log2 of how much likelier it is one person than two.

What a level adds is a constant of the model; how common a value is, and who else bears a name, is the pair's own.
"""

from collections.abc import Sequence
from itertools import accumulate
from math import log2
from operator import mul

from borough.residents.linkage.comparisons import Comparison
from borough.residents.linkage.model import HomeClass, Model

# A power of two that a double holds.
MOST_BITS = 200
# How the homes of two records stand to each other where nobody is known to have moved along.
TOGETHER, UNKNOWN, APART, APART_ELSE = range(4)
APART_SQL = f"""case when home_l is null or home_r is null then {UNKNOWN} when home_l = home_r then {TOGETHER}
    when both_names_l = both_names_r then {APART} else {APART_ELSE} end"""


def gammas_sql(model: Model) -> str:
    """The level of each comparison as gamma_<name>, over a row that has all columns of `people` with _l and _r."""
    return ", ".join(f"{comparison.gamma_sql()} as gamma_{comparison.name}" for comparison in model.comparisons)


def pair_columns(model: Model) -> tuple[str, ...]:
    """The columns of `people` that gammas_sql, splink_weight_sql, weight_sql and APART_SQL need."""
    columns = {column for comparison in model.comparisons for column in comparison.columns}
    columns |= {f"tf_{comparison.key}" for comparison in model.comparisons if _common(comparison)}
    return tuple(sorted((columns & model.standard.columns) | {"namesakes", "both_names", "home"}))


def splink_weight_sql(model: Model) -> str:
    """The weight that Splink gives the pair: one person against strangers, with frequencies of terms."""
    return f"{_splink_levels_sql(model)} + {_splink_values_sql(model)}"


def own_weight_sql(model: Model, comparison: Comparison) -> str:
    """What one comparison adds to it."""
    return f"{_level_weight_sql(model, comparison)} + {_value_weight_sql(model, comparison)}"


def weight_sql(model: Model, splink_weight: str) -> str:
    """The weight of the pair: one person against strangers, who may be namesakes, and people of one home."""
    home = home_weight_sql(model, model.homes) if model.homes else ""
    return _against_sql(splink_weight, namesakes_sql(model), home)


def scored_sql(model: Model, table: str, carried: tuple[str, ...] = (), people: str = "people") -> str:
    """SQL for the pairs of `table` (l, r and what is to be `carried` along) with their levels (gamma_...), weight, and
    `apart`: how their homes stand to each other where nobody moved along.

    Millions of pairs reach some ten thousand combinations of levels, so that only what depends on a value is worked out
    for each pair.
    """
    columns = "".join(f", a.{name} as {name}_l, b.{name} as {name}_r" for name in pair_columns(model))
    kept = ", ".join(("l", "r", *carried))
    home_levels, home_values = "0.0", "0.0"
    if model.homes:
        home_levels, home_values = _home_levels_sql(model, model.homes), _home_values_sql(model, model.homes)
    places = _places(model)
    combination = " + ".join(f"(gamma_{name} + 1) * {place}" for name, (place, _) in places.items())
    gammas = ", ".join(f"combination // {place} % {size} - 1 as gamma_{name}" for name, (place, size) in places.items())
    weight = _against_sql("splink_weight", "namesakes", "home_levels + home_values" if model.homes else "")
    return f"""
        with sides as (
            select pair.*{columns} from {table} pair join {people} a on a.unique_id = pair.l
            join {people} b on b.unique_id = pair.r
        ),
        reached as (select *, {gammas_sql(model)} from sides),
        pairs_reached as materialized (
            select {kept}, {combination} as combination, {APART_SQL} as apart, {namesakes_sql(model)} as namesakes,
                   {_splink_values_sql(model)} as splink_values, {home_values} as home_values
            from reached
        ),
        combinations as (
            select combination, {gammas} from (select distinct combination from pairs_reached)
        ),
        weighed as (
            select *, {_splink_levels_sql(model)} as splink_levels, {home_levels} as home_levels from combinations
        ),
        splink as (
            select *, splink_levels + splink_values as splink_weight from pairs_reached join weighed using (combination)
        )
        select *, {weight} as weight from splink
    """


def _places(model: Model) -> dict[str, tuple[int, int]]:
    """Where each comparison stands in the number of a combination: what its level is multiplied by, and how many
    levels it has, with unknown."""
    sizes = [len(comparison.levels) + 2 for comparison in model.comparisons]
    places = accumulate(sizes[:-1], mul, initial=1)
    return {one.name: (place, size) for one, place, size in zip(model.comparisons, places, sizes, strict=True)}


def _against_sql(splink_weight: str, namesakes: str, home: str) -> str:
    against = f"pow(2, {namesakes})"
    if home:
        against += f" + pow(2, least({home}, {MOST_BITS}))"
    return f"{splink_weight} - log2({against})"


def _splink_levels_sql(model: Model) -> str:
    """What the levels alone add to Splink's weight, from where we begin."""
    terms = [_level_weight_sql(model, comparison) for comparison in model.comparisons]
    return " + ".join([repr(log2(model.prior / (1 - model.prior))), *terms])


def _splink_values_sql(model: Model) -> str:
    """What it adds that a value on which the pair agree is common or rare."""
    return (
        " + ".join(_value_weight_sql(model, comparison) for comparison in model.comparisons if _common(comparison))
        or "0.0"
    )


def _level_weight_sql(model: Model, comparison: Comparison) -> str:
    shares = zip(model.m[comparison.name], model.u[comparison.name], strict=True)
    return _by_level_sql(comparison, [log2(m / u) for m, u in shares])


def _value_weight_sql(model: Model, comparison: Comparison) -> str:
    if not _common(comparison):
        return "0.0"
    usual = log2(model.u[comparison.name][-1])
    return _at_top_sql(comparison, f"{usual!r} - log2({_frequency(comparison)})")


def _by_level_sql(comparison: Comparison, bits: Sequence[float]) -> str:
    whens = " ".join(f"when {level} then {each!r}" for level, each in enumerate(bits))
    return f"case gamma_{comparison.name} {whens} else 0.0 end"


def _at_top_sql(comparison: Comparison, bits: str) -> str:
    return f"case when gamma_{comparison.name} = {len(comparison.levels)} then {bits} else 0.0 end"


def _common(comparison: Comparison) -> bool:
    return comparison.levels[0].common


def _frequency(comparison: Comparison) -> str:
    return f"greatest(tf_{comparison.key}_l, tf_{comparison.key}_r)"


def namesakes_sql(model: Model) -> str:
    """The bits by which more homes hold this name than its parts foretell, where both names agree, however spelt.

    Names are not drawn apart from each other: in a community where Esi and Mensah are common, so is Esi Mensah; and
    whose name reaches English letters by several roads has namesakes in all of its spellings.
    """
    top = {comparison.name: len(comparison.levels) for comparison in model.comparisons}
    if not {"forename", "surname", "address"} <= top.keys() or not model.standard.has("uprn"):
        return "0.0"
    others = f"namesakes_l - case when gamma_address = {top['address']} then 1 else 2 end"
    foretold = " * ".join(_chance_sql(model, name, top[name]) for name in ("forename", "surname"))
    return f"""case when both_names_l = both_names_r and gamma_forename > 0 and gamma_surname > 0 and namesakes_l > 1
        then greatest(0.0, log2(greatest(0.001, ({others}) / {max(model.standard.homes, 1)}.0 / ({foretold}))))
        else 0.0 end"""


def _chance_sql(model: Model, name: str, top: int) -> str:
    """How often strangers agree on this name as well as the pair does."""
    shares = list(accumulate(reversed(model.u[name])))[::-1]
    whens = " ".join(f"when {level} then {shares[level]!r}" for level in range(1, top))
    return f"case gamma_{name} {whens} when {top} then tf_{name}_l else 1.0 end"


def home_weight_sql(model: Model, homes: HomeClass) -> str:
    """The evidence that a pair are two people of one home rather than strangers, in bits."""
    return f"{_home_levels_sql(model, homes)} + {_home_values_sql(model, homes)}"


def _home_levels_sql(model: Model, homes: HomeClass) -> str:
    terms = [repr(log2(homes.prior))]
    for comparison in model.comparisons:
        shares = zip(homes.h[comparison.name], model.u[comparison.name], strict=True)
        bits = [log2(h / u) for h, u in shares]
        # The highest level of a value that is common or rare is told by the value.
        terms.append(_by_level_sql(comparison, [*bits[:-1], 0.0] if _common(comparison) else bits))
    return " + ".join(terms)


def _home_values_sql(model: Model, homes: HomeClass) -> str:
    terms = []
    for comparison in filter(_common, model.comparisons):
        h, u = homes.h[comparison.name][-1], model.u[comparison.name][-1]
        # Of those who agree some do by custom (a son has his father's name) and others by chance, as strangers do.
        custom = max(0.0, (h - u) / (1 - u))
        terms.append(_at_top_sql(comparison, f"log2({custom!r} / {_frequency(comparison)} + {1 - custom!r})"))
    return " + ".join(terms) or "0.0"
