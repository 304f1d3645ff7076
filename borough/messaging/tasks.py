"""Background jobs of messaging."""

from django_tasks import task

from borough.messaging import sending


@task()
def send_batch(campaign_id: str, first: int, last: int) -> None:
    """Send the messages of a campaign between two ids, and come back for those that have to wait."""
    again = sending.send_due(campaign_id=campaign_id, first=first, last=last)
    if again is not None:
        send_batch.using(run_after=again).enqueue(campaign_id, first, last)
