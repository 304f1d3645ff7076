"""Who may this be: the resident that linking would give, by a fixed number of queries, only by what is opened."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from borough.accounts.policies import Viewer
from borough.common.errors import NotAllowed, Problem
from borough.residents.models import Membership, Record
from borough.residents.queries import look_up

PURPOSE = "residents-index"
LedgerEntry = apps.get_model("governance", "LedgerEntry")
DETAILS = ("forename", "middle_names", "surname", "dob", "sex", "nino", "nhs_number", "phone", "email", "uprn")


def details_of(record: Record) -> dict[str, str | None]:
    return {name: str(value) if (value := getattr(record, name)) else None for name in DETAILS}


def ask(record: Record, viewer: Viewer, purpose: str = PURPOSE) -> list[str]:
    return [one.resident_id for one in look_up(details_of(record), viewer=viewer, purpose=purpose)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("sealed_lately")
def test_a_resident_is_looked_up_as_linking_would_link_them(linked: Viewer, rehearsal: Path) -> None:
    held = dict(Membership.objects.filter(ended_at=None).values_list("record", "resident"))
    records = list(Record.objects.exclude(dob=None).order_by("row_hash")[:60])
    right = sum(ask(record, linked)[:1] == [held[record.id]] for record in records)
    assert right >= 58

    first = look_up(details_of(records[0]), viewer=linked, purpose=PURPOSE)[0]
    assert first.probability > 0.99
    assert sum(reason.weight for reason in first.reasons) == pytest.approx(first.weight, abs=1e-6)
    assert {"Same date of birth", "Same first name"} <= {reason.words for reason in first.reasons}
    assert LedgerEntry.objects.order_by("-id")[0].verb == "residents.look_up"

    counts = []
    for record in records[:5]:
        with CaptureQueriesContext(connection) as queries:
            ask(record, linked)
        counts.append(len(queries))
    assert max(counts) <= 12, counts


@pytest.mark.django_db(transaction=True)
def test_only_what_is_opened_is_asked_by_and_shown(linked: Viewer, link_worker: Viewer, charlie: Viewer) -> None:
    known = Record.objects.exclude(nino=None).exclude(dob=None).order_by("row_hash")[0]
    by_number: dict[str, Any] = {"nino": known.nino}
    assert look_up(by_number, viewer=linked, purpose=PURPOSE)
    assert look_up(by_number, viewer=link_worker, purpose="offer-help") == []
    found = look_up(details_of(known), viewer=link_worker, purpose="offer-help")
    assert not any("National Insurance" in reason.words for one in found for reason in one.reasons)
    with pytest.raises(NotAllowed):
        look_up(by_number, viewer=charlie, purpose="offer-help")


@pytest.mark.django_db(transaction=True)
def test_a_number_that_is_none_is_told_by_its_field(system: Viewer) -> None:
    with pytest.raises(Problem, match="nino is no National Insurance number"):
        look_up({"nino": "QQ12"}, viewer=system, purpose=PURPOSE)
    assert look_up({"surname": "Okafor"}, viewer=system, purpose=PURPOSE) == [], "nothing is linked yet"
