"""One SQL expression as Python source, for `compiled`. Null is None, and a condition has three values, as in SQL."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp

from borough.common.errors import Problem
from borough.residents.linkage import functions

# Functions of arguments that are not null, and as Python; {this} and the like are the arguments by sqlglot's names.
_STRICT: dict[type[exp.Expr], str] = {
    exp.Left: "{this}[:{expression}]",
    exp.Right: "{this}[-{expression}:]",
    exp.Length: "len({this})",
    exp.Contains: "({expression} in {this})",
    exp.DPipe: "({this} + {expression})",
    exp.Upper: "upper({this})",
    exp.Lower: "lower({this})",
    exp.Trim: "trim({this})",
    exp.SplitPart: "split_part({this}, {delimiter}, {part_index})",
    exp.Add: "({this} + {expression})",
    exp.Mul: "({this} * {expression})",
    exp.Div: "({this} / {expression})",
    exp.Neg: "(-{this})",
    exp.Abs: "abs({this})",
    exp.Pow: "pow({this}, {expression})",
    exp.JarowinklerSimilarity: "jaro_winkler_similarity({this}, {expression})",
}
_STRICT_BY_NAME = ("strip_accents", "strlen", "damerau_levenshtein")
# Worked out once for each call, however often they stand in the expressions.
_COSTLY = ("jaro_winkler_similarity", "damerau_levenshtein")
_COMPARED: dict[type[exp.Expr], tuple[str, str]] = {
    # How it is written where it is true, and where it is false.
    exp.EQ: ("==", "!="),
    exp.NEQ: ("!=", "=="),
    exp.LT: ("<", ">="),
    exp.LTE: ("<=", ">"),
    exp.GT: (">", "<="),
    exp.GTE: (">=", "<"),
}
# Arguments that sqlglot adds by itself to what it has read; they say nothing that DuckDB does not do anyway.
_UNSAID = frozenset(("safe", "typed", "coalesce", "ignore_nulls", "single_replace", "null_if_pos_overflow"))


def parse(sql: str) -> exp.Expr:
    try:
        return sqlglot.parse_one(sql, dialect="duckdb")
    except sqlglot.errors.ParseError as error:
        raise Problem(f"Cannot read the SQL {sql!r}: {error}.", "Correct it where it is written.") from error


def _unknown(what: str, node: exp.Expr) -> Problem:
    return Problem(
        f"{what} cannot be compiled, in {node.sql('duckdb')!r}.",
        "Teach it to linkage/translation.py, or write it otherwise.",
    )


def local_name(name: str) -> str:
    """How a column is called in the Python: no name of a column can be a word of Python or of ours."""
    if not name.isidentifier():
        raise Problem(f"The column {name!r} is not one word.", "Name it with letters, digits and underscores.")
    return f"v_{name}"


@dataclass(frozen=True)
class _Value:
    """The Python of a value. It is not None, and may be worked out, where all of `needs`, in order, are true."""

    source: str
    needs: tuple[str, ...] = ()

    def whole(self) -> str:
        """The Python of the value or None."""
        return f"({self.source} if {' and '.join(self.needs)} else None)" if self.needs else self.source

    def where(self, condition: str) -> str:
        return _all((*self.needs, condition))


def _all(conditions: Iterable[str]) -> str:
    return f"({' and '.join(dict.fromkeys(conditions)) or 'True'})"


def _any(conditions: Iterable[str]) -> str:
    return f"({' or '.join(dict.fromkeys(conditions)) or 'False'})"


class Translator:
    """Writes the Python of one function. Temporary values are t0, t1, …; constants and functions stand outside."""

    def __init__(self, lookups: Mapping[str, Callable[[str], Any]]) -> None:
        self.lookups = lookups
        self.namespace: dict[str, Any] = {**vars(functions), "log2": math.log2, "pow": math.pow, **lookups}
        self.names: set[str] = set()
        self.filled: frozenset[str] = frozenset()
        self.caches: dict[str, str] = {}
        self.temporaries = 0

    def know(self, name: str) -> str:
        self.names.add(name)
        return local_name(name)

    def assign(self, name: str, tree: exp.Expr) -> str:
        value = self.value(tree)
        local = self.know(name)
        if not value.needs:
            self.filled |= {local}
        return f"{local} = {value.whole()}"

    def count_costly(self, trees: Iterable[exp.Expr]) -> None:
        """Find the costly calls that stand more than once."""
        calls = Counter(node.sql() for tree in trees for node in tree.find_all(exp.Func) if _is_costly(node))
        repeated = (sql for sql, times in calls.items() if times > 1)
        self.caches = {sql: f"c{place}" for place, sql in enumerate(repeated)}

    # Values

    def value(self, node: exp.Expr) -> _Value:
        kind = type(node)
        if kind in _STRICT:
            return self._strict(node, _STRICT[kind], self._arguments(node))
        maker = _MAKERS.get(kind)
        if maker is not None:
            return maker(self, node)
        if isinstance(node, exp.Anonymous):
            return self._named(node)
        if kind in _CONDITIONS:
            return self._maybe(f"(True if {self.true(node)} else False if {self.false(node)} else None)")
        name = node.sql_name().lower() if isinstance(node, exp.Func) else kind.__name__
        raise _unknown(f"{name!r}", node)

    def _arguments(self, node: exp.Expr) -> dict[str, _Value]:
        said = {name: value for name, value in node.args.items() if value is not None and name not in _UNSAID}
        known = re.findall(r"{(\w+)}", _STRICT[type(node)])
        if set(said) != set(known):
            raise _unknown(f"{type(node).__name__} with {', '.join(sorted(said))}", node)
        if isinstance(node, exp.Left | exp.Right) and not _whole_number(node.expression):
            raise _unknown("a number of letters that is not written out", node)
        return {name: self.value(value) for name, value in said.items()}

    def _minus(self, node: exp.Sub) -> _Value:
        # Only what may be a date has to be asked whether it is one.
        template = "({this} - {expression})" if _is_numeric(node.this) else "minus({this}, {expression})"
        return self._strict(node, template, {name: self.value(node.args[name]) for name in ("this", "expression")})

    def _strict(self, node: exp.Expr, template: str, arguments: Mapping[str, _Value]) -> _Value:
        source = template.format(**{name: value.source for name, value in arguments.items()})
        cache = self.caches.get(node.sql()) if _is_costly(node) else None
        if cache:
            source = f"({cache} if {cache} is not None else ({cache} := {source}))"
        return _Value(source, tuple(dict.fromkeys(need for value in arguments.values() for need in value.needs)))

    def _named(self, node: exp.Anonymous) -> _Value:
        """A function that sqlglot has no name for: ours, or one of `lookups`."""
        name = node.name.lower()
        values = [self.value(argument) for argument in node.expressions]
        arguments = {f"a{place}": value for place, value in enumerate(values)}
        called = f"{name}({', '.join(f'{{{place}}}' for place in arguments)})"
        if name in _STRICT_BY_NAME:
            return self._strict(node, called, arguments)
        if name in self.lookups and len(values) == 1:
            return self._maybe(values[0].source, call=name, needs=values[0].needs)
        raise _unknown(f"The function {name!r}", node)

    def _maybe(self, source: str, call: str = "", needs: tuple[str, ...] = ()) -> _Value:
        """A value that may be None, kept so that it is worked out once."""
        name = self._temporary()
        return _Value(name, (*needs, f"({name} := {f'{call}({source})' if call else source}) is not None"))

    def _temporary(self) -> str:
        self.temporaries += 1
        return f"t{self.temporaries}"

    def _constant(self, value: Any) -> str:
        name = f"k{len(self.namespace)}"
        self.namespace[name] = value
        return name

    def _column(self, node: exp.Column) -> _Value:
        # l.home is how a join says what is home_l in a row.
        name = f"{node.name}_{node.table}" if node.table else node.name
        if name not in self.names:
            raise _unknown(f"The column {name!r}, which is not given,", node)
        local = local_name(name)
        return _Value(local, () if local in self.filled else (f"{local} is not None",))

    def _literal(self, node: exp.Literal) -> _Value:
        if node.is_string:
            return _Value(repr(node.name))
        return _Value(repr(float(node.name)) if re.search(r"[.eE]", node.name) else repr(int(node.name)))

    def _case(self, node: exp.Case) -> _Value:
        before = self.filled
        if node.this is not None:
            return self._table(node)
        parts, values = [], []
        for branch in node.args["ifs"]:
            condition = self.true(branch.this)
            value = self.value(branch.args["true"])
            values.append(value)
            parts.append(f"{value.whole()} if {condition} else ")
            # Who comes to the next branch has passed this one: "x is null" was not so.
            self.filled |= {local_name(name) for name in _null_checked(branch.this)}
        default = self.value(node.args["default"]) if node.args.get("default") else _Value("None", ("False",))
        self.filled = before
        source = f"({''.join(parts)}{default.whole()})"
        return self._maybe(source) if any(value.needs for value in (*values, default)) else _Value(source)

    def _table(self, node: exp.Case) -> _Value:
        """A case by number: numbers are looked up, other results come first."""
        default = node.args.get("default")
        branches = [(branch.this, branch.args["true"]) for branch in node.args["ifs"]]
        if not isinstance(node.this, exp.Column) or not all(_is_number(key) for key, _ in branches) or default is None:
            raise _unknown("A case by value that is not a column's number, or has no else,", node)
        asked = self.value(node.this).whole()
        worked_out = {_number(key): self.value(result) for key, result in branches if not _is_number(result)}
        numbers = {_number(key): _number(result) for key, result in reversed(branches) if _is_number(result)}
        other = self.value(default)
        choices = "".join(f"{value.whole()} if {asked} == {key} else " for key, value in worked_out.items())
        source = f"{self._constant(numbers)}.get({asked}, {other.source})"
        if not _is_number(default):
            raise _unknown("An else that is not a number", node)
        source = f"({choices}{source})"
        return self._maybe(source) if any(value.needs for value in worked_out.values()) else _Value(source)

    def _coalesce(self, node: exp.Coalesce) -> _Value:
        values = [self.value(one) for one in (node.this, *node.expressions)]
        source = ""
        for place, value in enumerate(values):
            if not value.needs:
                return _Value(f"({source}{value.source})")
            last = place == len(values) - 1
            source += value.whole() if last else f"{value.source} if {' and '.join(value.needs)} else "
        return self._maybe(f"({source})")

    def _nullif(self, node: exp.Nullif) -> _Value:
        value, other = self.value(node.this), self.value(node.expression)
        kept = self._temporary()
        same = other.where(f"{kept} == {other.source}")
        return _Value(kept, (*value.needs, f"({kept} := {value.source}) is not None", f"not {same}"))

    def _of_several(self, node: exp.Least | exp.Greatest | exp.ConcatWs) -> _Value:
        """Functions that pass over what is null."""
        values = [self.value(one) for one in (node.this, *node.expressions) if one is not None]
        name = node.sql_name().lower()
        called = f"{name}({', '.join(value.whole() for value in values)})"
        if isinstance(node, exp.ConcatWs):
            return _Value(called, values[0].needs)
        return self._maybe(called) if all(value.needs for value in values) else _Value(called)

    def _regexp(self, node: exp.RegexpReplace | exp.RegexpExtract) -> _Value:
        text, written = self.value(node.this), node.expression
        if not (isinstance(written, exp.Literal) and written.is_string):
            raise _unknown("A pattern that is not written out", node)
        pattern = self._constant(_pattern(written.name, node))
        if isinstance(node, exp.RegexpExtract):
            group = node.args.get("group")
            return _Value(f"regexp_extract({pattern}, {text.source}, {int(group.name) if group else 0})", text.needs)
        flags = node.args["modifiers"].name if node.args.get("modifiers") else ""
        if flags not in ("", "g"):
            raise _unknown(f"The flag {flags!r}", node)
        replacement = node.args["replacement"]
        if not isinstance(replacement, exp.Literal) or re.search(r"\\[^1-9]", replacement.name):
            raise _unknown("A replacement of more than text and groups", node)
        return _Value(f"{pattern}.sub({replacement.name!r}, {text.source}, {0 if flags else 1})", text.needs)

    def _translate(self, node: exp.Translate) -> _Value:
        letters = [node.this, node.args["from_"], node.args["to"]]
        if any(not isinstance(one, exp.Literal) or not one.is_string for one in letters[1:]):
            raise _unknown("Letters that are not written out", node)
        before, after = (one.name for one in letters[1:])
        if len(before) != len(after) or len(set(before)) != len(before):
            raise _unknown("Letters that are not each written as one other", node)
        text = self.value(node.this)
        return _Value(f"{text.source}.translate({self._constant(str.maketrans(before, after))})", text.needs)

    def _substring(self, node: exp.Substring) -> _Value:
        start, length = node.args["start"], node.args.get("length")
        if not _whole_number(start) or int(start.name) < 1 or not (length is None or _whole_number(length)):
            raise _unknown("A place that is not written out, from 1 up,", node)
        first, text = int(start.name) - 1, self.value(node.this)
        return _Value(f"{text.source}[{first}:{first + int(length.name) if length else ''}]", text.needs)

    def _cast(self, node: exp.Cast) -> _Value:
        value, to = self.value(node.this), node.to.this
        if to == exp.DataType.Type.DATE and isinstance(node, exp.TryCast):
            return self._maybe(value.source, call="to_date", needs=value.needs)
        if to in (exp.DataType.Type.TEXT, exp.DataType.Type.VARCHAR) or isinstance(node.this, exp.Null):
            return _Value(f"to_text({value.source})", value.needs)
        if to == exp.DataType.Type.DOUBLE and isinstance(node, exp.TryCast):
            return self._maybe(value.source, call="to_number", needs=value.needs)
        if to == exp.DataType.Type.DOUBLE:
            return _Value(f"float({value.source})", value.needs)
        raise _unknown(f"A cast to {to.value}", node)

    def _logarithm(self, node: exp.Log) -> _Value:
        value = self.value(node.expression) if node.args.get("expression") else None
        if value is None or node.this.sql() != "2":
            raise _unknown("A logarithm to another base than 2", node)
        return _Value(f"log2({value.source})", value.needs)

    def _round(self, node: exp.Round) -> _Value:
        value, decimals = self.value(node.this), node.args.get("decimals")
        if decimals is None or not _whole_number(decimals):
            raise _unknown("A number of decimals that is not written out", node)
        return _Value(f"round_to({value.source}, {10 ** int(decimals.name)}.0)", value.needs)

    # Conditions

    def true(self, node: exp.Expr) -> str:
        """The Python of "is it true?", which is False where SQL says null."""
        return self._condition(node, True)

    def false(self, node: exp.Expr) -> str:
        return self._condition(node, False)

    def _condition(self, node: exp.Expr, wanted: bool) -> str:
        if isinstance(node, exp.Paren):
            return self._condition(node.this, wanted)
        if isinstance(node, exp.Not):
            return self._condition(node.this, not wanted)
        if isinstance(node, exp.And | exp.Or):
            return self._connected(node, wanted)
        if isinstance(node, exp.Boolean):
            return repr(node.this == wanted)
        if isinstance(node, exp.Is):
            return self._is(node, wanted)
        if isinstance(node, exp.Between):
            value, low, high = (self.value(node.args[name]) for name in ("this", "low", "high"))
            if low.needs or high.needs:
                raise _unknown("A range with an end that may be null", node)
            within = f"{low.source} <= {value.source} <= {high.source}"
            return value.where(within if wanted else f"not {within}")
        if isinstance(node, exp.In):
            value, options = self.value(node.this), [self.value(one) for one in node.expressions]
            if not options or any(option.needs for option in options):
                raise _unknown("A list that may hold null", node)
            listed = f"({''.join(f'{option.source}, ' for option in options)})"
            return value.where(f"{value.source} {'in' if wanted else 'not in'} {listed}")
        if type(node) in _COMPARED:
            left, right = self.value(node.this), self.value(node.expression)
            if type(node) is exp.EQ and wanted and _is_costly(node.this) and isinstance(node.expression, exp.Neg):
                # Written so that DuckDB works the function out once: it never is less than 0.
                return "False"
            sign = _COMPARED[type(node)][0 if wanted else 1]
            return _all((*left.needs, *right.needs, f"{left.source} {sign} {right.source}"))
        value = self.value(node)
        return value.where(value.source if wanted else f"not {value.source}")

    def _connected(self, node: exp.And | exp.Or, wanted: bool) -> str:
        # The functions have no effect, so that what costs least may be asked first.
        operands = sorted(node.flatten(), key=lambda one: any(_is_costly(call) for call in one.find_all(exp.Func)))
        before, conditions = self.filled, []
        passes_null = isinstance(node, exp.Or) and wanted
        for operand in operands:
            conditions.append(self._condition(operand, wanted))
            if passes_null:
                self.filled |= {local_name(name) for name in _null_checked(operand)}
        self.filled = before
        return (_all if isinstance(node, exp.And) == wanted else _any)(conditions)

    def _is(self, node: exp.Is, wanted: bool) -> str:
        value = self.value(node.this)
        if not isinstance(node.expression, exp.Null):
            raise _unknown("'is' with anything but null", node)
        known = _all(value.needs)
        return f"(not {known})" if wanted else known


_MAKERS: dict[type[exp.Expr], Callable[[Translator, Any], _Value]] = {
    exp.Column: Translator._column,
    exp.Literal: Translator._literal,
    exp.Null: lambda compiler, node: _Value("None", ("False",)),
    exp.Paren: lambda compiler, node: compiler.value(node.this),
    exp.Case: Translator._case,
    exp.Coalesce: Translator._coalesce,
    exp.Nullif: Translator._nullif,
    exp.Least: Translator._of_several,
    exp.Greatest: Translator._of_several,
    exp.ConcatWs: Translator._of_several,
    exp.RegexpReplace: Translator._regexp,
    exp.Translate: Translator._translate,
    exp.RegexpExtract: Translator._regexp,
    exp.Substring: Translator._substring,
    exp.Cast: Translator._cast,
    exp.TryCast: Translator._cast,
    exp.Log: Translator._logarithm,
    exp.Round: Translator._round,
    exp.Sub: Translator._minus,
}
_CONDITIONS = (exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Between, exp.Boolean, *_COMPARED)


def _is_costly(node: exp.Expr) -> bool:
    name = node.name if isinstance(node, exp.Anonymous) else node.sql_name() if isinstance(node, exp.Func) else ""
    return name.lower() in _COSTLY or isinstance(node, exp.JarowinklerSimilarity)


def _null_checked(node: exp.Expr) -> set[str]:
    """The columns c of a condition such as "c is null or …": where it is not true, they are filled."""
    node = node.unnest()
    if isinstance(node, exp.Or):
        return {name for operand in node.flatten() for name in _null_checked(operand)}
    if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null) and isinstance(node.this, exp.Column):
        return {node.this.name}
    return set()


def _whole_number(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and not node.is_string and node.name.isdigit()


def _is_numeric(node: exp.Expr) -> bool:
    """Certainly a number, and not a date."""
    node = node.unnest()
    return _is_number(node) or isinstance(node, exp.Log | exp.Pow | exp.Add | exp.Mul | exp.Div | exp.Length)


def _is_number(node: exp.Expr) -> bool:
    inner = node.this if isinstance(node, exp.Neg) else node
    return isinstance(inner, exp.Literal) and not inner.is_string


def _number(node: exp.Expr) -> float:
    return -float(node.this.name) if isinstance(node, exp.Neg) else float(node.name)


def _pattern(written: str, node: exp.Expr) -> "re.Pattern[str]":
    """RE2 and Python read the same in what is let through here."""
    outside = re.sub(r"\[\^?[^]\\[]+\]", "", written.removesuffix("$"))
    if re.search(r"[\\.$]|\(\?|\[", outside):
        raise _unknown("A pattern of more than letters, sets, groups and how often", node)
    # In Python $ would let a line end follow.
    pattern = re.compile(re.sub(r"\$$", r"\\Z", written), re.ASCII)
    if pattern.search(""):
        raise _unknown("A pattern that matches nothing at all", node)
    return pattern
