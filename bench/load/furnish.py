"""Staff, volunteers and cases for a crowd, beside what the demo made. Prints the links that sign in and the phones.

python -m bench.load.furnish COORDINATORS VOLUNTEERS CASES
"""

import csv
import json
import random
import sys
from typing import Any

import django


def furnish(coordinators: int, volunteers: int, cases: int) -> dict[str, Any]:
    from django.conf import settings

    from borough.accounts.actions import add_user, make_rehearsal_link
    from borough.accounts.policies import COORDINATOR, system_viewer
    from borough.cases.actions import open_case
    from borough.residents.models import Resident
    from borough.volunteers.actions import import_volunteers
    from borough.volunteers.models import Volunteer

    staff = [
        add_user(email=f"load{n}@example.org", name=f"Coordinator {n}", role=COORDINATOR) for n in range(coordinators)
    ]
    # The phones of the rehearsal ring for these numbers too, so that their links are sent and not refused.
    folder = settings.HOME / "rehearsal"
    postcodes = list(Volunteer.objects.values_list("postcode", flat=True))
    phones = [f"+4477{10_000_000 + n:08d}" for n in range(volunteers)]
    with (folder / "volunteers.csv").open("a", newline="", encoding="utf-8") as file:
        skills = "shopping;prescriptions;isolation;food;dog_walking"
        csv.writer(file, lineterminator="\n").writerows(
            (f"Helper {n}", phone, "", postcodes[n % len(postcodes)], skills, "English", "8", "3", "2099-01-01")
            for n, phone in enumerate(phones)
        )
    by = system_viewer("load")
    report = import_volunteers(folder / "volunteers.csv", by=by)
    chance = random.Random(7)
    residents = list(Resident.objects.order_by("id").values_list("id", flat=True)[: cases * 2])
    for number in range(cases):
        need = chance.choice(["shopping", "isolation", "food", "dog_walking", "prescriptions"])
        open_case(
            by=by,
            purpose="offer-help",
            service="community_aid",
            need=need,
            channel="phone",
            source_key=f"load:{number}",
            resident_id=chance.choice(residents),
        )
    return {
        "coordinators": [make_rehearsal_link(one) for one in staff],
        "volunteers": phones,
        "rejected": report.rejected,
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(furnish(*(int(word) for word in sys.argv[1:4]))))
