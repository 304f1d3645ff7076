"""What governance asks of the residents index for a resident's own record and for the night's look at looks."""

from io import StringIO

import pytest
from django.core.management import call_command

from borough.accounts.policies import Viewer
from borough.common import clock
from borough.governance.actions import tell_own_home
from borough.governance.door import open_door
from borough.governance.watching.rules import Home
from borough.residents.models import Resident
from borough.residents.own import ResidentsIndex

pytestmark = pytest.mark.django_db


def test_an_id_that_was_merged_is_of_the_same_person() -> None:
    kept = Resident.objects.create(id="RKEPT", minted_at=clock.now())
    Resident.objects.create(id="ROLD", minted_at=clock.now(), retired_at=clock.now(), retired_into=kept)
    index = ResidentsIndex()
    assert set(index.ids_of("ROLD")) == {"RKEPT", "ROLD"}
    assert set(index.ids_of_all(["RKEPT", "RELSE"])) == {"RKEPT", "ROLD", "RELSE"}


def test_homes_are_surname_and_postcode_of_those_who_are_there() -> None:
    Resident.objects.create(id="RADA", surname="Lovelace", postcode="XA1 0AA", minted_at=clock.now())
    assert ResidentsIndex().homes_of({"RADA", "RNONE"}) == {"RADA": Home("Lovelace", "XA1 0AA")}


def test_the_night_compares_homes_through_the_door(alice: Viewer) -> None:
    Resident.objects.create(id="RADA", surname="Alison", postcode="XA1 0AA", minted_at=clock.now())
    tell_own_home(by=alice, surname="Alison", postcode="XA1 0AA")
    open_door(viewer=alice, purpose="offer-help", verb="residents.read_resident").saw(["RADA"])
    call_command("watch_looks", stdout=(out := StringIO()))
    assert "1 new" in out.getvalue()
