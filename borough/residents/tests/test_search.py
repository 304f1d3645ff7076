"""One box: what was typed is understood, answered by an index, and only as far as the agreement opens."""

from datetime import date

import duckdb
import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from borough.accounts.policies import Viewer
from borough.common.errors import NotAllowed
from borough.residents.asking import Question, understand
from borough.residents.finding import _beginning
from borough.residents.models import Resident, SearchTerm
from borough.residents.queries import search_residents
from borough.residents.search import _FOLD_SQL, fold, refresh_search, words_of
from borough.residents.tests.conftest import Town

# Another room's tables are its own; a test may still look at the ledger.
LedgerSubject = apps.get_model("governance", "LedgerSubject")
TODAY = date(2026, 11, 22)
BORN = date(1952, 3, 14)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("R0123456789ABCDEF", Question(resident_id="R0123456789ABCDEF")),
        ("ab 12 34 56 c", Question(nino="AB123456C")),
        ("943 476 5919", Question(nhs_number="9434765919")),
        ("07700 900123", Question(phone="+447700900123")),
        ("+44 7700 900123", Question(phone="+447700900123")),
        ("Ada@Example.org", Question(email="ada@example.org")),
        ("nw12db", Question(postcode="NW1 2DB")),
        ("UPRN 5018", Question(uprn="5018")),
        ("100023336956", Question(uprn="100023336956")),
        *[
            (text, Question(born=BORN))
            for text in (
                *(
                    "14/03/1952",
                    "14/3/52",
                    "14-03-1952",
                    "14.3.1952",
                    "1952-03-14",
                    "14 March 1952",
                    "14th of March 1952",
                ),
                *("14 mar 52", "14031952", "19520314"),
            )
        ],
        ("Okafor 14/03/1952", Question(born=BORN, words="Okafor")),
        ("14 High Street, NW1 2DB", Question(postcode="NW1 2DB", words="14 High Street")),
        ("  ann   smith ", Question(words="ann smith")),
        ("31/02/1980", Question(words="31/02/1980")),
        ("", Question()),
    ],
)
def test_the_text_is_understood(text: str, question: Question) -> None:
    assert understand(text, TODAY) == question


def test_words_are_folded() -> None:
    assert fold("Renée O’Brien") == "RENEE OBRIEN"
    assert words_of("Smith-Jones, D'Arcy") == ["SMITH", "JONES", "DARCY"]


def test_an_address_is_found_from_its_start_its_number_and_its_street(ada: Resident) -> None:
    terms = SearchTerm.objects.filter(kind="address", resident=ada).values_list("term", flat=True)
    assert set(terms) == {"FLAT 2 14 HIGH STREET", "2 14 HIGH STREET", "14 HIGH STREET", "HIGH STREET"}


NAMES = st.text(st.sampled_from("abzéèüñçöåøłžšćİßÆæ'’ -.,O'Brien0123"), min_size=1, max_size=30)


@settings(max_examples=200)
@given(st.lists(NAMES, min_size=1, max_size=20))
def test_names_are_folded_alike_when_they_are_typed_and_when_they_are_kept(names: list[str]) -> None:
    with duckdb.connect() as con:
        con.execute(_FOLD_SQL)
        kept = con.execute("select words_of(unnest(?))", [names]).fetchall()
    assert [row[0] for row in kept] == [words_of(name) for name in names]


@pytest.fixture
def ada(town: Town) -> Resident:
    return town.resident(
        "Ada", "Okafor-Browne", nino="AB123456C", nhs_number="9434765919", phone="+447700900123",
        email="ada@example.org", address="Flat 2, 14 High Street", postcode="NW1 2DB", uprn="5018",
    )  # fmt: skip


@pytest.fixture
def others(town: Town) -> None:
    town.resident("Tom", "Okaforth", dob=date(1990, 1, 1), address="15 High Street", postcode="NW1 2DC")
    town.resident("Bea", "Smith", dob=date(1991, 1, 1), address="Old Barn")


def found(text: str, viewer: Viewer, purpose: str = "offer-help") -> list[str]:
    return [row.resident_id for row in search_residents(text, viewer=viewer, purpose=purpose).rows]


@pytest.mark.parametrize(
    "text",
    [
        "okafor ada", "Ada Okafor-Browne", "browne", "OKAFOR 14/03/1952", "14 March 1952", "14 high st",
        "flat 2 14 high", "NW1 2DB", "high street nw12db", "07700900123", "ada@example.org", "AB 12 34 56 C",
        "943 476 5919", "UPRN 5018",
    ],
)  # fmt: skip
def test_a_resident_is_found(text: str, ada: Resident, others: None, alice: Viewer) -> None:
    assert found(text, alice) == [ada.id]


