import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from borough.common.errors import Problem
from borough.insight.indicators import INDICATORS
from borough.insight.models import ResidentIndicator, ScoredResident
from borough.insight.rules import check_rule, compile_rule, meets, rule_words

AREAS = ["S1", "S2", "W1"]
CODES = ["lives_alone", "older_person", "rent_arrears", "on_benefit"]
VALUES = st.sampled_from([0.5, 1, 2, 64.5, 65, 66, 100])
BOUNDS = st.sampled_from([0, 0.5, 1, 2, 65, 65.5, 99, 1000])


@st.composite
def conditions(draw):
    bounds = draw(st.sampled_from([("at_least",), ("below",), ("at_least", "below")]))
    condition = {"indicator": draw(st.sampled_from(CODES)), **{bound: draw(BOUNDS) for bound in bounds}}
    if condition.get("below") == 0:
        condition["below"] = 1
    if len(bounds) == 2 and condition["at_least"] >= condition["below"]:
        condition["at_least"], condition["below"] = 0, condition["at_least"] + 1
    return condition


GROUP = st.lists(conditions(), max_size=3)
RULES = st.fixed_dictionaries(
    {},
    optional={"all": GROUP, "any": GROUP, "none": GROUP, "areas": st.lists(st.sampled_from(["S1", "S2"]), max_size=2)},
).filter(lambda rule: rule.get("all") or rule.get("any"))
PEOPLE = st.lists(
    st.tuples(st.dictionaries(st.sampled_from(CODES), VALUES), st.sampled_from(["S1", "S2", "S3", ""])), max_size=8
)


@pytest.mark.django_db
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=PEOPLE, rule=RULES)
def test_the_query_agrees_with_the_definition(people, rule):
    ResidentIndicator.objects.all().delete()
    ScoredResident.objects.all().delete()
    ScoredResident.objects.bulk_create(
        [ScoredResident(resident_id=f"R{at}", small_area=area) for at, (_, area) in enumerate(people)]
    )
    ResidentIndicator.objects.bulk_create(
        [
            ResidentIndicator(resident_id=f"R{at}", indicator=code, value=value)
            for at, (values, _) in enumerate(people)
            for code, value in values.items()
        ]
    )
    checked = check_rule(rule, areas=AREAS)
    areas = checked.get("areas", [])
    chosen = set(compile_rule(checked, small_areas=areas).values_list("pk", flat=True))
    assert chosen == {f"R{at}" for at, (values, area) in enumerate(people) if meets(values, area, checked, areas)}


@given(RULES)
def test_the_standard_form_is_stable_and_can_be_read(rule):
    checked = check_rule(rule, areas=AREAS)
    assert check_rule(checked, areas=AREAS) == checked
    assert all(rule_words(checked, {}))


def one(**condition):
    return {"all": [condition]}


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ([], "A rule is an object"),
        ({}, "chooses nobody"),
        ({"all": [], "areas": ["S1"]}, "chooses nobody"),
        ({"none": [{"indicator": "lives_alone", "at_least": 1}]}, "chooses nobody"),
        ({"every": []}, "unknown part: every"),
        ({"all": "lives_alone"}, "“all” is not a list"),
        ({"any": [{"indicator": "lives_alone", "at_least": 1}] * 31}, "“any” is not a list of up to 30"),
        (one(indicator="shoe_size", at_least=1), "Condition all, 1: there is no indicator 'shoe_size'"),
        (one(indicator="lives_alone", over=1), "has indicator, at_least and below"),
        (one(indicator="lives_alone"), "neither at_least nor below"),
        (one(indicator="lives_alone", at_least="1"), "at_least '1' is not a number"),
        (one(indicator="lives_alone", at_least=True), "at_least True is not a number"),
        (one(indicator="lives_alone", at_least=-1), "at_least -1 is not a number"),
        (one(indicator="lives_alone", below=float("nan")), "below nan is not a number"),
        (one(indicator="lives_alone", below=0), "nothing is below 0"),
        (one(indicator="older_person", at_least=80, below=70), "at least 80 and below 70"),
        (one(indicator="lives_alone", at_least=1) | {"areas": ["S1", "X9"]}, "There is no area X9"),
        (one(indicator="lives_alone", at_least=1) | {"areas": "S1"}, "“areas” is not a list"),
    ],
)
def test_a_bad_rule_is_told_where_it_is_wrong(rule, says):
    with pytest.raises(Problem) as raised:
        check_rule(rule, areas=AREAS)
    assert says in str(raised.value) and raised.value.remedy


def test_a_rule_in_words():
    rule = {
        "all": [
            {"indicator": "lives_alone", "at_least": 1},
            {"indicator": "older_person", "at_least": 65, "below": 75},
        ],
        "any": [{"indicator": "rent_arrears", "at_least": 1200}],
        "none": [{"indicator": "rent_arrears_weeks", "below": 1}],
        "areas": ["W1"],
    }
    assert rule_words(rule, {"W1": "Bridge ward"}) == [
        "Each of these: Lives alone; Aged 65 or over, from 65 years to under 75 years",
        "At least one of these: Rent arrears, £1,200 or more",
        "None of these: Weeks of rent owed, under 1 week",
        "Living in: Bridge ward",
    ]


def test_indicators_are_declared_in_full():
    assert all(
        code == indicator.code and indicator.title and indicator.explanation for code, indicator in INDICATORS.items()
    )
    assert {code for code, indicator in INDICATORS.items() if indicator.special} >= {"social_care", "disability"}
