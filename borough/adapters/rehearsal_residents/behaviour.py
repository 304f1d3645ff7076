"""How a made-up person answers a message: by what reaches their phone, who they are, and a seed. Pure.

The rates are ours, not measured: `answers` in people.csv says how likely each person is to answer anything.
"""

import csv
import hashlib
import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from borough.common.identifiers import clean_email, clean_phone

OUT_OF_USE = 0.01
STOP_RATE = 0.015
ODD_RATE = 0.02
SAYS_NO_RATE = 0.4
NEED_MET = (("yes", 0.86), ("partly", 0.08), ("no", 0.06))
ANSWERS_QUESTION = 0.8
OPENS_LINK = 0.5
# From lowest to highest, by item of ONS4, and how far an answer moves with help.
FEELS = {"satisfaction": (3, 8), "worthwhile": (3, 8), "happiness": (2, 8), "anxiety": (1, 8)}
MOVES = (-1, 0, 0, 1, 1, 2, 3)
VOLUNTEER_ACCEPTS = 0.7
VOLUNTEER_DECLINES = 0.2

NEED_WORDS: Mapping[str, tuple[str, ...]] = {
    "food": ("food", "food please, we have nothing in", "a food parcel", "food for my family"),
    "shopping": ("shopping", "someone to do my shopping", "help with shopping", "my shopping, I can't get out"),
    "prescriptions": ("my prescription", "prescription from the chemist", "someone to fetch my prescription"),
    "isolation": ("somebody to talk to", "company, I am lonely", "someone to talk to, I'm on my own"),
    "dog_walking": ("someone to walk my dog", "dog walking", "help with my dog"),
}
HELP_SAYINGS = (
    "HELP {need}",
    "Yes please, {need}",
    "YES {need}",
    "I need help with {need}",
    "help. {need}",
    "Yes - {need}",
)
NO_SAYINGS = ("NO", "No thanks", "No thank you", "I'm fine thanks", "no")
STOP_SAYINGS = ("STOP", "stop", "Stop texting me", "Unsubscribe")
ODD_SAYINGS = ("Who is this?", "Wrong number", "Is this free?", "Can my mum have this too? She is in Wales", "👍")
MET_SAYINGS: Mapping[str, tuple[str, ...]] = {
    "yes": ("YES", "Yes thank you so much", "yes"),
    "partly": ("PARTLY", "Partly"),
    "no": ("NO", "No, nobody came"),
}
_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Person:
    """A resident as the rehearsal's truth has them. `answers` is how likely they are to answer, 0 to 1."""

    forename: str
    needs: tuple[str, ...]
    answers: float


@dataclass(frozen=True)
class Answer:
    """What somebody does after `minutes`: writes `text`, or opens `link` and chooses `text` there."""

    text: str
    minutes: int
    link: str = ""


