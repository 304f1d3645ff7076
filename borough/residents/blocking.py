"""The blocking rules of the model as conditions that the indexes of the standard values answer."""

from collections.abc import Callable, Sequence

# A day of moving is shared by hundreds: such rules are looked up by all their columns, each with an index of its own.
_WIDE = ("turned_on",)
Rules = Sequence[tuple[str, ...]]


def conditions(rules: Rules, value: Callable[[str], str]) -> list[str]:
    """SQL conditions on the standard values `c`, each to be looked up by one index, that together are the rules.

    Rules that begin with one column are one condition: its records are then read once. `value(column)` is the SQL that
    the column is to equal, asked for in the order in which it stands in the conditions.
    """
    grouped: dict[str, list[tuple[str, ...]]] = {}
    for rule in rules:
        key = " ".join(rule) if rule[0] in _WIDE else rule[0]
        grouped.setdefault(key, []).append(rule)
    made = []
    for together in grouped.values():
        first = f"c.{together[0][0]} = {value(together[0][0])}"
        # A rule of that column alone takes all of them in.
        alone = any(len(rule) == 1 for rule in together)
        rest = [] if alone else [" AND ".join(f"c.{each} = {value(each)}" for each in rule[1:]) for rule in together]
        made.append(f"{first} AND ({' OR '.join(rest)})" if rest else first)
    return made
