"""Background jobs of volunteers. Each is safe to run twice: a message has one key."""

from django_tasks import task

from borough.accounts.policies import system_viewer
from borough.volunteers.actions import send_links, tell_resident

_BY = system_viewer("volunteers")


@task()
def send_links_to(offer_ids: list[str]) -> None:
    """Send volunteers the links to these offers."""
    send_links(by=_BY, offer_ids=offer_ids)


@task()
def tell_resident_of(offer_id: str) -> None:
    """Tell the person who asked that a volunteer said yes."""
    tell_resident(by=_BY, offer_id=offer_id)
