"""What places needs from outside: somebody who reads addresses better than the gazetteer's own spelling."""

from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class AddressMatcher(Protocol):
    """Finds the property that a written address means."""

    def match(self, written: Path, gazetteer: Path, found: Path) -> None:
        """Write `found`, a CSV file of id, uprn for each address that one property alone fits.

        `written` is a CSV file of id, address, postcode (which may be empty); `gazetteer` what export_addresses
        writes. Raises Problem where the matcher is not there or did not end well.
        """
        ...


def address_matcher() -> AddressMatcher:
    """The matcher that this authority chose, `ADAPTERS["addresses"]`."""
    matcher: AddressMatcher = import_string(settings.ADAPTERS["addresses"])()
    return matcher