def test_by_id_and_by_an_id_that_was_merged(ada: Resident, town: Town, alice: Viewer) -> None:
    old = town.resident("Ada", "Okafor")
    Resident.objects.filter(pk=old.id).update(retired_at="2026-01-01T00:00Z", retired_into=ada)
    refresh_search([old.id])
    assert found(ada.id, alice) == [ada.id] == found(old.id.lower(), alice)
    assert found("ada okafor", alice) == [ada.id], "the retired one has no terms left"


def test_a_prefix_finds_several_by_surname(ada: Resident, others: None, alice: Viewer) -> None:
    page = search_residents("okaf", viewer=alice, purpose="offer-help")
    assert [row.name for row in page.rows] == ["Ada Okafor-Browne", "Tom Okaforth"]
    assert set(LedgerSubject.objects.values_list("resident_id", flat=True)) == {row.resident_id for row in page.rows}


def test_a_street_without_a_number_is_found_when_nobody_is_called_so(
    ada: Resident, others: None, alice: Viewer
) -> None:
    assert len(found("high street", alice)) == 2
    assert found("old barn", alice)


@pytest.mark.parametrize("text", ["Ada Okaforbrown", "Aad Okafor", "Ada Okofar", "ada ukafor nw1 2db"])
def test_a_misspelt_name_is_found_when_nobody_is_called_so(
    text: str, ada: Resident, others: None, alice: Viewer
) -> None:
    page = search_residents(text, viewer=alice, purpose="offer-help")
    assert page.similar
    assert ada.id in [row.resident_id for row in page.rows]
    assert not search_residents("okafor", viewer=alice, purpose="offer-help").similar


def test_a_postcode_and_a_year_of_birth_find(ada: Resident, others: None, alice: Viewer) -> None:
    assert found("NW1 2DB 1952", alice) == [ada.id]
    assert found("1953 nw12db", alice) == []


def test_pages_are_bounded(town: Town, alice: Viewer) -> None:
    for number in range(23):
        town.resident("Ann", f"Zed{chr(65 + number)}")
    first = search_residents("zed", viewer=alice, purpose="offer-help")
    second = search_residents("zed", viewer=alice, purpose="offer-help", page=2)
    assert (len(first.rows), first.has_next, len(second.rows), second.has_next) == (20, True, 3, False)
    assert not {row.resident_id for row in first.rows} & {row.resident_id for row in second.rows}


def test_what_is_not_opened_cannot_be_searched_by(ada: Resident, link_worker: Viewer, analyst: Viewer) -> None:
    assert found("AB123456C", link_worker) == [], "link workers are not opened identifiers"
    assert found("AB123456C", analyst, "residents-index") == [ada.id]


def test_an_identifier_in_a_closed_source_does_not_find(town: Town, alice: Viewer, analyst: Viewer) -> None:
    hidden = town.resident("Zoe", "Hid", code="adult_social_care", nhs_number="9434765919")
    assert found("9434765919", alice) == []
    assert found("9434765919", analyst, "residents-index") == [hidden.id]


def test_without_an_agreement_nobody_is_found(ada: Resident, charlie: Viewer) -> None:
    with pytest.raises(NotAllowed):
        found("ada", charlie)


def test_refreshing_all_gives_the_same_terms_as_refreshing_each(ada: Resident, others: None) -> None:
    def terms() -> set[tuple[str, str, str]]:
        return set(SearchTerm.objects.values_list("kind", "term", "resident"))

    one_by_one = terms()
    assert refresh_search() == len(one_by_one)
    assert terms() == one_by_one
    assert ("name", "BROWNE", ada.id) in one_by_one
    assert ("phone", "+447700900123", ada.id) in one_by_one


@pytest.mark.usefixtures("ada")
def test_linking_writes_the_terms_under_no_savepoint_of_their_own() -> None:
    """SQLite walks through all that a savepoint wrote at each statement: a minute in place of ten seconds at borough
    size."""
    with CaptureQueriesContext(connection) as asked:
        refresh_search()
    assert not [query["sql"] for query in asked if query["sql"].startswith("SAVEPOINT")]


@pytest.mark.django_db
def test_a_prefix_is_looked_up_by_the_index() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A table of no rows is always read whole: ask for the plan as if that cost a lot.
            cursor.execute("SET LOCAL enable_seqscan = off")
        sql, params = _beginning("name", "OKAF").values("resident").query.sql_with_params()
        explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        cursor.execute(f"{explain} {sql}", params)
        plan = " ".join(str(cell) for line in cursor.fetchall() for cell in line)
    name = "sqlite_autoindex_residents_searchterm_1" if connection.vendor == "sqlite" else "search_term_once"
    assert name in plan, plan
    if connection.vendor == "sqlite":
        assert "term>? AND term<?" in plan
    else:
        assert "Filter" not in plan, "the bounds belong in the index condition"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT collation_name FROM information_schema.columns "
                "WHERE table_name = 'residents_searchterm' AND column_name = 'term'"
            )
            assert cursor.fetchone() == ("C",), "in a language's own order what begins alike does not stand together"
