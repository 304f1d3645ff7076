"""Background jobs of cases."""

import logging

from django_tasks import task

from borough.accounts.policies import system_viewer
from borough.cases.actions import (
    ask_need_met,
    chase,
    chase_unanswered,
    close_unanswered,
    continue_backlog,
    open_standing,
)
from borough.common.errors import NotAllowed, WrongState

log = logging.getLogger("borough.cases")


@task()
def ask_whether_met(case_id: str) -> None:
    """Ask the person whether their need was met; one message for each delivery, however often the job runs."""
    try:
        ask_need_met(by=system_viewer("cases"), case_id=case_id)
    except WrongState:
        # Answered by phone before the job came round: nothing is left to ask.
        return


@task()
def ask_once_more(feedback_id: int) -> None:
    """Ask by another channel whoever has not answered; one message, however often the job runs."""
    try:
        chase(by=system_viewer("cases"), feedback_id=feedback_id)
    except WrongState:
        return


@task()
def open_backlog_cases(backlog_id: int) -> None:
    """Open the cases of an uploaded file, some at a time; where it was killed it goes on, and none opens twice."""
    continue_backlog(by=system_viewer("cases"), backlog_id=backlog_id)


def follow_up_feedback() -> None:
    """What every worker does now and then: ask once more, and close what stayed silent."""
    by = system_viewer("cases")
    try:
        chase_unanswered(by=by)
        close_unanswered(by=by)
    except NotAllowed:
        # The next round tries again: an error would end the worker.
        log.warning("nobody was asked once more: no agreement lets the house do it")


def open_standing_cases() -> None:
    """What every worker does now and then: open the cases of standing requests whose day has come near."""
    try:
        open_standing(by=system_viewer("standing requests"))
    except NotAllowed:
        log.warning("no case of a standing request was opened: no agreement lets the house do it")
