"""Background jobs of cases."""

from django_tasks import task

from borough.accounts.policies import system_viewer
from borough.cases.actions import ask_need_met
from borough.common.errors import WrongState


@task()
def ask_whether_met(case_id: str) -> None:
    """Ask the person whether their need was met; one message for each delivery, however often the job runs."""
    try:
        ask_need_met(by=system_viewer("cases"), case_id=case_id)
    except WrongState:
        # Answered by phone before the job came round: nothing is left to ask.
        return
