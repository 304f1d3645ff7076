"""Making offers, and closing those that nobody answered in time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta

from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer, check_may_work_as
from borough.cases.actions import hand_back, mark_offered
from borough.cases.kinds import kind
from borough.cases.queries import WaitingTask
from borough.common import clock
from borough.governance.door import open_door
from borough.volunteers.availability import day_of
from borough.volunteers.matching import Match
from borough.volunteers.models import LIVE, Offer
from borough.volunteers.on_duty import Room
from borough.volunteers.outside import late_offers
from borough.volunteers.policies import MATCHERS, PURPOSE, expires_at


def expire_offers(*, by: Viewer) -> int:
    """Close the offers whose time to answer is over, and give their cases back. Returns how many."""
    check_may_work_as(by, *MATCHERS)
    if not late_offers(clock.now()):
        return 0
    open_door(viewer=by, purpose=PURPOSE, verb="volunteers.expire_offers")
    with transaction.atomic():
        late = list(
            Offer.objects.select_for_update().filter(state="offered", expires_at__lte=clock.now()).order_by("id")
        )
        Offer.objects.filter(pk__in=[offer.id for offer in late]).update(state="expired")
        for purpose in {offer.purpose for offer in late}:
            hand_back(
                by=by,
                purpose=purpose,
                task_ids=[offer.task_id for offer in late if offer.purpose == purpose],
                leaving=who_of(offer for offer in late if offer.purpose == purpose),
                reason=_("No answer in time."),
            )
    return len(late)


def offer_matches(
    matches: Iterable[Match],
    *,
    waiting: Iterable[WaitingTask],
    areas: dict[str, str],
    by: Viewer,
    purpose: str,
    answer_minutes: int | None = None,
) -> list[Offer]:
    """Make the offers whose task still waits and whose volunteer still has room, and have their links sent."""
    tasks = {task.id: task for task in waiting}
    chosen = {(one.task_id, one.helper_id): one for one in matches}
    now, tomorrow = clock.now(), clock.today() + timedelta(days=1)
    with transaction.atomic():
        room = Room({volunteer_id for _task, volunteer_id in chosen})
        days = {one.id: day_of(one.ends_at, one.due_on, tomorrow=tomorrow) for one in tasks.values()}
        possible: dict[str, list[str]] = defaultdict(list)
        for task_id, volunteer_id in chosen:
            if room.take(volunteer_id, days[task_id], tasks[task_id].starts_at, tasks[task_id].ends_at):
                possible[task_id].append(volunteer_id)
        asked = mark_offered(by=by, purpose=purpose, owners=possible)
        # Who is asked already of a task that one more is looked for.
        held = Offer.objects.filter(state__in=LIVE, task_id__in=list(asked), place=1)
        first_is_taken = set(held.values_list("task_id", flat=True))
        offers = [
            Offer(
                case_id=tasks[task_id].case_id,
                task_id=task_id,
                resident_id=tasks[task_id].resident_id,
                volunteer_id=volunteer_id,
                purpose=purpose,
                service=tasks[task_id].service,
                need_label=kind(tasks[task_id].service).needs[tasks[task_id].need],
                area=areas.get(task_id, ""),
                reasons=asdict(chosen[task_id, volunteer_id]),
                by=by.name,
                offered_at=now,
                expires_at=expires_at(now, tasks[task_id].urgency, answer_minutes),
                answer_minutes=answer_minutes,
                place=place,
                day=days[task_id],
                starts_at=tasks[task_id].starts_at,
                ends_at=tasks[task_id].ends_at,
            )
            for task_id, volunteers in asked.items()
            for place, volunteer_id in enumerate(volunteers, start=1 + (task_id in first_is_taken))
        ]
        Offer.objects.bulk_create(offers, batch_size=500)
        enqueue_links([offer.id for offer in offers])
    return offers


def who_of(offers: Iterable[Offer]) -> dict[str, set[str]]:
    """By task: the volunteers of these offers."""
    volunteers: dict[str, set[str]] = defaultdict(set)
    for offer in offers:
        volunteers[offer.task_id].add(offer.volunteer_id)
    return volunteers


def enqueue_links(offer_ids: list[str]) -> None:
    # Jobs stand above verbs, so a verb names its job. In the transaction of the offers: none is made and not sent.
    job = import_string("borough.volunteers.tasks.send_links_to")
    for start in range(0, len(offer_ids), 100):
        job.enqueue(offer_ids[start : start + 100])
