"""Small checks that name file, key and remedy when a mapping file is wrong."""

from collections.abc import Collection
from collections.abc import Mapping as Dict
from difflib import get_close_matches
from typing import Any, NoReturn

from borough.common.errors import Problem

# What strptime knows of dates; times are not read.
_DATE_DIRECTIVES = ("%d", "%m", "%Y", "%y", "%b", "%B", "%j", "%H", "%M", "%S", "%f", "%a", "%A", "%%")


class Checker:
    """`where` is the file, named in every error."""

    def __init__(self, where: str) -> None:
        self.where = where

    def fail(self, key: str, what: str, remedy: str) -> NoReturn:
        raise Problem(f"{self.where}: {key} {what}.", f"{remedy[:1].upper()}{remedy[1:]}.")

    def known(self, declared: Dict[str, Any], allowed: Collection[str], under: str) -> None:
        for name in declared:
            if name not in allowed:
                key = f"{under}.{name}" if under else name
                near = get_close_matches(name, allowed, n=1)
                hint = f"did you mean {near[0]}? Otherwise " if near else ""
                self.fail(key, "is not known", f"{hint}use {', '.join(sorted(allowed))}")

    def text(self, declared: Dict[str, Any], name: str, *, default: str | None = None, where: str = "") -> str:
        key = f"{where}.{name}" if where else name
        value = declared.get(name, default)
        if value is None:
            self.fail(key, "is missing", f'add {name} = "…"')
        if not isinstance(value, str) or value == "":
            self.fail(key, "must be text", f'write {name} = "…"')
        return value

    def texts(self, value: object, key: str) -> tuple[str, ...]:
        if value is None:
            return ()
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list | tuple) or not all(isinstance(item, str) for item in values):
            self.fail(key, "must be text or a list of texts", f'write {key.rpartition(".")[2]} = ["…"]')
        return tuple(values)

    def table(self, value: object, key: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.fail(key, "must be a table", 'write { column = "…" }')
        return value

    def one_of(self, value: object, allowed: Collection[str], key: str) -> str:
        if not isinstance(value, str) or value not in allowed:
            self.fail(key, f"is {value!r}", f"use one of {', '.join(repr(item) for item in allowed)}")
        return value

    def yes_or_no(self, declared: Dict[str, Any], name: str, key: str) -> bool:
        value = declared.get(name, False)
        if not isinstance(value, bool):
            self.fail(key, f"is {value!r}", f"write {name} = true, or leave it out")
        return value

    def date_format(self, spec: Dict[str, Any], key: str) -> str:
        """A format such as %d/%m/%Y: dates are never guessed when a file is loaded."""
        pattern = self.text(spec, "format", where=key)
        used = [pattern[at : at + 2] for at in range(len(pattern)) if pattern[at] == "%"]
        unknown = [directive for directive in used if directive not in _DATE_DIRECTIVES]
        has_year = "%Y" in used or "%y" in used
        has_day = "%j" in used or ("%d" in used and ({"%m", "%b", "%B"} & set(used)))
        if unknown or not has_year or not has_day:
            self.fail(f"{key}.format", f"is {pattern!r}, not a date", 'write it like "%d/%m/%Y" for 31/12/1980')
        return pattern
