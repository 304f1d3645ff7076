"""Our comparisons and blocking keys in Splink's words. The only module that speaks to Splink."""

import logging
from collections.abc import Sequence
from typing import Any

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

from borough.residents.linkage.comparisons import Comparison
from borough.residents.linkage.model import Model

# Columns that Splink makes of its own accord.
_FREQUENCIES = ("forename", "surname", "dob")
# What our own of these are called before Splink.
_OURS = "share_of_"


def untrained_linker(
    con: duckdb.DuckDBPyConnection, comparisons: Sequence[Comparison], rules: Sequence[tuple[str, ...]]
) -> Linker:
    """A linker over `people` that knows nothing yet, and learns without looking at how common a value is."""
    return _linker(con, [_comparison(comparison) for comparison in comparisons], rules, None)


def look_only_at(con: duckdb.DuckDBPyConnection, rules: Sequence[tuple[str, ...]]) -> None:
    """Let the linker see only the records that one of these rules can bring together with another; none by no rule."""
    held = [" and ".join(f"{column} is not null" for column in rule) for rule in rules]
    _show(con, f"where {' or '.join(f'({one})' for one in held) or 'false'}")


def linker_of(con: duckdb.DuckDBPyConnection, model: Model) -> Linker:
    """A linker over `people` with the model's parameters, and its term frequencies rather than those of `people`.

    What it gives a pair is what `scoring` is held to, by test.
    """
    made = [_comparison(comparison, model) for comparison in model.comparisons]
    linker = _linker(con, made, model.rules, model.prior)
    for column in _FREQUENCIES:
        con.execute(
            f"create or replace temp table tf_of_{column} as"
            f" select distinct {column}, tf_{column} from people where {column} is not null"
        )
        frequencies = linker._db_api.register(f"tf_of_{column}")
        linker.table_management.register_term_frequency_lookup(frequencies, column)
    return linker


def _show(con: duckdb.DuckDBPyConnection, where: str = "") -> None:
    tf = ", ".join(f"tf_{column}" for column in _FREQUENCIES)
    own = ", ".join(f"tf_{column} as {_OURS}{column}" for column in _FREQUENCIES)
    con.execute(f"create or replace temp view comparable as select * exclude ({tf}), {own} from people {where}")


def _linker(
    con: duckdb.DuckDBPyConnection, comparisons: list[Any], rules: Sequence[tuple[str, ...]], prior: float | None
) -> Linker:
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
        em_convergence=0.001,
        max_iterations=15,
    )
    if prior is not None:
        settings.probability_two_random_records_match = prior
    logging.getLogger("splink").setLevel(logging.ERROR)
    _show(con)
    return Linker(DuckDBAPI(connection=con).register("comparable"), settings, log_level=None, validate_settings=False)


def _comparison(comparison: Comparison, model: Model | None = None) -> Any:
    m = reversed(model.m[comparison.name]) if model else iter(())
    u = reversed(model.u[comparison.name]) if model else iter(())

    def shares(level: Any) -> Any:
        return level.configure(m_probability=next(m), u_probability=next(u)) if model else level

    levels: list[Any] = [cll.CustomLevel(comparison.unknown).configure(is_null_level=True)]
    for level in comparison.levels:
        # Splink has frequencies of terms only where it weighs by them, and not while it learns.
        condition = level.condition.replace("tf_", _OURS)
        made: Any = shares(cll.CustomLevel(condition, label_for_charts=level.says))
        by_value = level.common and model is not None
        levels.append(made.configure(tf_adjustment_column=comparison.key) if by_value else made)
    return cl.CustomComparison([*levels, shares(cll.ElseLevel())], output_column_name=comparison.name)
