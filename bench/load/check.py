"""After the crowd went home: is everything that was acknowledged there, and nothing twice?"""

from collections import Counter
from datetime import timedelta

from bench.load.people import Crowd


def faults(crowd: Crowd) -> list[str]:
    """What is wrong, in words; nothing when all is well."""
    from django.db.models import Q
    from django_tasks_db.models import DBTaskResult

    from borough.cases.models import Case, CaseStep, Feedback
    from borough.cases.policies import people_of
    from borough.common import clock
    from borough.common.jobs import run_pending
    from borough.messaging.models import Message
    from borough.volunteers.models import Offer

    # What the killed worker had in hand is given back when its lease is over.
    with clock.at(clock.now() + timedelta(minutes=20)):
        run_pending()
    found = []
    # A person who was not content in the demo is helped again by somebody else.
    offers = Offer.objects.filter(offered_at__gte=crowd.began)
    states = dict(offers.values_list("id", "state"))
    lost = [one for one in crowd.accepted if states[one] not in ("accepted", "done", "could_not")]
    lost += [one for one in crowd.finished if states[one] != "done"]
    if lost:
        found.append(f"  LOST: {len(lost)} answers that a volunteer saw arrive")
    # Where nobody is to go alone, two are asked: in two places.
    taken = Counter(offers.filter(state__in=["accepted", "done"]).values_list("task_id", "place"))
    if doubled := [place for place, times in taken.items() if times > 1]:
        found.append(f"  DOUBLED: {len(doubled)} places have two volunteers")
    seconds = offers.filter(state__in=["accepted", "done"], place=2).values_list("case_id", flat=True)
    flags = dict(Case.objects.filter(pk__in=list(seconds)).values_list("id", "flags"))
    if unwanted := [one for one in seconds if people_of(flags[one]) < 2]:
        found.append(f"  DOUBLED: {len(unwanted)} tasks for one have a second volunteer")
    done = set(Offer.objects.filter(state="done").values_list("case_id", flat=True))
    helped = set(CaseStep.objects.filter(new="delivered").values_list("case_id", flat=True))
    if done - helped:
        found.append(f"  LOST: {len(done - helped)} tasks were done and their case does not know")
    asked = {
        one.split(":")[1] for one in Message.objects.filter(key__startswith="need-met:").values_list("key", flat=True)
    }
    # Whom no message reaches stands on the list of those whom staff ask.
    asked |= set(Feedback.objects.exclude(chased_by="").values_list("case_id", flat=True))
    unasked = [
        case for case in Case.objects.filter(state="delivered").values_list("id", flat=True) if case not in asked
    ]
    links = Counter(Message.objects.filter(about__startswith="offer:").values_list("about", flat=True))
    if unasked:
        found.append(f"  LOST: {len(unasked)} people were helped and never asked whether it was what they needed")
    if unsent := [one for one in states if f"offer:{one}" not in links]:
        found.append(f"  LOST: {len(unsent)} offers whose link was never sent")
    if twice := [one for one, times in links.items() if times > 1]:
        found.append(f"  DOUBLED: {len(twice)} offers had their link sent twice")
    # What is written at night or at a weekend goes out later, and waits for its time.
    later = Q(status="READY", run_after__gt=clock.now())
    if stuck := DBTaskResult.objects.exclude(status__in=["SUCCESSFUL", "SUCCEEDED"]).exclude(later).count():
        found.append(f"  LEFT: {stuck} jobs did not end well")
    if broken := crowd.counts["5xx"]:
        found.append(f"  BROKEN: {broken} pages failed")
    return found
