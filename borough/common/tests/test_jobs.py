import threading
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import OperationalError, transaction
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from borough.common import clock, events, jobs
from borough.common.errors import NotFound
from borough.common.links import make_token, read_token

seen: list[str] = []


@dataclass(frozen=True)
class KettleBoiled(events.Event):
    kettle_id: str


def pour(event: KettleBoiled) -> None:
    seen.append(event.kettle_id)


@task()
def spill(text: str) -> None:
    raise RuntimeError(f"cannot hold {text}")


@pytest.fixture(autouse=True)
def empty_cup(monkeypatch):
    seen.clear()
    monkeypatch.setattr(events, "_handlers", {})


@pytest.mark.django_db(transaction=True)
def test_an_event_is_delivered_after_commit_and_not_after_rollback():
    events.subscribe(KettleBoiled, pour)
    events.subscribe(KettleBoiled, pour)
    with transaction.atomic():
        events.announce(KettleBoiled("k1"))
        assert seen == []
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        events.announce(KettleBoiled("k2"))
        raise ZeroDivisionError
    jobs.run_pending()
    assert seen == ["k1"]


@pytest.mark.django_db(transaction=True)
def test_a_failing_job_is_tried_three_times_and_its_words_are_not_kept():
    spill.enqueue("Mrs Jones")
    for minutes in (0, 1, 10):
        DBTaskResult.objects.update(run_after=clock.now() - timedelta(minutes=minutes))
        jobs.run_pending()
    job = DBTaskResult.objects.get()
    assert (job.status, len(job.worker_ids)) == ("FAILED", 3)
    assert "Mrs Jones" not in job.traceback
    assert "test_jobs.py" in job.traceback


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("attempts", "status"), [(1, "READY"), (3, "FAILED")])
def test_the_job_of_a_killed_worker_comes_back_unless_it_keeps_killing(attempts, status):
    spill.enqueue("x")
    DBTaskResult.objects.update(
        status="RUNNING", started_at=clock.now() - jobs.LEASE - timedelta(seconds=1), worker_ids=["w"] * attempts
    )
    jobs.release_abandoned()
    assert DBTaskResult.objects.get().status == status


def test_a_link_opens_only_what_it_was_made_for():
    token = make_token("offer", "O1")
    assert read_token("offer", token, keep=timedelta(days=1)) == "O1"
    edited = token[:-1] + ("A" if token[-1] != "A" else "B")
    for kind, bad in [("feedback", token), ("offer", edited), ("offer", "")]:
        with pytest.raises(NotFound, match="does not work"):
            read_token(kind, bad, keep=timedelta(days=1))
    with pytest.raises(NotFound, match="expired"):
        read_token("offer", token, keep=timedelta(seconds=-1))


@pytest.mark.django_db(transaction=True)
def test_what_is_done_regularly_goes_on_beside_the_jobs_and_after_a_server_that_restarts(monkeypatch, caplog):
    stop, rounds = threading.Event(), []

    def work():
        rounds.append(1)
        if len(rounds) == 1:
            raise OperationalError
        stop.set()

    monkeypatch.setattr(jobs, "_regular", {work: 0.0})
    beside = threading.Thread(target=jobs._keep_doing, args=[stop])
    beside.start()
    beside.join(10)
    assert len(rounds) == 2
    assert "OperationalError" in caplog.text
