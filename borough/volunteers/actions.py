"""Published writes of volunteers."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.policies import SYSTEM, Viewer, check_may_work_as, system_viewer
from borough.cases.actions import (
    add_note,
    hand_back,
    mark_matched,
    record_delivery,
    send_case_message,
)
from borough.cases.kinds import kind
from borough.cases.queries import list_waiting, read_waiting, ready_pairs
from borough.common import clock
from borough.common.errors import NotFound, Problem, WrongState
from borough.common.events import announce
from borough.governance.door import open_door
from borough.governance.queries import check_rule_is_on, is_rule_on
from borough.messaging.policies import is_quiet
from borough.volunteers import queries
from borough.volunteers.events import OfferAccepted, OfferFinished
from borough.volunteers.importing import import_volunteers
from borough.volunteers.joining import (
    apply_to_volunteer,
    approve_application,
    confirm_application,
    decline_application,
    write_to_applicant,
    write_to_volunteer,
)
from borough.volunteers.matching import Why, match, rank
from borough.volunteers.matching_rule import RULE
from borough.volunteers.models import LIVE, OFFER_STATES, KeptApart, Offer, new_nonce
from borough.volunteers.offering import enqueue_links, expire_offers, offer_matches
from borough.volunteers.outside import live_offers_of, offers_to_pass_on
from borough.volunteers.own import add_away, choose_hours, choose_rather_not, remove_away, set_duty
from borough.volunteers.pairing import partners_of
from borough.volunteers.policies import (
    ASKED_AT_MOST,
    MATCHERS,
    PURPOSE,
    WRONG_PROOFS,
    is_on_the_day,
    proof_of,
)
from borough.volunteers.proposing import change_proposed, propose_matches, send_proposal
from borough.volunteers.reminding import remind_of_checks
from borough.volunteers.scope import fetch_volunteer
from borough.volunteers.writing import write_to

# What this room publishes from its other modules, beside what stands here.
__all__ = ["add_away", "change_proposed", "choose_hours", "expire_offers", "import_volunteers", "propose_matches"]
__all__ += ["choose_rather_not", "remind_of_checks", "remove_away", "send_proposal", "set_duty"]
__all__ += ["apply_to_volunteer", "approve_application", "confirm_application", "decline_application"]
__all__ += ["write_to_applicant", "write_to_volunteer"]

# Who acts on what another room announced.
_HOUSE = system_viewer("volunteers")


@dataclass(frozen=True)
class MatchReport:
    """`unplaced` counts, by reason, the tasks that no volunteer could be found for."""

    waiting: int
    offered: int
    expired: int
    unplaced: dict[Why, int] = field(default_factory=dict)


def match_open_cases(*, by: Viewer, purpose: str, service: str | None = None) -> MatchReport:
    """Offer each waiting task to the volunteer that the best choice over all of them gives it; links go out as jobs.

    Offers that nobody answered in time are closed first, and their tasks take part.
    """
    check_may_work_as(by, *MATCHERS)
    expired = expire_offers(by=by)
    waiting = list_waiting(viewer=by, purpose=purpose, service=service)
    check_rule_is_on(RULE.code)
    if not waiting:
        return MatchReport(waiting=0, offered=0, expired=expired)
    tasks, areas = queries.tasks_of(waiting, viewer=by, purpose=purpose)
    matching = match(tasks, queries.free_helpers(), now=clock.now())
    offers = offer_matches(matching.matches, waiting=waiting, areas=areas, by=by, purpose=purpose)
    why: dict[Why, int] = {}
    for reason in matching.unplaced.values():
        why[reason] = why.get(reason, 0) + 1
    offered = len({offer.task_id for offer in offers})
    return MatchReport(waiting=len(waiting), offered=offered, expired=expired, unplaced=why)


def make_offer(
    *, by: Viewer, purpose: str, task_id: str, volunteer_id: str = "", answer_minutes: int | None = None
) -> str:
    """Offer one task to one volunteer whom a person chose among those who can do it, or else to the best of them; to
    the two best where nobody is to go alone.

    With `answer_minutes` it is asked live: who does not answer in time has the next best asked, and so on. Returns the
    offer's id.
    """
    check_may_work_as(by, *MATCHERS)
    waiting = read_waiting(task_id, viewer=by, purpose=purpose)
    if waiting is None:
        raise WrongState(_("Somebody is helping with this case already."), _("Open it again to see who."))
    tasks, areas = queries.tasks_of([waiting], viewer=by, purpose=purpose)
    helpers = [helper for helper in queries.free_helpers() if volunteer_id in ("", helper.id)]
    suitable = rank(tasks[0], helpers, now=clock.now(), limit=1 if volunteer_id else tasks[0].people)
    if not suitable:
        raise WrongState(
            _("This volunteer cannot take this case: too far, busy, not checked, or asked before."),
            _("Choose one from the list."),
        )
    offers = offer_matches(
        suitable, waiting=[waiting], areas=areas, by=by, purpose=purpose, answer_minutes=answer_minutes
    )
    if not offers:
        raise WrongState(_("Somebody is helping with this case already."), _("Open it again to see who."))
    return offers[0].id


def ask_the_next(*, by: Viewer) -> int:
    """Offers that were declined, or whose time is over, and who left another that they were to go with: ask the next
    best for their tasks, all at once. Returns how many were asked. After ten who did not accept a task waits for a
    person, and so does one that nobody else can do.

    Does nothing while the rule is switched off. Safe to do twice at once: a task is offered only while it waits.
    """
    check_may_work_as(by, SYSTEM)
    expire_offers(by=by)
    found = offers_to_pass_on()
    if not found or not is_rule_on(RULE.code):
        return 0
    open_door(viewer=by, purpose=PURPOSE, verb="volunteers.ask_the_next")
    asked = 0
    for purpose, minutes in sorted({(one.purpose, one.answer_minutes) for one in found}, key=str):
        ours = {one.task_id for one in found if (one.purpose, one.answer_minutes) == (purpose, minutes)}
        tried = dict(Offer.objects.filter(task_id__in=ours).values_list("task_id").annotate(Count("id")).order_by())
        waiting = [
            one for one in list_waiting(viewer=by, purpose=purpose) if one.id in ours and tried[one.id] < ASKED_AT_MOST
        ]
        if waiting:
            tasks, areas = queries.tasks_of(waiting, viewer=by, purpose=purpose)
            matches = match(tasks, queries.free_helpers(), now=clock.now()).matches
            made = offer_matches(matches, waiting=waiting, areas=areas, by=by, purpose=purpose, answer_minutes=minutes)
            asked += len(made)
    Offer.objects.filter(pk__in=[one.id for one in found]).update(passed_on=True)
    return asked


def keep_apart(*, by: Viewer, purpose: str, offer_id: str) -> None:
    """The resident does not want this volunteer again, or the volunteer them: they are not matched any more."""
    check_may_work_as(by, *MATCHERS)
    opening = open_door(viewer=by, purpose=purpose, verb="volunteers.keep_apart")
    offer = Offer.objects.filter(pk=offer_id, purpose=purpose).exclude(resident_id="").first()
    if offer is None:
        raise NotFound(_("We do not know which resident this is."), _("Take the offer back, and note it on the case."))
    with transaction.atomic():
        KeptApart.objects.get_or_create(
            volunteer_id=offer.volunteer_id, resident_id=offer.resident_id, defaults={"by": by.name, "at": clock.now()}
        )
        opening.wrote([offer.resident_id])


def send_links(*, by: Viewer, offer_ids: list[str]) -> None:
    """Send volunteers the links to their offers; each message goes once however often this runs."""
    check_may_work_as(by, *MATCHERS)
    open_door(viewer=by, purpose=PURPOSE, verb="volunteers.send_links")
    for offer in Offer.objects.select_related("volunteer").filter(pk__in=offer_ids, state="offered").order_by("id"):
        write_to(
            offer.volunteer,
            by=by,
            wording=kind(offer.service).wording("offer"),
            about=f"offer:{offer.id}",
            key=f"offer:{offer.id}:{offer.nonce}",
            values={"need": gettext(offer.need_label).lower(), "link": queries.offer_link(offer)},
        )


def send_new_link(*, by: Viewer, offer_id: str) -> None:
    """The volunteer lost the message, or it went to the wrong phone: the old link closes and a new one goes out."""
    check_may_work_as(by, *MATCHERS)
    open_door(viewer=by, purpose=PURPOSE, verb="volunteers.send_new_link")
    with transaction.atomic():
        changed = Offer.objects.filter(pk=offer_id, state="offered").update(nonce=new_nonce(), wrong_proofs=0)
        if not changed:
            raise WrongState(_("This offer does not wait for an answer."), _("Make another offer."))
        enqueue_links([offer_id])


def prove_holder(*, token: str, answer: str) -> str:
    """Is the person with this link the volunteer? `answer`: the last four digits of their number, or their e-mail.

    Returns a proof for `queries.read_offer`. Five wrong answers close the link.
    """
    offer = queries.offer_behind(token)
    if offer.wrong_proofs >= WRONG_PROOFS:
        raise NotFound(_("This link is closed after too many wrong answers."), _("Call us and we will send a new one."))
    expected = proof_of(offer.volunteer.phone, offer.volunteer.email)
    if answer.strip().lower().replace(" ", "") != expected:
        Offer.objects.filter(pk=offer.pk).update(wrong_proofs=F("wrong_proofs") + 1)
        raise Problem(_("That is not what we have for you."), _("Check it and try again, or call us."))
    return queries.make_proof(offer)


def answer_offer(*, token: str, accept: bool) -> None:
    """The volunteer says yes or no, by their link. Saying the same again is the same as once."""
    offer = queries.offer_behind(token)
    if offer.state == "accepted" and accept:
        return
    by = queries.viewer_of_offer(offer)
    with transaction.atomic():
        locked, others = _lock_with_others(offer.id)
        _change(locked, "accepted" if accept else "declined")
        if not accept:
            _leave(locked, by=by, purpose=offer.purpose, reason=_("The volunteer said no."))
            return
        all_said_yes = all(other.state == "accepted" for other in others)
        if all_said_yes and mark_matched(by=by, purpose=offer.purpose, task_id=offer.task_id):
            import_string("borough.volunteers.tasks.tell_resident_of").enqueue(offer.id)
            if others:
                import_string("borough.volunteers.tasks.tell_pair_of").enqueue(offer.task_id)
        announce(OfferAccepted(offer_id=offer.id, case_id=offer.case_id))


def finish_offer(*, token: str, done: bool, text: str = "", minutes: int | None = None) -> None:
    """The volunteer says that they helped and how long it took, or could not and why. The case follows.

    Of two who went together one says it for both; who could not go leaves the other, and one more is looked for.
    """
    offer = queries.offer_behind(token)
    by = queries.viewer_of_offer(offer)
    with transaction.atomic():
        locked, others = _lock_with_others(offer.id)
        locked.minutes = minutes
        _change(locked, "done" if done else "could_not")
        if text.strip():
            add_note(by=by, purpose=offer.purpose, case_id=offer.case_id, text=text)
        if done:
            record_delivery(by=by, purpose=offer.purpose, task_id=offer.task_id)
            for other in others:
                _change(other, "done")
        else:
            _leave(locked, by=by, purpose=offer.purpose, reason=_("The volunteer could not do it."))
        announce(OfferFinished(offer_id=offer.id, case_id=offer.case_id, done=done))


def say_on_my_way(*, token: str) -> None:
    """The volunteer is on the way: the person who asked is told, once, whichever of two says so. Again is as once."""
    offer, now = queries.offer_behind(token), clock.now()
    ready = ready_pairs([offer.task_id]).get(offer.task_id, True)
    if offer.state != "accepted" or not ready:
        raise WrongState(_("You are not to go yet."), _("Wait until the task is yours. We send you a message."))
    if not is_on_the_day(now, offer.starts_at, offer.ends_at) or is_quiet(now):
        raise WrongState(
            _("We write to people on the day of the task only, from 9am to 8pm and not on a Sunday."),
            _("Call them before you go."),
        )
    with transaction.atomic():
        locked, others = _lock_with_others(offer.id)
        if all(one.on_my_way_at is None for one in (locked, *others)):
            Offer.objects.filter(pk__in=[one.pk for one in (locked, *others)]).update(on_my_way_at=now)
            import_string("borough.volunteers.tasks.tell_on_my_way_of").enqueue(offer.id)


def tell_on_my_way(*, by: Viewer, offer_id: str) -> None:
    """Tell the person who asked, in their language, who is on the way with what. Once for each offer."""
    check_may_work_as(by, SYSTEM)
    open_door(viewer=by, purpose=PURPOSE, verb="volunteers.tell_on_my_way")
    offer = _fetch(offer_id)
    if offer.state != "accepted":
        return
    names = [offer.volunteer.name.split(" ")[0], *partners_of([offer]).values()]
    send_case_message(
        by=by,
        case_id=offer.case_id,
        wording="on_my_way",
        key=f"on_my_way:{offer.id}",
        values={"volunteer": ", ".join(names), "need": gettext(offer.need_label).lower()},
    )


def raise_concern(*, token: str, text: str) -> None:
    """The volunteer is worried about the person: a flagged note on the case, first in the queue; staff are told."""
    offer = queries.offer_behind(token)
    if offer.state != "accepted":
        raise WrongState(_("Accept the task first."), "")
    add_note(by=queries.viewer_of_offer(offer), purpose=offer.purpose, case_id=offer.case_id, text=text, flagged=True)


def withdraw_offer(*, by: Viewer, purpose: str, offer_id: str, reason: str) -> None:
    """Staff take an offer back, also one that was accepted: its link closes and the case goes back to the team."""
    check_may_work_as(by, *MATCHERS)
    open_door(viewer=by, purpose=purpose, verb="volunteers.withdraw_offer")
    with transaction.atomic():
        offer = _lock(offer_id)
        _change(offer, "withdrawn")
        _leave(offer, by=by, purpose=purpose, reason=reason)


def close_offers_of(task_id: str) -> None:
    """The task was ended by staff: its live offers, if there are any, are taken back and their links open nothing.

    For the event TaskEnded; safe to repeat.
    """
    if not live_offers_of(task_id):
        return
    open_door(viewer=_HOUSE, purpose=PURPOSE, verb="volunteers.close_offers_of")
    with transaction.atomic():
        for offer in Offer.objects.select_for_update().filter(task_id=task_id, state__in=LIVE).order_by("id"):
            _change(offer, "withdrawn")


def change_duty(*, by: Viewer, volunteer_id: str, on: bool) -> None:
    """Somebody who looks after a volunteer says for them that they are on duty, or that they are asked nothing."""
    volunteer = fetch_volunteer(volunteer_id, viewer=by, verb="volunteers.change_duty")
    volunteer.on_duty = on
    volunteer.save(update_fields=["on_duty"])


def note_need_answered(*, case_id: str, answer: str) -> None:
    """The person said whether their need was met: who helped them is trusted with them from now on, or not any more.

    For the event NeedAnswered; safe to repeat.
    """
    open_door(viewer=_HOUSE, purpose=PURPOSE, verb="volunteers.note_need_answered")
    Offer.objects.filter(case_id=case_id, state="done").update(need_met=answer == "yes")


def tell_resident(*, by: Viewer, offer_id: str) -> None:
    """Tell the person who asked that a volunteer will come. Once for each offer."""
    check_may_work_as(by, *MATCHERS)
    open_door(viewer=by, purpose=PURPOSE, verb="volunteers.tell_resident")
    offer = _fetch(offer_id)
    if offer.state == "accepted":
        send_case_message(by=by, case_id=offer.case_id, wording="accepted", key=f"accepted:{offer.id}")


def go_alone(*, by: Viewer, task_id: str) -> None:
    """No second volunteer is needed any more: who said yes already has the task, and is told. Safe to repeat."""
    check_may_work_as(by, SYSTEM)
    open_door(viewer=by, purpose=PURPOSE, verb="volunteers.go_alone")
    with transaction.atomic():
        locked = Offer.objects.select_for_update(of=("self",)).select_related("volunteer")
        offer = locked.filter(task_id=task_id, state="accepted").first()
        if offer is None:
            return
        try:
            ready = mark_matched(by=queries.viewer_of_offer(offer), purpose=offer.purpose, task_id=task_id)
        except WrongState:
            return
        if ready:
            import_string("borough.volunteers.tasks.tell_resident_of").enqueue(offer.id)
            values = {"need": gettext(offer.need_label).lower(), "link": queries.offer_link(offer)}
            key = f"go_now:{offer.id}:{offer.offered_at}"
            write_to(offer.volunteer, by=by, wording="go_now", about=f"offer:{offer.id}", key=key, values=values)


def tell_pair(*, by: Viewer, task_id: str) -> None:
    """Tell both volunteers of a task that the other said yes too; or the one who is left, not to go alone. Once each
    time that it changes, however often this runs."""
    check_may_work_as(by, SYSTEM)
    ready = ready_pairs([task_id])
    if not ready:
        return
    open_door(viewer=by, purpose=PURPOSE, verb="volunteers.tell_pair")
    words = "together" if ready[task_id] else "not_alone"
    offers = list(Offer.objects.select_related("volunteer").filter(task_id=task_id, state="accepted").order_by("id"))
    partners = partners_of(offers)
    left = Offer.objects.filter(task_id=task_id).exclude(state__in=LIVE).count()
    for offer in offers:
        write_to(
            offer.volunteer,
            by=by,
            wording=words,
            about=f"offer:{offer.id}",
            key=f"{words}:{offer.id}:{left}",
            values={
                "need": gettext(offer.need_label).lower(),
                "link": queries.offer_link(offer),
                "partner": partners.get(offer.id, ""),
            },
        )


def _lock(offer_id: str) -> Offer:
    offer = Offer.objects.select_for_update().filter(pk=offer_id).first()
    if offer is None:
        raise NotFound(_("There is no such offer."))
    return offer


def _lock_with_others(offer_id: str) -> tuple[Offer, list[Offer]]:
    """An offer, and the live ones to those who would go with them. In one order, so that two answers at once wait."""
    task = Offer.objects.filter(pk=offer_id).exclude(task_id="").values("task_id")
    together = Q(pk=offer_id) | Q(task_id__in=task, state__in=LIVE)
    locked = {offer.id: offer for offer in Offer.objects.select_for_update().filter(together).order_by("id")}
    return locked.pop(offer_id), list(locked.values())


def _leave(offer: Offer, *, by: Viewer, purpose: str, reason: str) -> None:
    """Its volunteer does not help with this task; who would go with them stays."""
    leaving = {offer.task_id: [offer.volunteer_id]}
    hand_back(by=by, purpose=purpose, task_ids=[offer.task_id], leaving=leaving, reason=reason)


def _fetch(offer_id: str) -> Offer:
    offer = Offer.objects.select_related("volunteer").filter(pk=offer_id).first()
    if offer is None:
        raise NotFound(_("There is no such offer."))
    return offer


def _change(offer: Offer, to: str) -> None:
    OFFER_STATES.check_change(offer.state, to)
    now = clock.now()
    if offer.state == "offered":
        offer.answered_at = now
    else:
        offer.finished_at = now
    offer.state = to
    offer.save(update_fields=["state", "answered_at", "finished_at", "minutes"])
