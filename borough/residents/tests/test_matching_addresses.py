"""Records whose address the gazetteer does not know are matched, and linked by it from then on."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from borough.accounts.policies import system_viewer
from borough.residents.actions import link_records, match_record_addresses
from borough.residents.models import Record, Resident

BY = system_viewer("test")


class Knows:
    """A matcher that knows one property, by its town."""

    def match(self, written: Any, gazetteer: Any, found: Any) -> None:
        lines = written.read_text().splitlines()[1:]
        known = [line.split(",")[0] for line in lines if "UNHEARD" in line]
        found.write_text("id,uprn\n" + "".join(f"{one},990009999999\n" for one in known))


@pytest.mark.usefixtures("linked")
def test_a_matched_address_gives_a_resident_their_property(settings: Any) -> None:
    settings.ADAPTERS = settings.ADAPTERS | {"addresses": f"{__name__}.Knows"}
    record = Record.objects.exclude(uprn="").filter(gone_at=None).order_by("id").first()
    assert record
    Record.objects.filter(pk=record.pk).update(
        uprn="", address="7 Unheard Villas".upper(), postcode="XA1 0AA", started_on="2026-11-01", pending=False
    )
    out = StringIO()
    call_command("match_addresses", stdout=out)
    assert "1 do now. 1 records wait to be linked" in out.getvalue()
    assert list(Record.objects.filter(pending=True).values_list("pk", flat=True)) == [record.pk]
    link_records(by=BY, purpose="residents-index")
    assert Resident.objects.filter(uprn="990009999999").exists()
    again = match_record_addresses(by=BY, purpose="residents-index")
    assert (again.found, again.records) == (0, 0)
