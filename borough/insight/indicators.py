"""The indicators: declared here, computed for everybody at once in DuckDB.

Each `sql` is a SELECT of (resident_id, value) over the tables that `scoring` makes from the exported facts:

    people    resident_id, household_id, household_size, shared, dob, age, sex, small_area, uprn, has_phone, has_email
    <source>  resident_id and that source's FACTS, one row for each record that has not ended

One resident may come up more than once: the greatest value counts. Rows of nought or null are left out.
`needs_sources` are those without which the indicator says nothing; of several, one is enough.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from borough.common.words import number_words

# The facts that indicators may use, by source, with their DuckDB types.
FACTS: dict[str, dict[str, str]] = {
    "council_tax": {"discount": "VARCHAR", "balance": "DOUBLE", "support": "BOOLEAN"},
    "housing_rents": {"rent_balance": "DOUBLE", "weekly_rent": "DOUBLE", "payment_method": "VARCHAR"},
    "housing_benefit": {"weekly_award": "DOUBLE", "reason": "VARCHAR"},
    "adult_social_care": {"primary_need": "VARCHAR", "package": "VARCHAR", "lives_alone": "BOOLEAN"},
    "children_schools": {"free_school_meals": "BOOLEAN", "send": "BOOLEAN"},
    "libraries": {"last_visit": "DATE", "computer_use": "BOOLEAN"},
    "parking_permits": {"blue_badge": "BOOLEAN"},
}


@dataclass(frozen=True)
class Indicator:
    """A sign. `unit` "" is yes or no. `special`: it tells of health or the like (UK GDPR Article 9).

    `points` is what it adds to the score of those whose value is at least `points_from`.
    """

    code: str
    title: str
    unit: str
    explanation: str
    needs_sources: tuple[str, ...]
    sql: str
    special: bool = False
    points: int = 0
    points_from: float = 1

    def value_words(self, value: float) -> str:
        """£310; 7 weeks; 82 years; "yes"."""
        number = f"{value:.1f}" if self.unit == "weeks" and value < 10 and value % 1 else number_words(value)
        if self.unit in ("£", "£ a week"):
            return f"£{number}" if self.unit == "£" else gettext("£%(number)s a week") % {"number": number}
        plural = 1 if number == "1" else 2
        if self.unit == "weeks":
            return ngettext("%(number)s week", "%(number)s weeks", plural) % {"number": number}
        if self.unit == "years":
            return ngettext("%(number)s year", "%(number)s years", plural) % {"number": number}
        if self.unit == "children":
            return ngettext("%(number)s child", "%(number)s children", plural) % {"number": number}
        if self.unit == "points":
            return ngettext("%(number)s point", "%(number)s points", plural) % {"number": number}
        return gettext("yes")


SCORE = "may_need_help"

_DECLARED = (
    Indicator(
        code="lives_alone",
        title=_("Lives alone"),
        unit="",
        explanation=_("The only resident we know of at the address, or social care says that they live alone."),
        needs_sources=(),
        points=2,
        sql="""
            SELECT resident_id, 1 FROM people WHERE household_size = 1 AND NOT shared AND coalesce(age, 18) >= 18
            UNION ALL SELECT resident_id, 1 FROM adult_social_care WHERE lives_alone
            UNION ALL SELECT resident_id, 1 FROM council_tax JOIN people USING (resident_id)
            WHERE discount ILIKE 'single person%' AND household_id IS NULL
        """,
    ),
    Indicator(
        code="older_person",
        title=_("Aged 65 or over"),
        unit="years",
        explanation=_("Age today, for residents aged 65 or over."),
        needs_sources=(),
        points=2,
        points_from=75,
        sql="SELECT resident_id, age FROM people WHERE age BETWEEN 65 AND 110",
    ),
    Indicator(
        code="rent_arrears",
        title=_("Rent arrears"),
        unit="£",
        explanation=_("What is owed on the rent account of a council tenancy."),
        needs_sources=("housing_rents",),
        points=1,
        sql="SELECT resident_id, sum(rent_balance) FROM housing_rents GROUP BY resident_id",
    ),
    Indicator(
        code="rent_arrears_weeks",
        title=_("Weeks of rent owed"),
        unit="weeks",
        explanation=_("Rent arrears in weeks of rent, which tells small rents in trouble from large ones behind."),
        needs_sources=("housing_rents",),
        points=1,
        points_from=4,
        sql="SELECT resident_id, rent_balance / weekly_rent FROM housing_rents WHERE weekly_rent > 0",
    ),
    Indicator(
        code="council_tax_arrears",
        title=_("Council tax arrears"),
        unit="£",
        explanation=_("What is owed on the council tax account."),
        needs_sources=("council_tax",),
        points=1,
        points_from=50,
        sql="SELECT resident_id, sum(balance) FROM council_tax GROUP BY resident_id",
    ),
    Indicator(
        code="council_tax_support",
        title=_("Council tax support"),
        unit="",
        explanation=_("The bill is lowered because of a low income."),
        needs_sources=("council_tax",),
        points=1,
        sql="SELECT resident_id, 1 FROM council_tax WHERE support",
    ),
    Indicator(
        code="on_benefit",
        title=_("Housing benefit"),
        unit="£ a week",
        explanation=_("Housing benefit paid each week."),
        needs_sources=("housing_benefit",),
        points=1,
        sql="SELECT resident_id, weekly_award FROM housing_benefit",
    ),
    Indicator(
        code="social_care",
        title=_("Adult social care"),
        unit="",
        explanation=_("An open package of care and support."),
        needs_sources=("adult_social_care",),
        special=True,
        points=2,
        sql="SELECT resident_id, 1 FROM adult_social_care WHERE coalesce(lower(trim(package)), '') NOT IN ('', 'none')",
    ),
    Indicator(
        code="disability",
        title=_("Disability"),
        unit="",
        explanation=_("A Blue Badge, or a need that social care has on record."),
        needs_sources=("parking_permits", "adult_social_care"),
        special=True,
        points=2,
        sql="""
            SELECT resident_id, 1 FROM parking_permits WHERE blue_badge
            UNION ALL SELECT resident_id, 1 FROM adult_social_care WHERE coalesce(trim(primary_need), '') <> ''
        """,
    ),
    Indicator(
        code="may_be_carer",
        title=_("May be a carer"),
        unit="",
        explanation=_(
            "An adult in a household where somebody else has a package of care, or a child has special needs."
        ),
        needs_sources=("adult_social_care", "children_schools"),
        special=True,
        points=1,
        sql="""
            WITH cared_for AS (
                SELECT resident_id FROM adult_social_care WHERE coalesce(lower(trim(package)), '') NOT IN ('', 'none')
                UNION SELECT resident_id FROM children_schools WHERE send
            )
            SELECT adult.resident_id, 1
            FROM cared_for JOIN people AS other USING (resident_id)
            JOIN people AS adult ON adult.household_id = other.household_id
                AND adult.resident_id <> other.resident_id AND NOT adult.shared AND adult.age BETWEEN 18 AND 110
        """,
    ),
    Indicator(
        code="young_child",
        title=_("Child under 5 at home"),
        unit="children",
        explanation=_("How many children under 5 live in the adult's household."),
        needs_sources=(),
        sql="""
            SELECT adult.resident_id, count(*)
            FROM people AS child JOIN people AS adult USING (household_id)
            WHERE child.age < 5 AND adult.age >= 18 AND NOT adult.shared GROUP BY adult.resident_id
        """,
    ),
    Indicator(
        code="lone_parent",
        title=_("Only adult with children"),
        unit="",
        explanation=_("The only adult that we know of in a household with a child under 16."),
        needs_sources=(),
        points=1,
        sql="""
            WITH household AS (
                SELECT household_id FROM people WHERE NOT shared AND household_id IS NOT NULL GROUP BY household_id
                HAVING count(*) FILTER (coalesce(age, 18) >= 18) = 1 AND count(*) FILTER (age < 16) > 0
            )
            SELECT resident_id, 1 FROM people JOIN household USING (household_id) WHERE coalesce(age, 18) >= 18
        """,
    ),
    Indicator(
        code="free_school_meals",
        title=_("Free school meals at home"),
        unit="children",
        explanation=_("How many children of the adult's household get free school meals, a sign of a low income."),
        needs_sources=("children_schools",),
        points=1,
        sql="""
            SELECT adult.resident_id, count(DISTINCT child.resident_id)
            FROM children_schools AS pupil JOIN people AS child USING (resident_id)
            JOIN people AS adult ON adult.household_id = child.household_id AND adult.age >= 18 AND NOT adult.shared
            WHERE pupil.free_school_meals GROUP BY adult.resident_id
        """,
    ),
    Indicator(
        code="no_digital_contact",
        title=_("No sign of being online"),
        unit="",
        explanation=_("An adult without an email address in any source, who does not use library computers."),
        needs_sources=(),
        points=1,
        sql="""
            SELECT resident_id, 1 FROM people WHERE NOT has_email AND age >= 18
            AND resident_id NOT IN (SELECT resident_id FROM libraries WHERE computer_use)
        """,
    ),
    Indicator(
        code="no_contact",
        title=_("No phone and no email"),
        unit="",
        explanation=_("An adult whom we can reach by letter or at the door only."),
        needs_sources=(),
        sql="SELECT resident_id, 1 FROM people WHERE NOT has_email AND NOT has_phone AND age >= 18",
    ),
)

INDICATORS: Mapping[str, Indicator] = {
    **{indicator.code: indicator for indicator in _DECLARED},
    SCORE: Indicator(
        code=SCORE,
        title=_("May need help"),
        unit="points",
        explanation=_("The points of all signs together: a reason to look, for a person to judge."),
        needs_sources=(),
        special=True,
        # Written by `scoring` from the points of the others.
        sql="",
    ),
}


def explain(values: Mapping[str, float]) -> list[str]:
    """The signs that a resident shows, those with most points first, in words: `Weeks of rent owed: 7 weeks`."""
    known = [INDICATORS[code] for code in values if code in INDICATORS and code != SCORE]
    known.sort(key=lambda indicator: -indicator.points)
    return [
        gettext(indicator.title)
        if not indicator.unit
        else gettext("%(sign)s: %(value)s")
        % {"sign": gettext(indicator.title), "value": indicator.value_words(values[indicator.code])}
        for indicator in known
    ]
