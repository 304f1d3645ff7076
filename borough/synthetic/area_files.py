"""All files' rows for one small area: the unit of work that a process takes. Pure: an area and a seed in, text out."""

import csv
import io
import random
from dataclasses import dataclass, field

from borough.synthetic.borough_map import BoroughMap, SmallArea
from borough.synthetic.circumstances import as_care_home, settle, streets_of, truth_of
from borough.synthetic.fates import decide, rows_of_gone
from borough.synthetic.ledger import ledger_rows
from borough.synthetic.person import Household, Person
from borough.synthetic.setting import DEFAULT, Setting, unsettle
from borough.synthetic.settlement import Settlement
from borough.synthetic.system import DAMAGED, System
from borough.synthetic.systems_care import AdultSocialCare, ChildrenSchools, is_in_care
from borough.synthetic.systems_local import ElectoralRoll, Libraries, ParkingPermits
from borough.synthetic.systems_money import CouncilTax, HousingBenefit, HousingRents

KINDS: tuple[type[System], ...] = (
    CouncilTax,
    HousingRents,
    HousingBenefit,
    AdultSocialCare,
    ChildrenSchools,
    Libraries,
    ParkingPermits,
    ElectoralRoll,
)
SYSTEMS: tuple[System, ...] = tuple(kind() for kind in KINDS)
# Of a key's parts, as the residents index joins them.
KEY_JOINER = "|"


@dataclass
class AreaFiles:
    """`extracts` holds the bytes for each system, `counts` its rows, and `damaged` those that should be rejected."""

    residents: int = 0
    households: int = 0
    extracts: dict[str, bytes] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    damaged: int = 0
    addresses: bytes = b""
    ledger: bytes = b""
    people: bytes = b""
    records: bytes = b""
    findings: bytes = b""


def write_area(ground: BoroughMap, area: SmallArea, first: int, seed: int, setting: Setting = DEFAULT) -> AreaFiles:
    """Everything about the people of one area. `first`: how many people live in the areas before it."""
    rng = random.Random(f"{seed} {area.code}")
    households = Settlement(area, first, rng, setting).households()
    kinds = settle(households, area, ground, rng)
    # Draws of its own, so that the default borough stays as it is.
    hard = random.Random(f"{seed} {area.code} {setting.name}")
    unsettle(households, setting, hard)
    fate = random.Random(f"{seed} {area.code} fates")
    fates = decide(households, area, first, fate)
    done = AreaFiles(residents=area.residents, households=len(households))
    truth = io.StringIO()
    truth_csv = csv.writer(truth, lineterminator="\n")
    unknown = {person.number: (person, household) for household in households for person in household.people}
    for kind in KINDS:
        system = kind(setting)
        text = io.StringIO()
        # Windows line ends, as exports have them.
        extract = csv.writer(text, delimiter=system.delimiter)
        count = 0
        for household in households:
            for values, person in system.rows(household, rng):
                count += 1
                held = system.lose_identifiers(values, hard)
                done.damaged += _write_row(system, extract, truth_csv, held, person, rng)
                unknown.pop(person.number, None)
        for gone in fates.gone:
            for values, person in rows_of_gone(system, gone, fate):
                count += 1
                done.damaged += _write_row(system, extract, truth_csv, values, person, fate)
        if isinstance(system, Libraries):
            libraries, last_text, last_extract, last_count = system, text, extract, count
        else:
            done.extracts[system.code] = text.getvalue().encode(system.encoding.removesuffix("-sig"), "replace")
            done.counts[system.code] = count
    # Nobody is in none of the systems: those left over once joined a library.
    for person, household in unknown.values():
        last_count += 1
        row = libraries.row(person, household, 0, rng)
        done.damaged += _write_row(libraries, last_extract, truth_csv, row, person, rng)
    done.extracts[libraries.code] = last_text.getvalue().encode(libraries.encoding)
    done.counts[libraries.code] = last_count
    done.records = truth.getvalue().encode()
    done.addresses = _addresses(ground, area, kinds)
    done.ledger = _csv(row for household in households for row in ledger_rows(household, rng))
    everybody = [*households, *(gone.household for gone in fates.gone)]
    done.people = _csv(
        _person_row(person, household, area, rng) for household in everybody for person in household.people
    )
    done.findings = _csv(fates.findings)
    return done


def _write_row(
    system: System, extract: object, truth: object, values: list[str], person: Person, rng: random.Random
) -> bool:
    """Write one row and its truth. True if the row was damaged on purpose; then the truth does not list it."""
    if rng.random() < DAMAGED:
        extract.writerow(system.damage(values, rng))  # type: ignore[attr-defined]
        return True
    extract.writerow(values)  # type: ignore[attr-defined]
    truth.writerow((system.code, KEY_JOINER.join(system.key_of(values)), person.id))  # type: ignore[attr-defined]
    return False


def _csv(rows: object) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)  # type: ignore[arg-type]
    return text.getvalue().encode()


PEOPLE_COLUMNS = (
    "person", "forename", "surname", "dob", "uprn", "small_area", "phone", "email", "household", "needs", "answers",
    "channel", "sex", "naming_group", "language", "disabled", "tenure", "living",
)  # fmt: skip


def _person_row(person: Person, household: Household, area: SmallArea, rng: random.Random) -> tuple[str, ...]:
    truth = truth_of(person, household, is_in_care(person, household), rng)
    return (
        person.id, person.forename, person.surname, person.dob.isoformat(), household.home.uprn, area.code,
        person.mobile or household.phone, person.email, household.id, ";".join(truth.needs), f"{truth.answers:.3f}",
        truth.channel, person.sex, person.group.code, person.language, "1" if person.disabled else "0",
        household.tenure, household.kind,
    )  # fmt: skip


def _addresses(ground: BoroughMap, area: SmallArea, kinds: dict[int, str]) -> bytes:
    """Every home of the area, lived in or not."""
    streets = streets_of(area, ground.town)

    def rows() -> object:
        for place in range(streets.homes):
            home = streets.home(place)
            kind = kinds.get(place) or ("flat" if home.flat else "dwelling")
            if kind == "care_home":
                home = as_care_home(home)
            yield home.uprn, home.line(), home.postcode, f"{home.lat:.6f}", f"{home.lon:.6f}", area.code, kind

    return _csv(rows())
