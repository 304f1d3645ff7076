"""The directory of help: 180 services in the shape of Open Referral UK 3.0, a page of its `/services`."""

import random
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from borough.synthetic.borough_map import BoroughMap, SmallArea
from borough.synthetic.circumstances import streets_of
from borough.synthetic.person import AS_AT
from borough.synthetic.words import load_words

PLACES_PER_KIND = 6
_IDS = uuid.UUID("6f3c9a52-3c1c-5d0a-9d0e-0b0a55a17e57")
TAXONOMY = "Needs of residents"
_WORDS = load_words("services")
NEEDS: dict[str, str] = _WORDS["needs"]
LANGUAGES: list[tuple[str, str]] = list(_WORDS["languages"].items())
ACCESS: list[tuple[str, str]] = list(_WORDS["access"].items())


@dataclass(frozen=True)
class ServiceKind:
    """One kind of help, as words/services.toml declares it."""

    title: str
    text: str
    needs: tuple[str, ...]
    days: str
    opens: str
    closes: str
    ages: tuple[int, int] = (0, 0)
    cost: float = 0.0
    at_home: bool = False
    attending: str = ""


KINDS = [ServiceKind(**declared) for declared in _WORDS["kinds"]]


def services_page(ground: BoroughMap, seed: int, per_kind: int = PLACES_PER_KIND) -> dict[str, Any]:
    """One page that holds all services in full, as `GET /services` gives it: each kind in so many places."""
    rng = random.Random(f"{seed} services")
    contents = []
    for number, kind in enumerate(KINDS):
        for place in range(per_kind):
            # Spread over the borough, so that each kind is within reach of most.
            area = ground.areas[(place * len(ground.areas) // per_kind + number * 7) % len(ground.areas)]
            contents.append(_service(kind, place, area, ground, rng))
    return {
        "total_items": len(contents),
        "total_pages": 1,
        "page_number": 1,
        "size": len(contents),
        "first_page": True,
        "last_page": True,
        "empty": False,
        "contents": contents,
    }


def _id(*parts: object) -> str:
    return str(uuid.uuid5(_IDS, " ".join(map(str, parts))))


def _service(kind: ServiceKind, place: int, area: SmallArea, ground: BoroughMap, rng: random.Random) -> dict[str, Any]:
    ward = next(ward for ward in ground.wards if ward.code == area.ward)
    body = _WORDS["organisations"][(place + len(kind.title)) % len(_WORDS["organisations"])]
    organisation = body["name"].format(place=ward.name)
    slug = "".join(letter if letter.isalnum() else "-" for letter in organisation.lower()).strip("-").replace("--", "-")
    me = _id(ground.name, kind.title, place)
    changed = AS_AT - timedelta(days=rng.randrange(500))
    name = f"{ward.name} {kind.title}"
    service: dict[str, Any] = {
        "id": me,
        "name": name,
        "description": f"{kind.text} {_where(kind, ward.name)}",
        "url": f"https://{slug}.example.org/{kind.title.replace(' ', '-').replace('’', '').replace(chr(39), '')}",
        "email": f"hello@{slug}.example.org",
        # A directory always holds some that have stopped.
        "status": "inactive" if rng.random() < 0.03 else "active",
        "fees": f"£{kind.cost:.2f} each time" if kind.cost else "Free",
        "last_modified": f"{changed.isoformat()}T09:30:00Z",
        "organization": {
            "id": _id(ground.name, organisation),
            "name": organisation,
            "description": body["about"].format(place=ward.name),
            "email": f"hello@{slug}.example.org",
            "website": f"https://{slug}.example.org",
        },
        "phones": [{"id": _id(me, "phone"), "number": f"01632 960{rng.randrange(1000):03d}", "languages": []}],
        "contacts": [_contact(me, rng)],
        "schedules": [_schedule(me, kind)],
        "service_areas": [
            {"id": _id(me, "area"), "name": ground.name, "service_area": ground.name, "extent_type": "text"}
        ],
        "service_at_locations": [{"id": _id(me, "at"), "location": _location(me, area, ground, rng)}],
        "languages": [{"id": _id(me, "en"), "name": "English", "code": "en"}]
        + [{"id": _id(me, code), "name": name, "code": code} for code, name in rng.sample(LANGUAGES, rng.randrange(4))],
        "cost_options": [_cost(me, kind)],
        "attributes": [_attribute(me, need) for need in kind.needs],
    }
    youngest, oldest = kind.ages
    if youngest:
        service["minimum_age"] = youngest
    if oldest:
        service["maximum_age"] = oldest
    return service


def _where(kind: ServiceKind, ward: str) -> str:
    return (
        f"We come to homes in {ward} and the wards around it."
        if kind.at_home
        else f"In {ward}; everyone in the borough is welcome."
    )


def _contact(me: str, rng: random.Random) -> dict[str, Any]:
    role = rng.choice(("Coordinator", "Front desk", "Duty adviser", "Volunteer manager"))
    return {"id": _id(me, "contact"), "name": role, "title": role}


def _schedule(me: str, kind: ServiceKind) -> dict[str, Any]:
    days = {
        "MO": "Monday",
        "TU": "Tuesday",
        "WE": "Wednesday",
        "TH": "Thursday",
        "FR": "Friday",
        "SA": "Saturday",
        "SU": "Sunday",
    }
    words = [days[code] for code in kind.days.split(",")]
    listed = words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
    return {
        "id": _id(me, "schedule"),
        "dtstart": "2025-01-06",
        "freq": "WEEKLY",
        "interval": 1,
        "byday": kind.days,
        "opens_at": f"{kind.opens}:00",
        "closes_at": f"{kind.closes}:00",
        "description": f"{listed}, {kind.opens} to {kind.closes}",
        "attending_type": kind.attending or ("At your home" if kind.at_home else "In person"),
    }


def _location(me: str, area: SmallArea, ground: BoroughMap, rng: random.Random) -> dict[str, Any]:
    home = streets_of(area, ground.town).home(rng.randrange(100_000))
    street = f"{home.number or rng.randrange(1, 90)} {home.street}"
    hall = f"{home.street.split()[0]} {rng.choice(('Hall', 'Centre', 'Rooms', 'House'))}"
    return {
        "id": _id(me, "location"),
        "location_type": "physical",
        "name": hall,
        "latitude": home.lat,
        "longitude": home.lon,
        "addresses": [
            {
                "id": _id(me, "address"),
                "address_1": f"{hall}, {street}",
                "city": home.town,
                "state_province": ground.name,
                "postal_code": home.postcode,
                "country": "GB",
                "address_type": "physical",
            }
        ],
        "accessibility": [
            {"id": _id(me, name), "description": name, "details": details}
            for name, details in rng.sample(ACCESS, rng.randint(1, 4))
        ],
    }


def _cost(me: str, kind: ServiceKind) -> dict[str, Any]:
    cost: dict[str, Any] = {"id": _id(me, "cost"), "option": "Everyone", "amount": kind.cost}
    cost["amount_description"] = "each time" if kind.cost else "Free"
    return cost


def _attribute(me: str, need: str) -> dict[str, Any]:
    term = {
        "id": _id("term", need),
        "name": NEEDS[need],
        "code": need,
        "description": NEEDS[need],
        "taxonomy": TAXONOMY,
    }
    return {"id": _id(me, need), "link_entity": "service", "link_type": "taxonomy", "taxonomy_term": term}
