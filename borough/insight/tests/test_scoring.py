from datetime import date

import pytest

from borough.insight.indicators import INDICATORS, SCORE, explain
from borough.insight.scoring import facts_of

from .conftest import FactsByHand

TODAY = date(2026, 11, 22)


def found(facts, tmp_path, codes=None):
    facts.write(tmp_path)
    with facts_of(tmp_path, today=TODAY) as computing:
        computing.compute(codes or [code for code in INDICATORS if code != SCORE])
        values: dict[str, dict[str, float]] = {}
        for resident_id, code, value in computing.values():
            values.setdefault(code, {})[resident_id] = value
        return values


def test_lives_alone(tmp_path):
    facts = FactsByHand().person("alone", size=1).person("pair").person("hostel", size=1, shared=True)
    facts.person("child", size=1, age=9).person("unknown_age", size=1, age=None).person("told", size=3)
    facts.record("told", "adult_social_care", lives_alone=True).record("pair", "adult_social_care", lives_alone=False)
    assert set(found(facts, tmp_path)["lives_alone"]) == {"alone", "unknown_age", "told"}


def test_money_owed_is_added_up_and_credit_is_none(tmp_path):
    facts = FactsByHand().person("two").person("credit").person("ended")
    facts.record("two", "housing_rents", rent_balance=300, weekly_rent=100)
    facts.record("two", "housing_rents", rent_balance=50.5, weekly_rent=100)
    facts.record("credit", "housing_rents", rent_balance=-20, weekly_rent=100)
    facts.record("ended", "housing_rents", ended_on=date(2026, 11, 1), rent_balance=900, weekly_rent=100)
    facts.record("two", "council_tax", balance="80.00").record("credit", "council_tax", balance="a lot")
    values = found(facts, tmp_path)
    assert values["rent_arrears"] == {"two": 350.5}
    assert values["rent_arrears_weeks"] == {"two": 3}
    assert values["council_tax_arrears"] == {"two": 80}


def test_support_care_and_disability(tmp_path):
    facts = FactsByHand().person("a").person("b").person("c")
    facts.record("a", "council_tax", support=True).record("b", "council_tax", support=False)
    facts.record("a", "housing_benefit", weekly_award=121.5)
    facts.record("b", "adult_social_care", package="Home care", primary_need="Physical support")
    facts.record("c", "adult_social_care", package="None", primary_need="")
    facts.record("a", "parking_permits", blue_badge=True).record("c", "parking_permits", blue_badge=False)
    values = found(facts, tmp_path)
    assert set(values["council_tax_support"]) == {"a"} and values["on_benefit"] == {"a": 121.5}
    assert set(values["social_care"]) == {"b"} and set(values["disability"]) == {"a", "b"}


def test_households(tmp_path):
    facts = FactsByHand().person("mother", home="H1", age=30, size=3).person("baby", home="H1", age=1, size=3)
    facts.person("pupil", home="H1", age=9, size=3).record(
        "pupil", "children_schools", free_school_meals=True, send=True
    )
    facts.person("student", home="H2", age=20, shared=True).person("tot", home="H2", age=2, shared=True)
    facts.person("husband", home="H3", age=80).person("wife", home="H3", age=81)
    facts.record("wife", "adult_social_care", package="Day centre", primary_need="Memory")
    values = found(facts, tmp_path)
    assert values["young_child"] == {"mother": 1} and values["free_school_meals"] == {"mother": 1}
    assert set(values["lone_parent"]) == {"mother"}
    assert set(values["may_be_carer"]) == {"mother", "husband"}
    assert values["older_person"] == {"husband": 80, "wife": 81}


def test_contact(tmp_path):
    facts = FactsByHand().person("online").person("library", email=False).person("offline", email=False, phone=False)
    facts.person("child", age=5, email=False, phone=False).record("library", "libraries", computer_use=True)
    values = found(facts, tmp_path)
    assert set(values["no_digital_contact"]) == {"offline"} and set(values["no_contact"]) == {"offline"}


def test_the_score_adds_points_and_says_why(tmp_path):
    facts = FactsByHand().person("her", age=82, size=1).person("him", age=70).record("him", "council_tax", balance=20)
    facts.record("her", "housing_rents", rent_balance=50, weekly_rent=100)
    facts.record("gone", "council_tax", balance=500)
    values = found(facts, tmp_path)
    # Alone 2, aged 75 or over 2, rent arrears 1; half a week of rent is under the 4 that count.
    assert values[SCORE] == {"her": 5}
    assert "gone" not in values["council_tax_arrears"]
    signs = {code: residents["her"] for code, residents in values.items() if "her" in residents}
    assert explain(signs) == [
        "Lives alone",
        "Aged 65 or over: 82 years",
        "Rent arrears: £50",
        "Weeks of rent owed: 0.5 weeks",
    ]


def test_figures_by_area(tmp_path):
    facts = FactsByHand()
    for at in range(5):
        facts.person(f"r{at}", area="S1" if at else "", size=1 if at < 3 else 2)
    facts.write(tmp_path)
    with facts_of(tmp_path, today=TODAY) as computing:
        computing.compute(["lives_alone"])
        figures = {(area, code): (counted, people) for area, code, counted, people in computing.figures()}
    assert figures == {
        ("S1", "lives_alone"): (2, 4),
        ("S1", SCORE): (2, 4),
        ("S1", "residents"): (4, 4),
    }


@pytest.mark.parametrize("code", [code for code in INDICATORS if code != SCORE])
def test_every_indicator_runs_on_nothing(code, tmp_path):
    assert found(FactsByHand(), tmp_path, [code]) == {}
