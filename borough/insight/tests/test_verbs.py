import pytest
from django.apps import apps
from django.core.management import call_command

from borough.common import clock
from borough.common.errors import NotAllowed, NotFound, Problem, WrongState
from borough.insight import actions, queries
from borough.insight.models import AreaFigure, Cohort, CohortMember, ResidentIndicator, ScoredResident
from borough.messaging.policies import Wording

# Other rooms' tables, to look behind their verbs.
Agreement = apps.get_model("governance", "Agreement")
LedgerEntry = apps.get_model("governance", "LedgerEntry")
LedgerSubject = apps.get_model("governance", "LedgerSubject")
Resident = apps.get_model("residents", "Resident")
pytestmark = pytest.mark.django_db(transaction=True)
ALONE = {"all": [{"indicator": "lives_alone", "at_least": 1}]}
WHY = "find-need"


def score(viewer):
    return actions.score_residents(by=viewer, purpose=WHY)


def twelve_alone(facts):
    for at in range(12):
        facts.person(f"R{at:02}", age=80, size=1, area="S1" if at < 9 else "S3")
    return facts.person("R99", age=30, area="S2")


@pytest.fixture
def frozen(facts, small_map, system, analyst):
    from borough.common import clock

    score_of = twelve_alone(facts)
    Resident.objects.bulk_create(
        [
            Resident(
                id=row[0],
                forename="Ann",
                surname=f"Person{at}",
                phone="+447700900123",
                address="1 High Street",
                minted_at=clock.now(),
            )
            for at, row in enumerate(score_of.people)
        ]
    )
    score(system)
    cohort_id = actions.define_cohort(by=analyst, purpose=WHY, title="Alone", rule=ALONE)
    actions.freeze_cohort(by=analyst, purpose=WHY, cohort_id=cohort_id)
    return cohort_id


def test_scoring_replaces_the_last_run_and_is_logged(facts, small_map, system):
    twelve_alone(facts)
    seen = []
    report = actions.score_residents(by=system, purpose=WHY, progress=lambda done, total: seen.append((done, total)))
    assert report.residents == 13 and seen[-1] == (4, 4) and report.skipped == ()
    assert ResidentIndicator.objects.filter(indicator="lives_alone").count() == 12
    before = (report.values, AreaFigure.objects.count())
    assert score(system).values == before[0]
    assert (ResidentIndicator.objects.count(), AreaFigure.objects.count()) == before
    facts.people.clear()
    score(system)
    assert not ScoredResident.objects.exists() and not ResidentIndicator.objects.exists()
    entry = LedgerEntry.objects.filter(verb="insight.score_residents", kind="write").first()
    assert entry.everyone and entry.people == 13
    assert queries.latest_run().residents == 0


