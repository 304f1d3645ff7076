"""Why two records are taken for one person or not, in bits, by the model in use."""

from collections.abc import Collection, Sequence
from functools import lru_cache

from django.utils.translation import gettext as _

from borough.governance.door import Opening
from borough.residents import keeping
from borough.residents.linkage.model import Model
from borough.residents.linkage.scorer import Reason, Scorer
from borough.residents.models import Comparable, LinkageModel, Pair

# The field of an agreement that opens what a comparison tells; what is not here tells of nobody's own data.
OPENED_BY = {
    "forename": "name",
    "middle_name": "name",
    "surname": "name",
    "namesakes": "name",
    "sex": "name",
    "dob": "date_of_birth",
    "address": "address",
    "moves": "address",
    "household": "address",
    "phone": "contact",
    "email": "contact",
    "nino": "identifiers",
    "nhs_number": "identifiers",
}


def explain_pairs(pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], list[Reason]]:
    """The bars of each pair of record ids, which add up to its weight: where we begin, each comparison, namesakes and
    one household. Left out are pairs with a record that has not been linked yet. Four queries at most."""
    number = keeping.newest_number()
    if number is None:
        return {}
    scorer = scorer_of(number)
    ends = {record for pair in pairs for record in pair}
    rows = {values["record_id"]: scorer.row(values) for values in Comparable.objects.filter(pk__in=ends).values()}
    # What others of the two homes did is in the kept weight, and cannot be told from the two records.
    weights = {
        (low, high): weight
        for low, high, weight in Pair.objects.filter(low__in=ends, high__in=ends).values_list("low", "high", "weight")
    }
    return {
        (low, high): scorer.explain(rows[low], rows[high], weights.get((low, high)))
        for low, high in pairs
        if low in rows and high in rows
    }


def only_opened(reasons: Sequence[Reason], opening: Opening) -> list[Reason]:
    """The reasons with those of closed fields put together into one that names none, so that they still add up."""
    closed = {field for field, opened_by in OPENED_BY.items() if not opening.shows(opened_by)}
    shown = [reason for reason in reasons if reason.field not in closed]
    rest = [reason.bits for reason in reasons if reason.field in closed]
    return [*shown, Reason("closed", _("What your agreement does not open"), sum(rest))] if rest else shown


# Making a scorer compiles its SQL; a model never changes.
@lru_cache(maxsize=2)
def scorer_of(number: int) -> Scorer:
    return Scorer(Model.from_json(LinkageModel.objects.values_list("parameters", flat=True).get(pk=number)))