class BehaviourModel:
    """The people behind each phone number and e-mail address. The same seed and address answer the same way."""

    def __init__(
        self,
        *,
        seed: int,
        residents: Mapping[str, list[Person]],
        volunteers: frozenset[str] = frozenset(),
        services: frozenset[str] = frozenset(),
    ) -> None:
        self.seed = seed
        self._residents = residents
        self._volunteers = volunteers
        self._services = services

    @classmethod
    def from_files(cls, *, seed: int, people: Path, volunteers: Path, services: Path) -> "BehaviourModel":
        """From the rehearsal's truth/people.csv, volunteers.csv and services.json."""
        residents: dict[str, list[Person]] = {}
        with people.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                person = Person(
                    row["forename"],
                    tuple(filter(None, row["needs"].split(";"))),
                    float(row["answers"] or 0),
                )
                for address in filter(None, (clean_phone(row["phone"]), clean_email(row["email"]))):
                    residents.setdefault(address, []).append(person)
        helpers: set[str] = set()
        if volunteers.exists():
            with volunteers.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    helpers.update(filter(None, (clean_phone(row["phone"]), clean_email(row["email"]))))
        listed = json.loads(services.read_text(encoding="utf-8"))["contents"] if services.exists() else []
        mailboxes = frozenset(filter(None, (clean_email(one.get("email", "")) for one in listed)))
        return cls(seed=seed, residents=residents, volunteers=frozenset(helpers), services=mailboxes)

    def is_in_use(self, address: str) -> bool:
        """False for numbers that nobody has, and for a few that somebody had."""
        if address in self._volunteers or address in self._services:
            return True
        return address in self._residents and self._chance(address, "in use").random() >= OUT_OF_USE

    def answer(self, address: str, text: str) -> Answer | None:
        """What the person at this address does on reading this text, or None for nothing."""
        link = _LINK.search(text)
        asks_met = re.search(r"\bneed (was )?met\b", text, re.IGNORECASE)
        if address in self._volunteers and link and not asks_met:
            return self._answer_offer(address, link[0])
        person = self._reader(address, text)
        if person is None:
            return None
        if asks_met:
            return self._answer_need_met(address, link[0] if link else "")
        if re.search(r"\breply\b.*\b(HELP|YES)\b", text, re.DOTALL | re.IGNORECASE):
            return self._answer_check_in(address, person)
        return None

    def _reader(self, address: str, text: str) -> Person | None:
        """Whose phone it is, or of those who share it, whose name the message says."""
        sharing = self._residents.get(address, [])
        named = [person for person in sharing if re.search(rf"\b{re.escape(person.forename)}\b", text, re.IGNORECASE)]
        return next(iter(named or sharing), None)

    def _answer_check_in(self, address: str, person: Person) -> Answer | None:
        chance = self._chance(address, f"check in {person.forename}")
        minutes = _delay(chance)
        mood = chance.random()
        if mood < STOP_RATE:
            return Answer(chance.choice(STOP_SAYINGS), minutes)
        if chance.random() >= person.answers:
            return None
        if mood > 1 - ODD_RATE:
            return Answer(chance.choice(ODD_SAYINGS), minutes)
        if person.needs:
            need = chance.choice(NEED_WORDS.get(person.needs[0], (person.needs[0].replace("_", " "),)))
            return Answer(chance.choice(HELP_SAYINGS).format(need=need), minutes)
        if chance.random() < SAYS_NO_RATE:
            return Answer(chance.choice(NO_SAYINGS), minutes)
        return None

    def _answer_need_met(self, address: str, link: str) -> Answer | None:
        chance = self._chance(address, "need met")
        minutes = _delay(chance)
        if chance.random() >= ANSWERS_QUESTION:
            return None
        verdict = chance.choices([word for word, _ in NEED_MET], [weight for _, weight in NEED_MET])[0]
        if link and chance.random() < OPENS_LINK:
            return Answer(verdict, minutes, link)
        return Answer(chance.choice(MET_SAYINGS[verdict]), minutes)

    def say_how_they_are(self, who: str, *, helped: bool) -> dict[str, int]:
        """Answers to ONS4, by item: the same before and after, and for most a little better once they were helped."""
        chance = self._chance(who, "wellbeing")
        said = {item: chance.randint(*span) for item, span in FEELS.items()}
        for item, better in (("satisfaction", 1), ("worthwhile", 1), ("happiness", 1), ("anxiety", -1)):
            moved = better * chance.choice(MOVES)
            said[item] = min(max(said[item] + (moved if helped else 0), 0), 10)
        return said

    def _answer_offer(self, address: str, link: str) -> Answer | None:
        # A volunteer who declines goes on declining: the rehearsal must be the same whatever the order of offers.
        chance = self._chance(address, "offer")
        minutes, mood = _delay(chance), chance.random()
        if mood < VOLUNTEER_ACCEPTS:
            return Answer("accept", minutes, link)
        return Answer("decline", minutes, link) if mood < VOLUNTEER_ACCEPTS + VOLUNTEER_DECLINES else None

    def _chance(self, address: str, about: str) -> random.Random:
        """A stream of chance that hangs on the seed, the address and the matter only: no order changes it."""
        digest = hashlib.sha256(f"{self.seed}|{address}|{about}".encode()).digest()
        return random.Random(digest)  # noqa: S311 (a rehearsal, not a secret)


def _delay(chance: random.Random) -> int:
    """Minutes until somebody answers: half within 20, a few the next day."""
    return min(int(chance.lognormvariate(3.0, 1.4)), 24 * 60)
