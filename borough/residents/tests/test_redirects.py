"""Ids that others hold: every id of a resident, and since when two are one."""

from datetime import timedelta
from typing import Any

from borough.common import clock
from borough.residents.models import Resident, ResidentEvent
from borough.residents.queries import ids_of, together_since


def retire(old: Resident, into: Resident) -> None:
    Resident.objects.filter(pk=old.pk).update(retired_at=clock.now(), retired_into=into)


def test_every_id_of_a_resident_whichever_is_asked(town: Any) -> None:
    first, second, third, other = (town.resident(name, "Jones") for name in ("Ann", "Anna", "Annie", "Bob"))
    retire(first, second)
    retire(second, third)
    same = {first.id, second.id, third.id}
    found = ids_of([first.id, third.id, other.id, "RNONE"])
    assert set(found[first.id]) == set(found[third.id]) == same
    assert [one for one, at in found[first.id].items() if at is None] == [third.id]
    assert found[other.id] == {other.id: None}
    assert found["RNONE"] == {"RNONE": None}


def test_since_when_two_are_one(town: Any) -> None:
    one, other = town.resident("Ann", "Jones"), town.resident("Anna", "Jones")
    assert together_since(one.id, other.id) is None
    now = clock.now()
    for at in (now - timedelta(days=9), now):
        ResidentEvent.objects.create(kind="retired", resident=one, other=other, at=at)
    assert together_since(one.id, other.id) == now
