"""Where help is needed: counted set-wise, and never so that a person shows."""

from datetime import date, timedelta

import h3
import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from borough.accounts.policies import COORDINATOR, Viewer
from borough.common import clock
from borough.common.disclosure import protect
from borough.common.errors import NotAllowed
from borough.common.ids import mint_reference
from borough.insight.actions import count_help
from borough.insight.heat import HeatFilter, heat_by_area, heat_by_hexagon, quarter_words
from borough.insight.help_figures import quarter_of
from borough.insight.models import HelpFigure, VolunteerFigure
from borough.insight.tests.test_pages import sign_in, text_of
from borough.places.hexagons import FINEST, cell_of, join_small

Case, Address, Resident, Volunteer = (
    apps.get_model(*name)
    for name in (("cases", "Case"), ("places", "Address"), ("residents", "Resident"), ("volunteers", "Volunteer"))
)
PURPOSE = "offer-help"
MANAGER = Viewer(kind="staff", id="U1", name="Mo", roles=frozenset({COORDINATOR}))
# Two corners of the small map, in different hexagons of one family of seven or not.
HERE, THERE = (51.501, -0.099), (51.509, -0.071)


@pytest.fixture
def homes(small_map, open_agreements):
    Address.objects.bulk_create(
        Address(uprn=uprn, address=f"{uprn} Street", postcode=postcode, lat=lat, lon=lon, small_area=area, match_key="")
        for uprn, postcode, (lat, lon), area in (("1", "NW1 2DB", HERE, "S1"), ("2", "NW1 3BT", THERE, "S3"))
    )
    Resident.objects.bulk_create(
        Resident(id=f"R{uprn}", forename="Ann", surname="Person", uprn=uprn, minted_at=clock.now()) for uprn in "12"
    )


def ask(number, resident="R1", need="food", state="new", late=False, **more):
    today = clock.today()
    Case.objects.bulk_create(
        Case(
            reference=mint_reference("CA"),
            service="community_aid",
            resident_id=resident,
            need=need,
            urgency="soon",
            state=state,
            channel="web",
            source_key=f"{resident}{need}{state}{late}{at}",
            opened_at=clock.now(),
            due_on=today + timedelta(days=-1 if late else 5),
            closed_at=clock.now() if state in ("met", "could_not_help", "cancelled") else None,
            need_met="yes" if state == "met" else "",
            **more,
        )
        for at in range(number)
    )


@pytest.mark.django_db(transaction=True)
def test_who_goes_without_is_counted_where_they_live(homes, system):
    ask(12, state="met")
    ask(9, late=True)
    ask(3, state="could_not_help")
    ask(9, resident="R2")
    ask(10, resident="", asker_phone="+447700900123", asker_postcode="NW1 3BT", need="shopping")
    assert count_help(by=system, purpose=PURPOSE) == 43
    by_area = {each.code: each.count for each in heat_by_area(HeatFilter(), viewer=MANAGER)}
    # Two of three small areas may be shown, so none is joined to its ward.
    assert by_area == {"S1": 25, "S2": None, "S3": 20}
    unmet = heat_by_area(HeatFilter("unmet"), viewer=MANAGER)
    assert [(each.kind, each.code, each.count) for each in unmet] == [("ward", "W1", 10), ("ward", "W2", None)]
    hexagons = heat_by_hexagon(HeatFilter(service="community_aid", need="food"), viewer=MANAGER).hexagons
    assert {each.cell: each.count for each in hexagons} == {cell_of(*HERE): 25, cell_of(*THERE): 10}
    # Counted again it is the same, not twice as much.
    count_help(by=system, purpose=PURPOSE)
    assert sum(HelpFigure.objects.values_list("requests", flat=True)) == 43


