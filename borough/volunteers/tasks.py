"""Background jobs of volunteers. Each is safe to run twice: a message has one key."""

from django_tasks import task

from borough.accounts.policies import system_viewer
from borough.governance.queries import purposes_open_to
from borough.volunteers.actions import (
    ask_the_next,
    remind_of_checks,
    send_links,
    tell_on_my_way,
    tell_pair,
    tell_resident,
    write_to_applicant,
    write_to_volunteer,
)
from borough.volunteers.policies import PURPOSE

_BY = system_viewer("volunteers")


@task()
def send_links_to(offer_ids: list[str]) -> None:
    """Send volunteers the links to these offers."""
    send_links(by=_BY, offer_ids=offer_ids)


@task()
def tell_resident_of(offer_id: str) -> None:
    """Tell the person who asked that a volunteer said yes."""
    tell_resident(by=_BY, offer_id=offer_id)


@task()
def tell_on_my_way_of(offer_id: str) -> None:
    """Tell the person who asked that a volunteer is on the way."""
    tell_on_my_way(by=_BY, offer_id=offer_id)


@task()
def tell_pair_of(task_id: str) -> None:
    """Tell both volunteers who go together that the other said yes."""
    tell_pair(by=_BY, task_id=task_id)


@task()
def write_to_applicant_of(application_id: str) -> None:
    """Tell somebody who wants to be a volunteer how their application stands, and what to do."""
    write_to_applicant(by=_BY, application_id=application_id)


@task()
def write_to_volunteer_of(volunteer_id: str) -> None:
    """Tell a volunteer who applied again that they are one."""
    write_to_volunteer(by=_BY, volunteer_id=volunteer_id)


def pass_on() -> None:
    """Regular work: who said no or nothing is followed by the next best."""
    if _is_covered():
        ask_the_next(by=_BY)


def remind() -> None:
    """Regular work: who has a check that ends soon is told."""
    if _is_covered():
        remind_of_checks(by=_BY)


def _is_covered() -> bool:
    """Whether an agreement is in force for it. A refusal would end the worker, or fill the ledger again and again."""
    return PURPOSE in {one.code for one in purposes_open_to(_BY)}
