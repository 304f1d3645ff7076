"""One file per council: its name, code, colours, the services it offers and the adapters it chose.

`BOROUGH_AUTHORITY=camden` picks `camden.py`. To add a council, copy a file.
"""

import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Authority:
    """What differs between councils. Colours are CSS colours with 4.5:1 contrast on white.

    `safeguarding_email` and `safeguarding_mobile`: whoever is on duty for safeguarding at any hour. Each is told by a
    case's reference alone that somebody is worried about its person.
    """

    code: str
    name: str
    gss_code: str
    council_services: tuple[str, ...]
    adapters: Mapping[str, str]
    brand_colour: str
    link_colour: str
    phone: str = ""
    email: str = ""
    safeguarding_email: str = ""
    safeguarding_mobile: str = ""


def known_authorities() -> list[str]:
    """The councils that have a file here."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))
