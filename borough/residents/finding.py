"""Answers a question from the search box by indexes alone, and never more than one page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from borough.governance.door import Opening
from borough.residents.asking import Question
from borough.residents.misspelling import names_meant
from borough.residents.models import Membership, Record, Resident, SearchTerm
from borough.residents.search import MAX_TERM, words_of

PAGE = 20
LAST_PAGE = 50
# The field that an agreement must open before it can be searched by: else a result would tell of it.
OPENED_BY = {
    "nino": "identifiers",
    "nhs_number": "identifiers",
    "phone": "contact",
    "email": "contact",
    "uprn": "address",
    "postcode": "address",
    "born": "date_of_birth",
    "born_in": "date_of_birth",
}
_AFTER_ALL = "\U0010ffff"


@dataclass(frozen=True)
class Found:
    """The residents of one page, by surname. `similar`: nobody is called so; these names are spelt almost like it."""

    rows: list[Resident]
    has_next: bool = False
    similar: bool = False


def find_page(question: Question, opening: Opening, page: int) -> Found:
    """The page of this number, from 1."""
    page = max(1, min(page, LAST_PAGE))
    if not all(opening.shows(OPENED_BY[part]) for part in question.read_as if part in OPENED_BY):
        return Found([])
    start = (page - 1) * PAGE
    for similar, wanted in _candidates(question, opening):
        rows = list(wanted.order_by("surname", "forename", "dob", "id")[start : start + PAGE + 1])
        if rows:
            return Found(rows[:PAGE], len(rows) > PAGE and page < LAST_PAGE, similar)
    return Found([])


def _candidates(question: Question, opening: Opening) -> Iterator[tuple[bool, QuerySet[Resident]]]:
    """(whether only similar, residents) of what the question may mean, the likeliest first."""
    residents = Resident.objects.filter(retired_at=None)
    exact = _by_key(question, opening, residents)
    if exact is not None:
        yield False, exact
        return
    if question.born:
        residents = residents.filter(dob=question.born)
    if question.born_in:
        residents = residents.filter(dob__range=(date(question.born_in, 1, 1), date(question.born_in, 12, 31)))
    if question.postcode:
        residents = residents.filter(postcode=question.postcode)
    words = words_of(question.words)
    if not words:
        if question.born or question.postcode:
            yield False, residents
        return
    # 14 High Street begins with a digit; no name does.
    by_name = opening.shows("name") and not words[0][0].isdigit()
    if by_name:
        yield False, residents_named(residents, words)
    if opening.shows("address"):
        yield False, residents_living_at(residents, words)
    if by_name:
        yield True, residents_named_like(residents, words)


def _by_key(question: Question, opening: Opening, residents: QuerySet[Resident]) -> QuerySet[Resident] | None:
    """The residents with the number or address that was typed; None where it was none."""
    if question.resident_id:
        return residents.filter(id=question.resident_id)
    if question.nino or question.nhs_number:
        held = Q(nino=question.nino) if question.nino else Q(nhs_number=question.nhs_number)
        records = Record.objects.filter(held)
        if "*" not in opening.sources:
            records = records.filter(source__in=opening.sources)
        held_by = Membership.objects.filter(ended_at=None, record__in=records)
        return residents.filter(id__in=held_by.values("resident"))
    if question.phone or question.email:
        kind, term = ("phone", question.phone) if question.phone else ("email", question.email[:MAX_TERM])
        return residents.filter(id__in=SearchTerm.objects.filter(kind=kind, term=term).values("resident"))
    if question.uprn:
        return residents.filter(uprn=question.uprn)
    return None


def residents_named(residents: QuerySet[Resident], words: list[str]) -> QuerySet[Resident]:
    """Each word begins one of their names, in any order."""
    for word in sorted(set(words), key=len, reverse=True)[:6]:
        residents = residents.filter(id__in=_beginning("name", word).values("resident"))
    return residents


def residents_named_like(residents: QuerySet[Resident], words: list[str]) -> QuerySet[Resident]:
    """Each word is spelt almost as one of their names, in any order."""
    for word in sorted(set(words), key=len, reverse=True)[:6]:
        meant = SearchTerm.objects.filter(kind="name", term__in=names_meant(word))
        residents = residents.filter(id__in=meant.values("resident"))
    return residents


def residents_living_at(residents: QuerySet[Resident], words: list[str]) -> QuerySet[Resident]:
    """The words begin the address, or what follows its flat or house number."""
    return residents.filter(id__in=_beginning("address", " ".join(words)).values("resident"))


def _beginning(kind: str, start: str) -> QuerySet[SearchTerm]:
    start = start[:MAX_TERM]
    return SearchTerm.objects.filter(kind=kind, term__gte=start, term__lt=start + _AFTER_ALL)
