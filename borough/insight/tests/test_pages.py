import re
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.test import Client

from borough.accounts.actions import add_user
from borough.accounts.policies import ANALYST, CONTACT_WORKER
from borough.common import clock
from borough.insight import actions
from borough.insight.models import Cohort
from borough.messaging import ports
from borough.messaging.ports import Receipt

Resident = apps.get_model("residents", "Resident")
pytestmark = pytest.mark.django_db(transaction=True)
ALONE = {"all": [{"indicator": "lives_alone", "at_least": 1}]}


def sign_in(role, purpose="find-need"):
    client = Client()
    add_user(email=f"{role}@a.example", name="Anna", role=role)
    client.force_login(get_user_model().objects.get(email=f"{role}@a.example"))
    session = client.session
    session["second_factor_passed"], session["purpose"] = True, purpose
    session.save()
    return client


@pytest.fixture
def scored(facts, small_map, system):
    for at in range(30):
        facts.person(
            f"R{at:02}", age=60 + at, size=1 if at < 20 else 2, area="S1" if at < 14 else "S2" if at < 28 else "S3"
        )
    Resident.objects.bulk_create(
        Resident(id=f"R{at:02}", forename="Ann", surname=f"Person{at}", minted_at=clock.now()) for at in range(30)
    )
    actions.score_residents(by=system, purpose="find-need")


@pytest.fixture
def staff(open_agreements):
    return sign_in(ANALYST)


def text_of(response):
    assert response.status_code == 200, response
    page = response.content.decode()
    assert "style=" not in page
    return page


def test_the_public_signs_in_first(client, db):
    for address in ("cohorts/", "cohorts/new/", "cohorts/C1/", "cohorts/C1/messages/", "map/", "figures/"):
        assert "/sign-in/" in client.get(f"/insight/{address}").headers["Location"]


def test_a_contact_worker_makes_no_cohorts_and_sees_no_map(scored):
    worker = sign_in(CONTACT_WORKER, "offer-help")
    assert "Choose residents" not in text_of(worker.get("/insight/cohorts/"))
    assert worker.get("/insight/cohorts/new/").status_code == 403
    assert worker.get("/insight/map/").status_code == 403


def test_from_rule_to_names(scored, staff, django_assert_max_num_queries):
    assert "There are no cohorts yet" in text_of(staff.get("/insight/cohorts/"))
    assert "Special category" in text_of(staff.get("/insight/cohorts/new/"))
    chosen = {"use_lives_alone": "all", "use_older_person": "any", "from_older_person": "65"}
    with django_assert_max_num_queries(14):
        page = text_of(staff.get("/insight/cohorts/new/", {**chosen, "count": "1"}))
    assert re.search(r'house-figure__number">15<', page) and "Person" not in page and "7 or fewer" in page
    answer = staff.post("/insight/cohorts/new/", {**chosen, "title": "Alone and old"})
    cohort = Cohort.objects.get()
    assert answer.headers["Location"] == f"/insight/cohorts/{cohort.id}/"
    assert cohort.rule == {
        "all": [{"indicator": "lives_alone", "at_least": 1}],
        "any": [{"indicator": "older_person", "at_least": 65}],
    }
    page = text_of(staff.get(f"/insight/cohorts/{cohort.id}/"))
    assert "Freeze and show names" in page and "Ann" not in page.replace("Anna", "")
    # From this rule again: the form comes filled in.
    page = text_of(staff.get(f"/insight/cohorts/new/?from={cohort.id}"))
    assert '<option value="any" selected>' in page and 'value="65"' in page
    assert staff.get(f"/insight/cohorts/{cohort.id}/freeze/").status_code == 405
    # Followed, so that what was done is said once; the page alone is counted.
    staff.post(f"/insight/cohorts/{cohort.id}/freeze/", follow=True)
    with django_assert_max_num_queries(24):
        page = text_of(staff.get(f"/insight/cohorts/{cohort.id}/"))
    assert "Ann Person5" in page and "Lives alone; Aged 65 or over: 65 years" in page
    assert "Alone and old" in text_of(staff.get("/insight/cohorts/"))


def test_a_rule_of_nothing_is_told_at_its_field(scored, staff):
    page = text_of(staff.get("/insight/cohorts/new/", {"use_lives_alone": "none", "count": "1"}))
    link = re.search(r'href="#([^"]+)">Choose at least one sign', page)
    assert link and f'id="{link[1]}"' in page and "How many residents" not in page
    page = text_of(
        staff.get("/insight/cohorts/new/", {"use_older_person": "all", "from_older_person": "old", "count": "1"})
    )
    assert 'href="#id_from_older_person"' in page and 'id="id_from_older_person"' in page
    page = text_of(staff.post("/insight/cohorts/new/", {"use_lives_alone": "all", "title": ""}))
    assert 'href="#id_title"' in page and 'id="id_title"' in page and not Cohort.objects.exists()


