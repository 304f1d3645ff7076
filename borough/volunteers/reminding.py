"""Reminders to volunteers whose check ends soon, so that it is renewed before it stops them."""

from datetime import timedelta

from django.db.models import Q

from borough.accounts.policies import SYSTEM, Viewer, check_may_work_as
from borough.common import clock
from borough.common.words import date_words
from borough.governance.door import open_door
from borough.messaging.queries import keys_sent
from borough.volunteers.models import Volunteer
from borough.volunteers.outside import does_a_check_end
from borough.volunteers.policies import PURPOSE, REMIND_DAYS, reminder_of
from borough.volunteers.writing import write_to


def remind_of_checks(*, by: Viewer) -> int:
    """Write to those whose DBS check or right to drive ends within 30 days, and again within 7: once each for every
    last day. Returns how many messages were made. Safe to do twice at once."""
    check_may_work_as(by, SYSTEM)
    today = clock.today()
    soon = (today + timedelta(days=1), today + timedelta(days=max(REMIND_DAYS)))
    if not does_a_check_end(*soon):
        return 0
    open_door(viewer=by, purpose=PURPOSE, verb="volunteers.remind_of_checks")
    ending = Volunteer.objects.filter(Q(dbs_expires_on__range=soon) | Q(drives_expires_on__range=soon), active=True)
    due = {
        f"check:{one.id}:{check}:{ends_on}:{days}": (one, wording, ends_on)
        for one in ending.order_by("id")
        for check, wording, ends_on in (
            ("dbs", "check_ends", one.dbs_expires_on),
            ("drives", "drive_ends", one.drives_expires_on),
        )
        if ends_on and (days := reminder_of(ends_on, today))
    }
    made, before = 0, keys_sent(due)
    for key, (volunteer, wording, ends_on) in due.items():
        if key in before:
            continue
        sent = write_to(
            volunteer,
            by=by,
            wording=wording,
            about=f"check:{volunteer.id}",
            key=key,
            values={"day": date_words(ends_on), "day_in_figures": f"{ends_on:%d.%m.%Y}"},
        )
        made += sent is not None
    return made
