"""Two records side by side, and what speaks for one person or two."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher

from borough.accounts.policies import Viewer
from borough.governance.door import Opening, open_door
from borough.residents.explaining import explain_pairs, only_opened
from borough.residents.labels import LABELS, OPENS, value_words
from borough.residents.linkage.scorer import Reason
from borough.residents.models import Membership, Record
from borough.residents.pair_facts import pair_facts, person_of, records_of
from borough.residents.policies import check_may_review, second_reader_for

# (text, does it differ from the other side?)
Parts = list[tuple[str, bool]]
OTHERS_SHOWN = 30
# Words of which so much is the same differ in letters; others are another word.
ALIKE = 0.6
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Line:
    """A field of both records. `mark` is same, different, or one where only one record knows it."""

    label: str
    left: Parts
    right: Parts
    mark: str


@dataclass(frozen=True)
class OtherRecord:
    """A further record of a resident, so far as the agreement opens it."""

    source_title: str
    key: str
    name: str
    dob: date | None
    address: str
    gone: bool


@dataclass(frozen=True)
class Side:
    """One of the two records, the resident that it is of now, and that resident's other records."""

    record_id: int
    resident_id: str
    source_title: str
    key: str
    others: list[OtherRecord] = field(default_factory=list)


@dataclass(frozen=True)
class PairView:
    """Two records as this viewer may see them. `refused` is a code of Pair.REFUSED; `say_why` the answers that need a
    reason; `second_reader` why "same" would take two people (a key of policies.SECOND_READER); `read_again` where
    somebody else has read the pair, who is not named and whose answer is not told."""

    low: int
    high: int
    sides: list[Side]
    lines: list[Line]
    reasons: list[Reason]
    weight: float | None
    refused: str
    joined: bool
    say_why: frozenset[str]
    second_reader: str
    read_again: bool
    may_decide: bool


def read_pair(low: int, high: int, *, viewer: Viewer, purpose: str) -> PairView:
    """Two records side by side. Raises NotFound where one is of nobody.

    A record of a source that the agreement does not open is not shown, and the pair is then not for this viewer to
    decide.
    """
    check_may_review(viewer, purpose)
    opening = open_door(viewer=viewer, purpose=purpose, verb="residents.read_pair")
    facts = pair_facts(low, high)
    low, high = facts.low, facts.high
    records = {row.pk: row for row in Record.objects.filter(pk__in=[low, high]).select_related("source")}
    one, other = records[low], records[high]
    opened = shows_records(opening, [one, other])
    because = ""
    if not facts.joined:
        mine, theirs = (person_of(records_of(facts.resident_of[end])) for end in (low, high))
        because = second_reader_for(mine, theirs, refused=bool(facts.refused), apart=facts.apart)
    reasons = explain_pairs([(low, high)]).get((low, high), []) if opened else []
    others = _others(facts.resident_of, opening)
    opening.saw(facts.resident_of.values())
    return PairView(
        low=low,
        high=high,
        sides=[
            Side(
                record_id=row.pk,
                resident_id=facts.resident_of[row.pk],
                source_title=row.source.title,
                key=row.key if opened else "",
                others=[view for pk, view in others.get(facts.resident_of[row.pk], []) if pk not in (low, high)],
            )
            for row in (one, other)
        ],
        lines=compare(one, other, opening) if opened else [],
        reasons=only_opened(reasons, opening),
        weight=facts.weight,
        refused=facts.refused,
        joined=facts.joined,
        say_why=frozenset(says for says in ("same", "different") if facts.must_say_why(says)),
        second_reader=because,
        read_again=facts.standing.awaits,
        may_decide=opened and not (facts.standing.awaits and viewer.id in facts.standing.readers),
    )


def shows_records(opening: Opening, records: Iterable[Record]) -> bool:
    """Does the agreement open what these records hold?"""
    return opening.shows("records") and all(opening.shows_source(record.source_id) for record in records)


def compare(one: Record, other: Record, opening: Opening) -> list[Line]:
    """The opened fields that either record knows, in their order."""
    lines = []
    for name, opened_by in OPENS.items():
        left, right = value_words(getattr(one, name)), value_words(getattr(other, name))
        if not (left or right) or not opening.shows(opened_by):
            continue
        if not (left and right):
            lines.append(Line(str(LABELS[name]), [(left, False)], [(right, False)], "one"))
        elif left.casefold() == right.casefold():
            lines.append(Line(str(LABELS[name]), [(left, False)], [(right, False)], "same"))
        else:
            lines.append(Line(str(LABELS[name]), *differences(left, right), "different"))
    return lines


def differences(left: str, right: str) -> tuple[Parts, Parts]:
    """Both texts in parts, those that the other has not marked: words, or letters of words that are much alike.

    Capitals and small letters are alike.
    """
    ours: Parts = []
    theirs: Parts = []
    for differs, mine, yours in _apart(_WORDS.findall(left), _WORDS.findall(right)):
        one, other = "".join(mine), "".join(yours)
        if differs and _share(one, other) >= ALIKE:
            for letters_differ, here, there in _apart(list(one), list(other)):
                _add(ours, "".join(here), letters_differ)
                _add(theirs, "".join(there), letters_differ)
        else:
            _add(ours, one, differs)
            _add(theirs, other, differs)
    return ours, theirs


def _apart(left: list[str], right: list[str]) -> Iterable[tuple[bool, list[str], list[str]]]:
    low, high = [part.lower() for part in left], [part.lower() for part in right]
    for kind, a, b, c, d in SequenceMatcher(None, low, high, autojunk=False).get_opcodes():
        yield kind != "equal", left[a:b], right[c:d]


def _share(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower(), other.lower(), autojunk=False).ratio()


def _add(parts: Parts, text: str, differs: bool) -> None:
    if text:
        parts.append((text, differs))


def _others(resident_of: dict[int, str], opening: Opening) -> dict[str, list[tuple[int, OtherRecord]]]:
    found: dict[str, list[tuple[int, OtherRecord]]] = {}
    if not opening.shows("records"):
        return found
    held = Membership.objects.filter(resident__in=set(resident_of.values()), ended_at=None)
    for row in held.select_related("record__source").order_by("record__gone_at", "record_id"):
        own = found.setdefault(row.resident_id, [])
        if opening.shows_source(row.record.source_id) and len(own) < OTHERS_SHOWN:
            own.append((row.record_id, _other(row.record, opening)))
    return found


def _other(record: Record, opening: Opening) -> OtherRecord:
    place: Sequence[str] = (record.address, record.postcode) if opening.shows("address") else ()
    return OtherRecord(
        source_title=record.source.title,
        key=record.key,
        name=f"{record.forename} {record.surname}".strip() if opening.shows("name") else "",
        dob=record.dob if opening.shows("date_of_birth") else None,
        address=", ".join(filter(None, place)),
        gone=record.gone_at is not None,
    )
