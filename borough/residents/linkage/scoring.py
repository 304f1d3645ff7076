"""The weight of a pair, as SQL over the levels it reaches: log2 of how much likelier it is one person than two.

Own SQL for any pairs at hand; for the pairs that Splink finds, what goes beyond Splink's own weight.
"""

from itertools import accumulate
from math import log2

from borough.residents.linkage.comparisons import Comparison
from borough.residents.linkage.model import HomeClass, Model

# A power of two that a double holds.
MOST_BITS = 200


def gammas_sql(model: Model) -> str:
    """The level of each comparison as gamma_<name>, over a row that has all columns of `people` with _l and _r."""
    return ", ".join(f"{comparison.gamma_sql()} as gamma_{comparison.name}" for comparison in model.comparisons)


def pair_columns(model: Model) -> tuple[str, ...]:
    """The columns of `people` that gammas_sql, splink_weight_sql and weight_sql need."""
    columns = {column for comparison in model.comparisons for column in comparison.columns}
    columns |= {f"tf_{comparison.key}" for comparison in model.comparisons if _common(comparison)}
    return tuple(sorted((columns & model.standard.columns) | {"namesakes", "both_names"}))


def splink_weight_sql(model: Model) -> str:
    """The weight that Splink gives the pair: one person against strangers, with frequencies of terms."""
    terms = [repr(log2(model.prior / (1 - model.prior)))]
    terms += [own_weight_sql(model, comparison) for comparison in model.comparisons]
    return " + ".join(terms)


def own_weight_sql(model: Model, comparison: Comparison) -> str:
    """What one comparison adds to it."""
    m, u = model.m[comparison.name], model.u[comparison.name]
    whens = [f"when {level} then {log2(m[level] / u[level])!r}" for level in range(len(m))]
    if _common(comparison):
        top, tf = len(m) - 1, _frequency(comparison)
        whens[top] = f"when {top} then {log2(m[top] / u[top])!r} + ({log2(u[top])!r} - log2({tf}))"
    return f"case gamma_{comparison.name} {' '.join(whens)} else 0.0 end"


def weight_sql(model: Model, splink_weight: str) -> str:
    """The weight of the pair: one person against strangers, who may be namesakes, and people of one home."""
    against = f"pow(2, {namesakes_sql(model)})"
    if model.homes:
        against += f" + pow(2, least({home_weight_sql(model, model.homes)}, {MOST_BITS}))"
    return f"{splink_weight} - log2({against})"


def scored_sql(model: Model, table: str, people: str = "people") -> str:
    """SQL for the pairs of `table` (l, r and whatever else) with their levels (gamma_...) and weight."""
    columns = "".join(f", a.{name} as {name}_l, b.{name} as {name}_r" for name in pair_columns(model))
    return f"""
        with sides as (
            select pair.*{columns} from {table} pair join {people} a on a.unique_id = pair.l
            join {people} b on b.unique_id = pair.r
        ),
        levels as (select *, {gammas_sql(model)} from sides),
        splink as (select *, {splink_weight_sql(model)} as splink_weight from levels)
        select *, {weight_sql(model, "splink_weight")} as weight from splink
    """


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
    terms = [repr(log2(homes.prior))]
    for comparison in model.comparisons:
        h, u = homes.h[comparison.name], model.u[comparison.name]
        whens = [f"when {level} then {log2(h[level] / u[level])!r}" for level in range(len(h))]
        if _common(comparison):
            # Of those who agree some do by custom (a son has his father's name) and others by chance, as strangers do.
            top = len(h) - 1
            custom = max(0.0, (h[top] - u[top]) / (1 - u[top]))
            whens[top] = f"when {top} then log2({custom!r} / {_frequency(comparison)} + {1 - custom!r})"
        terms.append(f"case gamma_{comparison.name} {' '.join(whens)} else 0.0 end")
    return " + ".join(terms)
