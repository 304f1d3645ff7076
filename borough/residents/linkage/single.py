"""One record's standard values: what standardise and corpus do to a table, for the record that somebody looks up."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from borough.residents.linkage.compiled import Row, compile_columns
from borough.residents.linkage.corpus import ASKED, GIVEN, GIVEN_NAME, TURNED, TURNS
from borough.residents.linkage.names import full_names
from borough.residents.linkage.standardise import COLUMNS, STANDARD_FIELDS, text_sql

_TOTALS = ("filled_forename", "filled_surname", "filled_dob")
# What is struck is struck first; how common the rest is, is asked of what stays.
_STRUCK = tuple(name for name, given in GIVEN.items() if given.kind.startswith("struck_"))
_COUNTED = tuple(name for name in GIVEN if name not in _STRUCK)


def standard_values(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of standardise.COLUMNS for a record of STANDARD_FIELDS (text or None; those not held may lack)."""
    return dict(zip(COLUMNS, _standard()(tuple(raw.get(name) for name in STANDARD_FIELDS)), strict=True))


def statistic_keys(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The (kind, value) of the statistics that with_statistics may ask for."""
    found = _asked()(tuple(values[name] for name in COLUMNS))
    keys = [(kind, key) for (kind, _), key in zip(ASKED, found, strict=True) if key is not None]
    return keys + [(total, "") for total in _TOTALS]


def with_statistics(values: Mapping[str, Any], numbers: Mapping[tuple[str, str], float]) -> dict[str, Any]:
    """Standard values with those that the corpus strikes or gives, from the statistics of a model by (kind, value)."""
    filled = _turned(values, numbers)
    totals = tuple(max(1.0, numbers.get((total, ""), 1.0)) for total in _TOTALS)
    for names, made in ((_STRUCK, _given(_STRUCK)), (_COUNTED, _given(_COUNTED))):
        row = tuple(filled[name] for name in COLUMNS)
        keys = dict(zip(GIVEN, _keys()(row), strict=True))
        found = tuple(numbers.get((GIVEN[name].kind, keys[name])) for name in names)
        filled |= zip(names, made(row, totals, found), strict=True)
    return filled


def _turned(values: Mapping[str, Any], numbers: Mapping[tuple[str, str], float]) -> dict[str, Any]:
    """The values with the two names as other records have them."""
    leanings = tuple(numbers.get((GIVEN_NAME, values[name])) for name in ("forename", "surname"))
    row = tuple(values[name] for name in COLUMNS)
    return {**values, **dict(zip(TURNED, _turn()(row, leanings), strict=True))}


@cache
def _standard() -> Callable[[Row], Row]:
    raw = {f"raw_{name}": text_sql(name) for name in STANDARD_FIELDS}
    lookups = {"full_name_of": dict(full_names()).get}
    compiled = compile_columns(raw | {name: sql for name, (_, sql) in COLUMNS.items()}, [STANDARD_FIELDS], lookups)

    def columns(row: Row) -> Row:
        return compiled(row)[len(raw) :]

    return columns


@cache
def _keys() -> Callable[[Row], Row]:
    return compile_columns({f"key_{name}": given.key for name, given in GIVEN.items()}, [tuple(COLUMNS)])


@cache
def _asked() -> Callable[[Row], Row]:
    return compile_columns({f"key_{place}": key for place, (_, key) in enumerate(ASKED)}, [tuple(COLUMNS)])


@cache
def _turn() -> Callable[[Row, Row], Row]:
    made = {f"turned_{name}": f"case when {TURNS} then {sql} else {name} end" for name, sql in TURNED.items()}
    return compile_columns(made, [tuple(COLUMNS), ("given_forename", "given_surname")])


@cache
def _given(names: tuple[str, ...]) -> Callable[[Row, Row, Row], Row]:
    numbers = [f"number_{name}" for name in names]
    made = {f"given_{name}": GIVEN[name].sql.replace("number", f"number_{name}") for name in names}
    return compile_columns(made, [tuple(COLUMNS), _TOTALS, numbers])
