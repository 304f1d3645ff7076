"""How much each agreement is worth: a Fellegi-Sunter model trained by Splink on the records themselves.

u, how often strangers agree, comes from random pairs; m, how often the records of one person do, from expectation
maximisation inside blocks whose pairs are mostly one person: those that share a National Insurance number, an NHS
number, or both names and the date of birth (silver labels: nobody had to make them).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import duckdb
from splink import block_on
from splink.internals.exceptions import EMTrainingException

from borough.residents.linkage.agreeing import agreeing_sql
from borough.residents.linkage.comparisons import Comparison, comparisons_for
from borough.residents.linkage.households import learn_homes
from borough.residents.linkage.model import Model
from borough.residents.linkage.moves import learn_moves
from borough.residents.linkage.splinking import look_only_at, untrained_linker
from borough.residents.linkage.standardise import Standard

# The model is the same each time it is trained on the same records.
SEED = 1
# Pairs looked at to learn; more does not change a figure in the third digit.
MOST_RANDOM_PAIRS = 250_000
MOST_TRAINING_PAIRS = 400_000
# The fewest pairs of a block that are worth learning from.
FEWEST_TRAINING_PAIRS = 100
# How often an initial is that of the first name, where the records cannot tell.
USUAL_SHARE_OF_INITIALS = 0.97
# Share of true pairs that the sure rules find, after the prototype on a million labelled records.
RECALL_OF_SURE_RULES = 0.75
# No agreement is impossible, however many pairs we have not seen it in.
LEAST_M = 1e-4
LEAST_U = 1e-8
# What is left of a chance agreement once the pairs that agree because they are one person are taken away.
LEAST_SHARE_BY_CHANCE = 0.05

# Keys by which two records come to be looked at. The first that finds a pair counts.
BLOCKING = (
    ("nino",),
    ("nhs_number",),
    ("uprn", "initial"),
    ("uprn", "forename_full"),
    ("uprn", "both_names"),
    ("uprn", "dob"),
    ("dob", "surname"),
    ("dob", "forename"),
    ("phone",),
    ("email",),
    ("postcode", "surname_start", "initial"),
    ("dob", "postcode"),
    ("rare_names",),
    ("dob", "initial", "surname_start"),
    ("postcode", "forename"),
    ("dob", "forename_sound"),
    ("dob", "surname_sound"),
    ("address", "initial"),
    ("turned_on", "surname", "initial"),
    ("turned_on", "both_names"),
)
# Pairs that agree on these are one person, nearly always.
SURE = (
    ("nino",),
    ("nhs_number",),
    ("forename", "surname", "dob"),
    ("forename", "surname", "uprn"),
    ("forename", "email"),
    ("forename", "surname", "postcode"),
)
# Blocks to learn m in. Each comparison must be out of at least one of them.
TRAINING = (("nino",), ("nhs_number",), ("forename", "surname", "dob"), ("dob", "forename"), ("dob", "surname"))
TRAINING_WITHOUT_IDENTIFIERS = (("dob",), ("surname", "forename"), ("phone",), ("email",), ("uprn", "initial"))


def blocking_rules(standard: Standard) -> list[tuple[str, ...]]:
    """The keys of BLOCKING, and the other identifiers, that these records hold."""
    others = tuple((f"other_{name}",) for name in standard.others)
    return [rule for rule in others + BLOCKING if standard.has(*rule)]


def learn(con: duckdb.DuckDBPyConnection, standard: Standard) -> Model | None:
    """Learn the model from the tables `people` and `movers`; None where there is nothing to compare."""
    comparisons = comparisons_for(standard)
    if standard.records < 2 or not comparisons:
        return None
    model = train(con, standard, comparisons)
    model = replace(model, homes=learn_homes(con, model))
    return replace(model, moves=learn_moves(con, model))


def train(con: duckdb.DuckDBPyConnection, standard: Standard, comparisons: Sequence[Comparison]) -> Model:
    """Learn m, u and the share of pairs that are one person."""
    rules = blocking_rules(standard)
    linker = untrained_linker(con, comparisons, rules)
    pairs = standard.records * (standard.records - 1) / 2
    prior = _estimate_prior(con, standard)
    linker._settings_obj._probability_two_random_records_match = prior
    random_pairs = min(pairs, MOST_RANDOM_PAIRS) + 1
    linker.training.estimate_u_using_random_sampling(
        max_pairs=random_pairs, seed=SEED, min_count_per_level=None, num_chunks=1
    )
    training_rules = _training_rules(con, standard)
    look_only_at(con, training_rules)
    for rule in training_rules:
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*rule),
                estimate_without_term_frequencies=True,
                max_pairs=MOST_TRAINING_PAIRS,
                record_sample_proportion=min(1.0, 50_000 / standard.records),
            )
        except EMTrainingException:
            # The block taught nothing (all its pairs agree on all that is left); the others stand.
            continue
    settings = linker.misc.save_model_to_json()
    m, u = _finish(con, comparisons, settings, prior, random_pairs)
    return Model(standard=standard, prior=prior, m=m, u=u, rules=tuple(rules))


def _sure_rules(standard: Standard) -> list[tuple[str, ...]]:
    others = tuple((f"other_{name}",) for name in standard.others)
    return [rule for rule in others + SURE if standard.has(*rule)]


def _estimate_prior(con: duckdb.DuckDBPyConnection, standard: Standard) -> float:
    """The share of pairs that are one person, from those that the sure rules find, kept in the table `sure_pairs`."""
    every = max(1.0, standard.records * (standard.records - 1) / 2)
    agreeing = agreeing_sql(con, _sure_rules(standard))
    con.execute(f"create or replace temp table sure_pairs as select distinct l, r from ({agreeing})")
    con.execute("drop table keys")
    found = int(con.execute("select count(*) from sure_pairs").fetchall()[0][0])
    return min(0.5, max(found, 1) / RECALL_OF_SURE_RULES / every)


def _shares_in_sure_pairs(con: duckdb.DuckDBPyConnection, comparison: Comparison) -> list[float]:
    """How often the sure pairs reach each level, from the first level down to disagreement."""
    columns = ", ".join(f"l.{name} as {name}_l, r.{name} as {name}_r" for name in comparison.columns)
    rows = con.execute(
        f"""
        with pairs as (
            select {columns} from sure_pairs s join people l on l.unique_id = s.l join people r on r.unique_id = s.r
        )
        select {comparison.gamma_sql()} as level, count(*) from pairs group by 1
        """
    ).fetchall()
    counts = dict(rows)
    total = sum(count for level, count in rows if level >= 0) or 1
    return [counts.get(level, 0) / total for level in range(len(comparison.levels), -1, -1)]


def _of_initials(con: duckdb.DuckDBPyConnection, chance: float) -> tuple[list[float], list[float]]:
    """m and u of an initial: systems that hold no more hold no identifiers either, so full names must teach it."""
    rows = con.execute(
        """
        select count(*) filter (l.initial = r.initial), count(*) from sure_pairs s
        join people l on l.unique_id = s.l join people r on r.unique_id = s.r
        where (l.nino = r.nino or l.nhs_number = r.nhs_number) and length(l.forename) > 1 and length(r.forename) > 1
        """
    ).fetchall()
    same, every = rows[0]
    own = same / every if every >= FEWEST_TRAINING_PAIRS else USUAL_SHARE_OF_INITIALS
    return [own, 1 - own], [chance, 1 - chance]


def _training_rules(con: duckdb.DuckDBPyConnection, standard: Standard) -> list[tuple[str, ...]]:
    others = tuple((f"other_{name}",) for name in standard.others)
    rules = [rule for rule in others + TRAINING if standard.has(*rule) and _pairs(con, rule) >= FEWEST_TRAINING_PAIRS]
    if not any(len(rule) == 1 for rule in rules):
        # Two blocks are enough: what the first holds equal, the second can learn.
        plain = [rule for rule in TRAINING_WITHOUT_IDENTIFIERS if standard.has(*rule)]
        rules += [rule for rule in plain if _pairs(con, rule) >= FEWEST_TRAINING_PAIRS][:2]
    return rules


def _pairs(con: duckdb.DuckDBPyConnection, rule: tuple[str, ...]) -> int:
    filled = " and ".join(f"{column} is not null" for column in rule)
    counted = f"select count(*) as n from people where {filled} group by {', '.join(rule)}"
    return int(con.execute(f"select coalesce(sum(n * (n - 1) / 2), 0) from ({counted})").fetchall()[0][0])


def _finish(
    con: duckdb.DuckDBPyConnection,
    comparisons: Sequence[Comparison],
    settings: dict[str, Any],
    prior: float,
    random_pairs: float,
) -> tuple[dict[str, tuple[float, ...]], dict[str, tuple[float, ...]]]:
    """Fill the levels that no pair showed, and take out of u the pairs that agree because they are one person."""
    all_m: dict[str, tuple[float, ...]] = {}
    all_u: dict[str, tuple[float, ...]] = {}
    for comparison, trained in zip(comparisons, settings["comparisons"], strict=True):
        levels = [level for level in trained["comparison_levels"] if not level.get("is_null_level")]
        seen = [_number(level.get("u_probability")) for level in levels]
        if comparison.key:
            # A sample shows rare agreements too seldom; where a level is equality of a column they can be counted.
            seen[0] = _share_equal(con, comparison.key)
        own_shares = [_number(level.get("m_probability")) for level in levels]
        if comparison.name in ("source", "age"):
            # Which systems hold an identifier says which pairs of systems its block has: count all sure pairs instead.
            own_shares = _shares_in_sure_pairs(con, comparison)
        if comparison.name == "initial":
            own_shares, seen = _of_initials(con, seen[0])
        if not any(own_shares):
            # Nothing was learnt of it, so it says nothing.
            own_shares = seen
        m = _shares(own_shares, LEAST_M)
        # What never came by chance in the sample may still come half as often as once in it.
        floors = [LEAST_U if share else 0.5 / random_pairs for share in seen]
        u = _shares(
            [
                max(share - prior * own, share * LEAST_SHARE_BY_CHANCE, floor if taught else LEAST_M)
                for share, own, floor, taught in zip(seen, m, floors, own_shares, strict=True)
            ],
            LEAST_U,
        )
        all_m[comparison.name] = tuple(reversed(m))
        all_u[comparison.name] = tuple(reversed(u))
    return all_m, all_u


def _number(value: Any) -> float:
    # Splink writes a sentence where a level was never observed.
    return float(value) if isinstance(value, int | float) else 0.0


def _shares(values: list[float], least: float) -> list[float]:
    raised = [max(value, least) for value in values]
    return [round(value / sum(raised), 10) for value in raised]


def _share_equal(con: duckdb.DuckDBPyConnection, column: str) -> float:
    """Of all pairs that both have `column`, the share that have it equal."""
    counted = f"select count(*)::double as n from people where {column} is not null group by {column}"
    row = con.execute(f"select coalesce(sum(n * (n - 1)), 0), coalesce(sum(n), 0) from ({counted})").fetchall()[0]
    filled = float(row[1])
    return float(row[0]) / (filled * (filled - 1)) if filled > 1 else 0.0
