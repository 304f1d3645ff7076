"""What the index is asked to check: each file here is one list for a person to review.

Glossary
--------
check      a question about residents or records, with the list of rows that a person should look at
evidence   a record that stands: its source still holds it and it has not ended
innocent   what could explain a row although nobody did anything wrong; each check says so on its page
property   what a record's address was recognised as: the UPRN of its comparable values

A new check is a copied file with its own `CHECK`, a purpose of its own (governance) that names its verb
`residents.run_check.<code>`, and an agreement. It is found by being here.
"""

import pkgutil
from functools import cache
from importlib import import_module

from borough.common.errors import NotFound
from borough.residents.checks.kind import Check

_MACHINERY = ("kind", "sql", "discount_rule")


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check, by code."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name not in _MACHINERY)
    modules = [import_module(f"{__name__}.{name}") for name in names if name != "tests"]
    return tuple(sorted((module.CHECK for module in modules), key=lambda check: check.code))


def check_called(code: str) -> Check:
    """One check. Raises NotFound."""
    for check in all_checks():
        if check.code == code:
            return check
    raise NotFound("There is no such check.", "Choose one from the list of checks.")
