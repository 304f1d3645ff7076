"""The search terms of residents: what they are found by, and how a typed text is compared with them."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from django.db import connection, transaction

from borough.common.bulk import fill_table
from borough.common.identifiers import clean_email, clean_phone
from borough.residents.models import Membership, Resident, SearchTerm

if TYPE_CHECKING:
    from django.db.models import QuerySet

MAX_TERM = 80
_WORDS = re.compile(r"[^\W_]+")
_BATCH = 20_000
_TABLE = SearchTerm._meta.db_table
_COLUMNS = ("kind", "term", "resident_id")


def fold(text: str) -> str:
    """Capitals without accents or apostrophes, so that Renée finds RENEE and O'Brien OBRIEN."""
    if text.isascii():
        return text.replace("'", "").upper()
    bare = unicodedata.normalize("NFKD", text.replace("'", "").replace("’", ""))
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).upper()


def words_of(text: str) -> list[str]:
    """The folded words of a name or an address."""
    return _WORDS.findall(fold(text))


def term_of(kind: str, text: str) -> str:
    """A phone number or e-mail address as it stands among the terms; empty if it is none."""
    if kind == "phone":
        return clean_phone(text) or ""
    return (clean_email(text) or "")[:MAX_TERM]


def address_terms(address: str) -> set[str]:
    """Flat 2, 14 High Street is found from its beginning, from 14 HIGH STREET and from HIGH STREET."""
    words = words_of(address)
    starts = {0} | {at for at, word in enumerate(words) if word[0].isdigit()}
    starts |= {at + 1 for at in list(starts) if at + 1 < len(words) and words[at][0].isdigit()}
    return {" ".join(words[start:])[:MAX_TERM] for start in starts if words}


def refresh_search(resident_ids: Collection[str] | None = None) -> int:
    """Build the terms of these residents anew, or of all; call it after linking. Returns how many terms there are.

    One transaction: a search sees the old terms or the new. Retired residents have none.
    """
    with transaction.atomic():
        if resident_ids is None:
            return _write_all()
        written = 0
        ids = sorted(resident_ids)
        for start in range(0, len(ids), 5_000):
            chunk = ids[start : start + 5_000]
            SearchTerm.objects.filter(resident__in=chunk).delete()
            written += _write_terms(
                Membership.objects.filter(ended_at=None, resident__in=chunk),
                Resident.objects.filter(id__in=chunk, retired_at=None),
                _TABLE,
            )
        return written


def _write_all() -> int:
    """Write the terms in the order of their index, which is faster than in the order of residents."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE new_terms (kind varchar(7), term varchar(80), resident_id varchar(20))")
        written = _write_terms(
            Membership.objects.filter(ended_at=None), Resident.objects.filter(retired_at=None), "new_terms"
        )
        cursor.execute(f"DELETE FROM {_TABLE}")
        order = 'kind, term COLLATE "C"' if connection.vendor == "postgresql" else "kind, term"
        cursor.execute(
            f"INSERT INTO {_TABLE} (kind, term, resident_id) "
            f"SELECT kind, term, resident_id FROM new_terms ORDER BY {order}, resident_id"
        )
        cursor.execute("DROP TABLE new_terms")
    return written


def _write_terms(held: "QuerySet[Membership]", residents: "QuerySet[Resident]", table: str) -> int:
    written = 0
    batch: list[tuple[str, str, str]] = []
    for resident_id, terms in _terms(held, residents):
        batch += [(kind, term, resident_id) for kind, term in terms]
        if len(batch) >= _BATCH:
            fill_table(table, _COLUMNS, batch)
            written += len(batch)
            batch = []
    fill_table(table, _COLUMNS, batch)
    return written + len(batch)


def _terms(held: "QuerySet[Membership]", residents: "QuerySet[Resident]") -> Iterator[tuple[str, set[tuple[str, str]]]]:
    """(resident id, terms), each resident once: what all their records know, and where they live now."""
    folded = lru_cache(maxsize=100_000)(words_of)
    fields = ("forename", "middle_names", "surname", "previous_surname", "phone", "email")
    columns = ("resident_id", *(f"record__{name}" for name in fields))
    known = held.order_by("resident_id").values_list(*columns).iterator(chunk_size=_BATCH)
    live = residents.order_by("id").values_list("id", "forename", "surname", "address").iterator(chunk_size=_BATCH)
    by_resident = groupby(known, key=itemgetter(0))
    next_id, rows = next(by_resident, ("", iter(())))
    for resident_id, forename, surname, address in live:
        terms = {("address", term) for term in address_terms(address)}
        names = {forename, surname}
        # Both run in the order of the id: walk them side by side.
        while next_id and next_id < resident_id:
            next_id, rows = next(by_resident, ("", iter(())))
        if next_id == resident_id:
            for _, *known_names, phone, email in rows:
                names.update(known_names)
                if phone:
                    terms.add(("phone", phone))
                if email:
                    terms.add(("email", email[:MAX_TERM]))
            next_id, rows = next(by_resident, ("", iter(())))
        terms |= {("name", word[:MAX_TERM]) for name in names for word in folded(name)}
        yield resident_id, terms
