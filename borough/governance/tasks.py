"""Background jobs of governance."""

from django_tasks import task

from borough.governance.actions import gather_copy


@task()
def gather(reference: str) -> None:
    gather_copy(reference)