def test_a_failed_scoring_keeps_the_last_one(facts, small_map, system, monkeypatch):
    twelve_alone(facts)
    score(system)

    def fail(**kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(actions, "log_write", fail)
    with pytest.raises(RuntimeError):
        score(system)
    assert ScoredResident.objects.count() == 13


def test_who_may_score(facts, alice, charlie):
    for viewer in (alice, charlie):
        with pytest.raises(NotAllowed):
            score(viewer)


def test_without_an_agreement_nobody_scores(facts, system):
    Agreement.objects.filter(purpose_id=WHY).update(state="revoked")
    with pytest.raises(NotAllowed):
        score(system)
    assert LedgerEntry.objects.get().kind == "denied"


def test_sources_that_are_not_open_are_left_out(facts, small_map, system):
    Agreement.objects.filter(purpose_id=WHY).update(sources=["council_tax"])
    twelve_alone(facts).record("R01", "housing_rents", rent_balance=500, weekly_rent=100)
    report = score(system)
    assert {"rent_arrears", "on_benefit", "social_care"} <= set(report.skipped)
    assert "council_tax_arrears" not in report.skipped and "lives_alone" not in report.skipped
    assert not ResidentIndicator.objects.filter(indicator="rent_arrears").exists()


def test_without_records_only_what_the_index_knows_is_computed(facts, small_map, system):
    Agreement.objects.filter(purpose_id=WHY).update(fields=["address", "indicators"])
    skipped = score(system).skipped
    assert "rent_arrears" in skipped and "disability" in skipped and "older_person" not in skipped


def test_the_command(facts, small_map, system, capsys):
    twelve_alone(facts)
    call_command("score")
    assert capsys.readouterr().out.startswith("13 residents scored, ")


def test_a_size_names_nobody_and_hides_small_numbers(facts, small_map, system, analyst, django_assert_max_num_queries):
    twelve_alone(facts)
    score(system)
    # Where the database holds the door it is opened; nobody is looked at.
    looks = LedgerEntry.objects.exclude(kind="opened")
    before = looks.count()
    with django_assert_max_num_queries(8):
        size = queries.size_cohort(ALONE, viewer=analyst)
    assert (size.size, size.words, size.small) == (12, 12, False)
    assert size.wards == [("Area W1", 10), ("Area W2", None)]
    assert queries.size_cohort(ALONE | {"areas": ["W2"]}, viewer=analyst).words == "fewer than 10"
    assert queries.size_cohort(ALONE | {"areas": ["S1", "W2"]}, viewer=analyst).size == 12
    assert looks.count() == before


def test_nobody_is_counted_without_the_agreement_to_find_need(facts, small_map, system, analyst):
    twelve_alone(facts)
    score(system)
    Agreement.objects.filter(purpose_id=WHY).update(state="revoked", revoked_at=clock.now())
    with pytest.raises(NotAllowed):
        queries.size_cohort(ALONE, viewer=analyst)


def test_only_an_analyst_makes_cohorts(facts, small_map, system, alice, charlie):
    for viewer in (alice, charlie):
        with pytest.raises(NotAllowed):
            queries.size_cohort(ALONE, viewer=viewer)
        with pytest.raises(NotAllowed):
            actions.define_cohort(by=viewer, purpose=WHY, title="x", rule=ALONE)


def test_an_analyst_without_the_purpose_is_refused(facts, small_map, system, analyst):
    with pytest.raises(NotAllowed):
        actions.define_cohort(by=analyst, purpose="oversight", title="x", rule=ALONE)
    assert not Cohort.objects.exists()


def test_a_draft_names_nobody(facts, small_map, system, analyst):
    twelve_alone(facts)
    score(system)
    cohort_id = actions.define_cohort(by=analyst, purpose=WHY, title=" Alone ", rule=ALONE)
    shown = queries.read_cohort(cohort_id, viewer=analyst)
    assert (shown.title, shown.state, shown.size, shown.rule_lines) == (
        "Alone",
        "draft",
        12,
        ["Each of these: Lives alone"],
    )
    for listing in (queries.list_members, queries.member_ids):
        with pytest.raises(WrongState):
            listing(cohort_id, viewer=analyst, purpose=WHY)
    with pytest.raises(WrongState):
        actions.start_cohort_campaign(
            by=analyst,
            purpose=WHY,
            cohort_id=cohort_id,
            service="community_aid",
            title="x",
            wording=Wording(sms="Hello"),
        )
    assert not LedgerSubject.objects.exists()


def test_freezing_counts_anew_and_lists_with_reasons(frozen, analyst, system, facts):
    assert CohortMember.objects.count() == 12
    page = queries.list_members(frozen, viewer=analyst, purpose=WHY)
    assert [member.resident_id for member in page.object_list] == [f"R{at:02}" for at in range(12)]
    assert page.object_list[0].name == "Ann Person0" and page.object_list[0].phone
    assert page.object_list[0].reasons[:2] == ["Lives alone", "Aged 65 or over: 80 years"]
    assert LedgerSubject.objects.filter(entry__verb="insight.list_members").count() == 12
    assert LedgerSubject.objects.filter(entry__verb="insight.freeze_cohort").count() == 12
    with pytest.raises(WrongState):
        actions.freeze_cohort(by=analyst, purpose=WHY, cohort_id=frozen)
    # A later run does not change who is in it.
    facts.people.clear()
    score(system)
    assert len(queries.member_ids(frozen, viewer=analyst, purpose=WHY)) == 12


def test_what_an_agreement_does_not_open_stays_empty(frozen, analyst):
    Agreement.objects.filter(purpose_id=WHY).update(fields=["name"])
    member = queries.list_members(frozen, viewer=analyst, purpose=WHY).object_list[0]
    assert (member.name, member.phone, member.address, member.reasons) == ("Ann Person0", "", "", [])
    assert queries.read_indicators("R00", viewer=analyst, purpose=WHY) == {}


def test_nobody_without_an_agreement_lists_members(frozen, charlie):
    for listing in (queries.list_members, queries.member_ids):
        with pytest.raises(NotAllowed):
            listing(frozen, viewer=charlie, purpose=WHY)
    with pytest.raises(NotAllowed):
        queries.read_indicators("R00", viewer=charlie, purpose=WHY)


def test_two_members_who_proved_to_be_one_are_listed_once_under_the_id_they_have_now(frozen, analyst):
    from borough.common import clock

    Resident.objects.filter(pk="R00").update(retired_at=clock.now(), retired_into="R01")
    page = queries.list_members(frozen, viewer=analyst, purpose=WHY)
    assert [member.resident_id for member in page.object_list][:2] == ["R01", "R02"]
    assert page.object_list[0].reasons


def test_a_cohort_of_nobody_is_not_frozen(facts, small_map, system, analyst):
    cohort_id = actions.define_cohort(by=analyst, purpose=WHY, title="None", rule=ALONE)
    with pytest.raises(Problem, match="Nobody is in this cohort"):
        actions.freeze_cohort(by=analyst, purpose=WHY, cohort_id=cohort_id)
    assert Cohort.objects.get().state == "draft"


class Post:
    channels = frozenset({"sms", "email"})


def test_a_campaign_is_drafted_once(frozen, analyst, monkeypatch):
    monkeypatch.setattr("borough.messaging.actions.load_sender", Post)
    wording = Wording(sms="Do you need help? Reply HELP", email_subject="Help", email_body="Do you need help?")
    arguments = {"cohort_id": frozen, "service": "community_aid", "title": "Check-in", "wording": wording}
    campaign_id = actions.start_cohort_campaign(by=analyst, purpose="offer-help", **arguments)
    shown = queries.read_cohort(frozen, viewer=analyst)
    assert (shown.state, shown.campaign_id, shown.service) == ("used", campaign_id, "community_aid")
    with pytest.raises(WrongState):
        actions.start_cohort_campaign(by=analyst, purpose="offer-help", **arguments)


def test_unknown_cohorts(analyst):
    with pytest.raises(NotFound):
        queries.read_cohort("C0", viewer=analyst)
    with pytest.raises(NotFound):
        queries.member_ids("C0", viewer=analyst, purpose=WHY)
    with pytest.raises(Problem):
        actions.freeze_cohort(by=analyst, purpose=WHY, cohort_id="C0")


@pytest.mark.parametrize("title", ["", "  ", "x" * 121])
def test_a_cohort_needs_a_title(title, analyst):
    with pytest.raises(Problem, match="needs a title"):
        actions.define_cohort(by=analyst, purpose=WHY, title=title, rule=ALONE)


def test_published_figures_hide_and_round(facts, small_map, system):
    for at in range(22):
        facts.person(f"R{at}", size=1, area="S1" if at < 11 else "S2" if at < 21 else "S3")
    score(system)
    by_code = {figure.code: figure for figure in queries.area_figures("lives_alone")}
    assert (by_code["S1"].counted, by_code["S1"].residents, by_code["S1"].share) == (10, 10, 100)
    assert (by_code["S2"].counted, by_code["S3"].counted, by_code["S3"].share) == (10, None, None)
    heads = {figure.code: figure.counted for figure in queries.area_figures(queries.EVERYBODY)}
    assert heads == {"S1": 11, "S2": 10, "S3": None}
    with pytest.raises(NotFound):
        queries.area_figures("shoe_size")


def test_where_most_small_areas_are_hidden_wards_are_shown_instead(facts, small_map, system):
    for at in range(18):
        facts.person(f"R{at}", size=1, area="S1" if at < 7 else "S2" if at < 13 else "S3")
    score(system)
    figures = queries.area_figures("lives_alone")
    assert [(each.code, each.kind, each.counted) for each in figures] == [("W1", "ward", 15), ("W2", "ward", None)]
    # The head count stays by small area: it is compared with the Census there.
    assert {each.kind for each in queries.area_figures(queries.EVERYBODY)} == {"small_area"}


def test_the_census_is_compared_by_size_or_by_share(facts, small_map, system):
    assert queries.compare_with_census() is None
    for at in range(40):
        facts.person(f"R{at}", area="S1" if at < 20 else "S2" if at < 31 else "S3")
    score(system)
    whole = queries.compare_with_census()
    assert (whole.residents, whole.census, whole.scale, whole.total_difference) == (40, 40, 1.0, 0.0)
    assert whole.differences == pytest.approx({"S1": 0, "S2": 10, "S3": -10}) and whole.largest == pytest.approx(10)
    del facts.people[::2]
    score(system)
    half = queries.compare_with_census()
    assert half.scale == 0.5 and half.differences["S1"] == pytest.approx(0)
