"""A volunteer's own page on their phone: opened by a proof that a task's link gave, so that no address opens it alone.

It shows no resident: each task's own link does, once it is accepted and proved.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from borough.cases.queries import ready_pairs
from borough.common import clock
from borough.common.clock import LONDON
from borough.common.errors import NotFound, Problem
from borough.common.links import make_token, read_token
from borough.governance.door import open_door_without_account
from borough.volunteers.availability import DAYTIME, HOURS
from borough.volunteers.models import LIVE, Away, Offer, Volunteer
from borough.volunteers.outside import known_offer, viewer_of_offer
from borough.volunteers.pairing import partners_of
from borough.volunteers.policies import LINK_KEPT, MINUTES_UNTOLD, rests_until

MILESTONES = (1, 5, 10, 25, 50, 100, 250)
AWAY_AT_MOST = 20


@dataclass(frozen=True)
class OwnTask:
    """A task asked of the volunteer, or theirs. `token` opens its page. `two`, `ready`, `partner` as of OfferView."""

    need_label: str
    area: str
    day: date | None
    starts_at: datetime | None
    ends_at: datetime | None
    state: str
    token: str
    two: bool
    ready: bool
    partner: str


@dataclass(frozen=True)
class OwnPage:
    """`today` are the accepted tasks of today or before, `later` the others and `asked` those that wait for an answer.

    `hours`: the chosen parts of a week. `rather_not`: those of their `skills` for which they are asked last. `thanks`:
    what they did, in words. `rests_until`: asked nothing until then.
    """

    forename: str
    on_duty: bool
    hours: list[str]
    skills: list[str]
    rather_not: list[str]
    away: list[tuple[int, date, date]]
    today: list[OwnTask]
    later: list[OwnTask]
    asked: list[OwnTask]
    thanks: list[str]
    rests_until: date | None


def read_own(proofs: Collection[str]) -> OwnPage:
    """The page of the volunteer whose proof is among `proofs`. Raises NotFound, in words for them, without one."""
    volunteer, today = _holder(proofs), clock.today()
    offers = list(volunteer.offers.filter(state__in=(*LIVE, "done")).order_by("day", "starts_at", "offered_at"))
    live = [
        (offer, offer.day or today)
        for offer in offers
        if offer.state == "accepted" or (offer.state == "offered" and offer.expires_at > clock.now())
    ]
    ready, partners = ready_pairs([one.task_id for one, _day in live]), partners_of([one for one, _day in live])

    def told(offer: Offer) -> OwnTask:
        return _task(offer, offer.task_id in ready, ready.get(offer.task_id, True), partners.get(offer.id, ""))

    done = [one for one in offers if one.state == "done"]
    days = [(one.finished_at.astimezone(LONDON).date(), one.minutes) for one in done if one.finished_at]
    return OwnPage(
        forename=volunteer.name.split(" ")[0],
        on_duty=volunteer.on_duty,
        hours=list(volunteer.hours) or sorted(DAYTIME),
        skills=list(volunteer.skills),
        rather_not=list(volunteer.rather_not),
        away=list(volunteer.away.filter(last__gte=today).order_by("first").values_list("id", "first", "last")),
        today=[told(one) for one, day in live if one.state == "accepted" and day <= today],
        later=[told(one) for one, day in live if one.state == "accepted" and day > today],
        asked=[told(one) for one, _day in live if one.state == "offered"],
        thanks=_thanks(done),
        rests_until=rests_until(days, today),
    )


def set_duty(*, proofs: Collection[str], on: bool) -> None:
    """On duty they are asked; off duty nobody asks them anything until they come back."""
    Volunteer.objects.filter(pk=_holder(proofs).pk).update(on_duty=on)


def choose_hours(*, proofs: Collection[str], hours: Collection[str]) -> None:
    """The parts of a week (`mon_morning`, `sat_night`) in which they can help."""
    chosen = [one for one in HOURS if one in hours]
    if not chosen:
        raise Problem(_("Choose at least one time."), _("If you want no tasks for now, go off duty instead."))
    Volunteer.objects.filter(pk=_holder(proofs).pk).update(hours=chosen)


def choose_rather_not(*, proofs: Collection[str], skills: Collection[str]) -> None:
    """Those of their skills for which they are asked only where nobody else could. None takes all back."""
    volunteer = _holder(proofs)
    volunteer.rather_not = [one for one in volunteer.skills if one in skills]
    volunteer.save(update_fields=["rather_not"])


def add_away(*, proofs: Collection[str], first: date, last: date) -> None:
    """Days on which they are not there. The same days twice are as once."""
    if last < first or last < clock.today():
        raise Problem(_("The last day is before the first, or over already."), _("Check both dates."))
    volunteer_id = _holder(proofs).pk
    with transaction.atomic():
        volunteer = Volunteer.objects.select_for_update().get(pk=volunteer_id)
        if volunteer.away.filter(last__gte=clock.today()).count() >= AWAY_AT_MOST:
            raise Problem(_("That is a lot of days away."), _("Take out those that you do not need, or go off duty."))
        Away.objects.get_or_create(volunteer=volunteer, first=first, last=last)


def remove_away(*, proofs: Collection[str], away_id: int) -> None:
    """They are there after all."""
    Away.objects.filter(pk=away_id, volunteer=_holder(proofs)).delete()


def _holder(proofs: Collection[str]) -> Volunteer:
    for proof in proofs:
        try:
            offer_id, _dot, nonce = read_token("volunteers:holder", proof, keep=LINK_KEPT).partition(".")
        except NotFound:
            continue
        known = known_offer(offer_id)
        if known is None:
            continue
        open_door_without_account(viewer=viewer_of_offer(known), purpose=known.purpose, verb="volunteers.read_own")
        offer = Offer.objects.select_related("volunteer").filter(pk=offer_id, nonce=nonce).first()
        if offer is not None and offer.volunteer.active:
            return offer.volunteer
    raise NotFound(
        _("We do not know yet whose phone this is."),
        _("Open the link of a task that you accepted, and answer the question there. Then come back."),
    )


def _task(offer: Offer, two: bool, ready: bool, partner: str) -> OwnTask:
    return OwnTask(
        need_label=gettext(offer.need_label),
        area=offer.area,
        day=offer.day,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        state=offer.state,
        token=make_token("volunteers:offer", f"{offer.id}.{offer.nonce}"),
        two=two,
        ready=ready,
        partner=partner if ready else "",
    )


def _thanks(done: list[Offer]) -> list[str]:
    if not done:
        return []
    hours = round(sum(MINUTES_UNTOLD if one.minutes is None else one.minutes for one in done) / 60)
    said = [
        ngettext("You helped once.", "You helped %(count)d times.", len(done)) % {"count": len(done)},
        ngettext("That is about an hour of your time.", "That is about %(hours)d hours of your time.", max(hours, 1))
        % {"hours": hours},
    ]
    met = sum(one.need_met for one in done)
    if met:
        said.append(
            ngettext("One person said it was what they needed.", "%(met)d times it was what they needed.", met)
            % {"met": met}
        )
    following = next((one for one in MILESTONES if one > len(done)), None)
    if len(done) in MILESTONES:
        said.append(_("You reached a milestone: %(count)d. Thank you.") % {"count": len(done)})
    elif following:
        said.append(_("The next milestone is %(count)d.") % {"count": following})
    return said
