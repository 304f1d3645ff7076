"""What the borough offers: one folder each, switched on in the authority's file.

To add a service copy a folder, change its `service.py`, `rules.py`, `templates/` and `tests/`, and add its name to
`council_services` in the authority's file. Nothing else knows of it.
"""

import pkgutil
from collections.abc import Sequence
from importlib import import_module

from borough.cases.kinds import CaseKind, register_kind


def available() -> list[str]:
    """The names of the folders here that declare a service."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg and module.name != "tests")


def discover(enabled: Sequence[str]) -> list[CaseKind]:
    """Switch on the services of these folder names; what the front door calls with the authority's list.

    Raises LookupError for a name without a folder, and ValueError for a folder whose service has another code.
    """
    found = []
    for name in enabled:
        if name not in available():
            raise LookupError(
                f"The authority's file names the council service {name!r}, and there is no folder of that name in "
                f"borough/council_services. Choose from: {', '.join(available())}."
            )
        service: CaseKind = import_module(f"{__name__}.{name}.service").SERVICE
        if service.code != name:
            raise ValueError(f"{service.folder / 'service.py'} declares the code {service.code!r}: make it {name!r}")
        register_kind(service)
        found.append(service)
    return found