def test_fewer_than_ten_says_no_more(scored, staff):
    page = text_of(
        staff.get("/insight/cohorts/new/", {"use_older_person": "all", "from_older_person": "85", "count": "1"})
    )
    assert "fewer than 10" in page and "Where they live" not in page


def test_wards_narrow_a_rule(scored, staff):
    page = text_of(staff.get("/insight/cohorts/new/", {"use_older_person": "all", "areas": "W1", "count": "1"}))
    assert re.search(r'house-figure__number">23<', page)
    page = text_of(staff.get("/insight/cohorts/new/", {"use_older_person": "all", "areas": "W7", "count": "1"}))
    assert "How many residents" not in page


class Silent:
    channels = frozenset({"sms", "email"})

    def send(self, outgoing):
        return Receipt("x")


def test_prepare_messages(scored, staff, monkeypatch, analyst):
    monkeypatch.setattr("borough.messaging.actions.load_sender", Silent)
    monkeypatch.setattr(ports, "load_sender", Silent)
    cohort_id = actions.define_cohort(by=analyst, purpose="find-need", title="Alone", rule=ALONE)
    actions.freeze_cohort(by=analyst, purpose="find-need", cohort_id=cohort_id)
    address = f"/insight/cohorts/{cohort_id}/messages/"
    assert "Community aid" in text_of(staff.get(address))
    assert "Choose a service" in text_of(staff.post(address, {"title": "Check-in"}))
    answer = staff.post(address, {"title": "Check-in", "service": "community_aid"})
    cohort = Cohort.objects.get()
    assert cohort.state == "used" and answer.headers["Location"].endswith(f"/{cohort.campaign_id}/")
    page = text_of(staff.get("/insight/figures/"))
    assert "Alone" in page and "were sent a message" in page
    assert staff.get("/insight/figures/?format=csv").content.decode("utf-8-sig").splitlines()[1] == "Alone,20,0,0,0"


def test_the_map_of_residents_beside_the_census(scored, staff, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        page = text_of(staff.get("/insight/map/"))
    svg = ElementTree.fromstring(re.search(r"<svg[^>]*house-map.*?</svg>", page, re.DOTALL)[0])
    assert len(svg.findall(".//{*}path")) == 4
    assert "Area S1: 14" in page and "Area S3: 7 or fewer" in page and "Source: a test" in page
    assert "No share differs" in page or "no share differs" in page
    csv = staff.get("/insight/map/?format=csv&sort=-counted").content.decode("utf-8-sig").splitlines()
    assert csv[0] == "Small area,Code,Ward,Residents,Census,Difference (%)"
    assert csv[1].startswith("Area S") and not any(",2," in line for line in csv)


def test_the_map_of_an_indicator_hides_and_rounds(scored, staff):
    # Aged 65 or over: 9 of S1, 14 of S2, both of S3.
    page = text_of(staff.get("/insight/map/", {"indicator": "older_person"}))
    assert "Area S1: 10 (66.7%)" in page and "Area S3: 7 or fewer" in page
    csv = staff.get("/insight/map/?format=csv&indicator=older_person").content.decode("utf-8-sig").splitlines()
    assert csv == [
        "Small area,Code,Ward,Residents who show it,Residents,Share (%)",
        "Area S1,S1,Area W1,10,15,66.7",
        "Area S2,S2,Area W1,15,15,100.0",
        "Area S3,S3,Area W2,7 or fewer,7 or fewer,",
    ]
    page = text_of(staff.get("/insight/map/", {"indicator": "lives_alone"}))
    assert "so it is shown by ward" in page and "Area W1: 20 (66.7%)" in page and "Area S1" not in page
    assert staff.get("/insight/map/", {"indicator": "shoe_size"}).status_code == 404


def test_a_map_before_anything_is_loaded(staff):
    assert "There are no areas to draw" in text_of(staff.get("/insight/map/"))
    assert "Nobody was written to yet" in text_of(staff.get("/insight/figures/"))


def test_unknown_cohorts_are_not_found(staff):
    for address in ("C0/", "C0/messages/"):
        assert staff.get(f"/insight/cohorts/{address}").status_code == 404
