"""Ada, her case, and three volunteers: Vera near, Bob near without a check, Fay far away."""

from pathlib import Path

import pytest

from borough.accounts.policies import system_viewer
from borough.cases.tests.conftest import (  # noqa: F401
    ada,
    agreements,
    case_id,
    grace,
    jobs_in_the_transaction_of_the_test,
    noon,
    post,
    service_id,
    streets,
)
from borough.volunteers.actions import import_volunteers

HEADER = "name,phone,email,postcode,skills,languages,radius_km,capacity,dbs_expires\n"


def write_volunteers(path: Path, *lines: str) -> Path:
    path.write_text(HEADER + "".join(line + "\n" for line in lines))
    return path


@pytest.fixture
def volunteers(streets: None, tmp_path: Path) -> None:  # noqa: F811
    import_volunteers(
        write_volunteers(
            tmp_path / "volunteers.csv",
            "Vera Vale,07700 900101,vera@example.org,NW1 3BT,shopping;isolation,English;Somali,3,2,2028-01-01",
            "Bob Bell,07700 900102,,NW1 2DB,shopping,English,2,1,",
            "Fay Far,07700 900103,,RH1 1AA,shopping,English,2,5,2028-01-01",
        ),
        by=system_viewer("test"),
    )
