"""Background jobs: Django's task interface on the main database, with a lease, bounded retries and a reaper.

Enqueue with `some_task.enqueue(...)`: it is part of the caller's transaction. A job may run more than once, after a
crash or an error, so each must be safe to repeat. Payloads hold identifiers only.
"""

import logging
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import F, Func, IntegerField
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from borough.common import clock
from borough.common.ids import mint_id

log = logging.getLogger("borough.jobs")

LEASE = timedelta(minutes=15)
MAX_ATTEMPTS = 3
BACKOFF = timedelta(seconds=30)


_regular: dict[Callable[[], object], float] = {}


def do_regularly(work: Callable[[], object], *, every_s: float) -> None:
    """Have every worker do this so often, beside its jobs: a job that takes long does not hold it up. It must be safe
    to do twice at once."""
    _regular[work] = every_s


class HouseWorker(Worker):
    """django-tasks-db's worker, which alone leaves the task of a killed worker running for ever and never retries."""

    def run_task(self, job: "DBTaskResult[Any, Any]") -> None:
        super().run_task(job)
        job.refresh_from_db()
        if job.status == "FAILED":
            attempts = len(job.worker_ids)
            log.warning("job %s %s failed (%s), attempt %d", job.task_path, job.id, job.exception_class_path, attempts)
            # The text of an error may quote a person's data: keep its kind and place only.
            job.traceback = _places_only(job.traceback)
            if attempts < MAX_ATTEMPTS:
                job.status = "READY"
                job.run_after = clock.now() + BACKOFF * 4 ** (attempts - 1)
            job.save(update_fields=["status", "run_after", "traceback"])


def run_pending() -> None:
    """Run every job that is due in this process, and what is done regularly, then return."""
    release_abandoned()
    _worker().run()
    for work in _regular:
        work()


def run_forever(interval_s: float = 1.0) -> None:
    """Run jobs as they come. SIGTERM and Ctrl+C let the current job finish."""
    worker = _worker()
    stop = threading.Event()

    def ask_to_stop(signum: int, frame: object) -> None:
        worker.running = False
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    beside = threading.Thread(target=_keep_doing, args=[stop], name="regular work", daemon=True)
    beside.start()
    while not stop.is_set():
        if not beside.is_alive():
            raise RuntimeError("regular work ended with an error, so this worker ends too")
        release_abandoned()
        worker.run()
        stop.wait(interval_s)
    beside.join()


def _keep_doing(stop: threading.Event) -> None:
    due = dict.fromkeys(_regular, 0.0)
    while not stop.is_set():
        for work, when in due.items():
            if monotonic() >= when:
                due[work] = monotonic() + _regular[work]
                try:
                    work()
                except DatabaseError as error:
                    # A server that restarts: the next round has a new connection.
                    log.warning("regular work %s failed (%s)", work.__qualname__, type(error).__name__)
                    connection.close()
        stop.wait(0.5)
    connection.close()


def release_abandoned() -> int:
    """Give the jobs of killed workers back to the queue; a job that keeps killing its worker is set aside as failed.

    Returns how many were given back.
    """
    abandoned = DBTaskResult.objects.filter(status="RUNNING", started_at__lt=clock.now() - LEASE)
    length = "jsonb_array_length" if connection.vendor == "postgresql" else "json_array_length"
    attempts = Func(F("worker_ids"), function=length, output_field=IntegerField())
    abandoned.annotate(attempts=attempts).filter(attempts__gte=MAX_ATTEMPTS).update(
        status="FAILED", finished_at=clock.now(), exception_class_path="borough.common.jobs.KilledItsWorker"
    )
    return abandoned.update(status="READY")


def _worker() -> HouseWorker:
    return HouseWorker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=None,
        worker_id=mint_id("W"),
        excluded_queue_names=[],
    )


def _places_only(traceback: str) -> str:
    return "\n".join(line for line in traceback.splitlines() if line.startswith("  File "))
