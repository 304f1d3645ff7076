"""Pairs of records that agree on all columns of a rule."""

from collections.abc import Sequence

import duckdb

Rules = Sequence[tuple[str, ...]]


def agreeing_sql(con: duckdb.DuckDBPyConnection, rules: Rules, people: str = "people", sample: str = "true") -> str:
    """SQL for the pairs (l, r, rule: the place of the rule) of `people`, l < r, one for each rule that finds the pair.

    Makes the table `keys`, to be dropped afterwards. `sample`: a condition on `a`, the record l.
    """
    # One number for the values of a rule is compared in a third of the time. That two differ and have one number comes
    # once in some hundred thousand runs, and puts a pair before the scorer that it would not have seen.
    keys = "".join(
        f", case when {' and '.join(f'{column} is not null' for column in rule)} then hash({', '.join(rule)}) end"
        f" as key_{place}"
        for place, rule in enumerate(rules)
    )
    con.execute(f"create or replace temp table keys as select unique_id{keys} from {people}")
    found = (
        f"select a.unique_id as l, b.unique_id as r, {place} as rule from keys a join keys b"
        f" on a.key_{place} = b.key_{place} where a.unique_id < b.unique_id and {sample}"
        for place in range(len(rules))
    )
    return " union all ".join(found) or "select unique_id as l, unique_id as r, 0 as rule from keys where false"
