"""Background jobs of messaging."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from borough.common import clock
from borough.messaging import sending


@task()
def send_batch(campaign_id: str, first: int, last: int) -> None:
    """Send the messages of a campaign between two ids, and come back for those that have to wait."""
    again = sending.send_due(campaign_id=campaign_id, first=first, last=last)
    if again is not None:
        # The worker goes by the real time. A rehearsal's clock stands in the past, where the wait would seem over at
        # once, again and again.
        wait = max(again - clock.now(), timedelta(seconds=1))
        send_batch.using(run_after=timezone.now() + wait).enqueue(campaign_id, first, last)