@pytest.mark.django_db(transaction=True)
def test_volunteers_show_where_they_set_out_and_what_they_carry(homes, system):
    Volunteer.objects.bulk_create(
        Volunteer(
            import_key=str(at),
            name="Vera",
            phone="+447700900999",
            postcode="NW1 2DB" if at < 20 else "NW1 3BT",
            skills=["food"] if at % 2 else ["food", "dog_walking"],
            capacity=3,
        )
        for at in range(25)
    )
    count_help(by=system, purpose=PURPOSE)
    found = heat_by_hexagon(HeatFilter("volunteers"), viewer=MANAGER)
    assert [(each.cell, each.count) for each in found.hexagons] == [(cell_of(*HERE), 20)]
    assert found.capacity == {cell_of(*HERE): 60}
    walkers = heat_by_area(HeatFilter("volunteers", "community_aid", "dog_walking"), viewer=MANAGER)
    assert {each.code: (each.count, each.extra) for each in walkers}["W1"] == (10, 30)
    assert VolunteerFigure.objects.count() == 6


def test_only_staff_see_the_map_of_help(db):
    for show in (heat_by_area, heat_by_hexagon):
        with pytest.raises(NotAllowed):
            show(HeatFilter(), viewer=Viewer(kind="public", id="", name="", roles=frozenset()))


@pytest.mark.django_db(transaction=True)
def test_the_page_draws_counts_and_hands_them_over(homes, system, django_assert_max_num_queries):
    client = sign_in(COORDINATOR, PURPOSE)
    page = text_of(client.get("/insight/heat/"))
    assert "Nothing was counted yet" in page
    ask(23)
    ask(4, resident="R2")
    count_help(by=system, purpose=PURPOSE)
    with django_assert_max_num_queries(25):
        page = text_of(client.get("/insight/heat/"))
    assert page.count("<path fill=") == 1
    assert "25" in page and "Requests for help" in page and "All of Community aid" in page
    quarter = quarter_of(clock.today())
    csv = client.get(f"/insight/heat/?by=area&about=community_aid:food&quarter={quarter}&format=csv").content.decode()
    assert "Ward,Requests for help\r\nArea W1,25\r\nArea W2,7 or fewer" in csv
    assert quarter_words(quarter) in page
    # What the form does not offer asks for nothing else.
    assert client.get("/insight/heat/?measure=names&about=nowhere&quarter=soon").status_code == 200
    assert "No place has a number" in text_of(client.get("/insight/heat/?about=community_aid:dog_walking"))


def test_a_quarter_begins_in_january_april_july_and_october():
    assert quarter_of(date(2026, 3, 31)) == date(2026, 1, 1)
    assert quarter_of(date(2026, 11, 28)) == date(2026, 10, 1)
    assert quarter_words(date(2026, 10, 1)) == "October to December 2026"


NEAR = sorted(h3.grid_disk(cell_of(51.53, -0.13), 5))


@given(st.dictionaries(st.sampled_from(NEAR), st.integers(1, 40), max_size=60))
def test_hexagons_show_nobody_twice_and_nothing_small(counts):
    shown = join_small(counts)
    within = [cell for each in shown for cell in each.cells]
    assert len(within) == len(set(within))
    for each in shown:
        exact = sum(counts.get(cell, 0) for cell in each.cells)
        assert each.count == protect(exact) is not None


def test_seven_small_hexagons_become_one_that_may_be_shown():
    middle = cell_of(51.53, -0.13)
    family = list(h3.cell_to_children(h3.cell_to_parent(middle, FINEST - 1), FINEST))
    (one,) = join_small(dict.fromkeys(family, 3))
    assert (one.count, one.cells) == (20, family)
    assert one.outline["type"] == "Polygon"
    assert join_small({middle: 7}) == []


POSSIBLE: dict[int | None, list[int]] = {}
for true_count in range(900):
    POSSIBLE.setdefault(protect(true_count), []).append(true_count)


@given(st.integers(0, 400), st.integers(0, 400))
def test_two_releases_subtracted_tell_of_nobody(part, more):
    """A count and a narrower one: at least five differences stay possible, so that no person can be told from them."""
    whole = POSSIBLE[protect(part + more)]
    assert len({a - b for a in whole for b in POSSIBLE[protect(part)] if a >= b}) >= 5


def test_the_map_of_help_belongs_to_no_model_of_people():
    assert not apps.get_model("insight", "HelpFigure").personal_data.fields
