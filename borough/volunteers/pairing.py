"""Two volunteers who go together, because nobody is to visit this person alone."""

from collections.abc import Collection

from borough.volunteers.models import Offer


def partners_of(offers: Collection[Offer]) -> dict[str, str]:
    """By offer: the forename of the volunteer who said yes to going there with theirs."""
    task_ids = [offer.task_id for offer in offers if offer.task_id]
    yes = Offer.objects.filter(task_id__in=task_ids, state="accepted").values_list("id", "task_id", "volunteer__name")
    said = [(offer.id, other, name) for offer in offers for other, task_id, name in yes if task_id == offer.task_id]
    return {offer_id: name.split(" ")[0] for offer_id, other, name in said if other != offer_id}
