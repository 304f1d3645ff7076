"""Becoming a volunteer: apply on a public page, confirm by a link, be approved or declined by a coordinator."""

from collections.abc import Collection

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from borough.accounts.policies import SYSTEM, Viewer, check_may_work_as
from borough.common import clock
from borough.common.errors import NotFound, WrongState
from borough.governance.door import open_door, open_door_without_account
from borough.messaging.actions import send_to_address
from borough.messaging.wording import Wording
from borough.volunteers.applications import FOR_APPLICANTS, application_behind, token_of
from borough.volunteers.models import APPLICATION_STATES, OPEN_APPLICATION, Volunteer, VolunteerApplication
from borough.volunteers.policies import DECIDES, PURPOSE, read_line
from borough.volunteers.storing import locate, new_volunteer


def apply_to_volunteer(
    *,
    name: str,
    phone: str,
    email: str,
    postcode: str,
    skills: Collection[str],
    languages: Collection[str],
    travel: str,
    radius_km: float,
    capacity: int,
) -> None:
    """Store what somebody wrote who agreed that we get in touch, and send them a link to confirm it.

    Who is a volunteer, or has applied, gets no second row: a message to the phone or mailbox says so. The page does
    not, or anybody could ask it who volunteers.
    """
    open_door_without_account(viewer=FOR_APPLICANTS, purpose=PURPOSE, verb="volunteers.apply_to_volunteer")
    reached = _reached_by(phone, email)
    volunteer_id = Volunteer.objects.filter(reached).values_list("pk", flat=True).first()
    if volunteer_id is not None:
        import_string("borough.volunteers.tasks.write_to_volunteer_of").enqueue(volunteer_id)
        return
    given = {
        "name": name,
        "phone": phone,
        "email": email,
        "postcode": postcode,
        "skills": list(skills),
        "languages": list(languages),
        "travel": travel,
        "radius_km": radius_km,
        "capacity": capacity,
    }
    try:
        with transaction.atomic():
            waiting = VolunteerApplication.objects.filter(reached, state__in=OPEN_APPLICATION)
            found = list(waiting.select_for_update().order_by("id"))
            same = [
                one
                for one in found
                if one.state == "confirmed" or all(getattr(one, field) == value for field, value in given.items())
            ]
            if not same:
                # They mended what they wrote before they confirmed it: the older link opens nothing.
                VolunteerApplication.objects.filter(pk__in=[one.pk for one in found]).delete()
                same = [VolunteerApplication.objects.create(**given, applied_at=clock.now())]
            import_string("borough.volunteers.tasks.write_to_applicant_of").enqueue(same[0].id)
    except IntegrityError:
        # The same form twice in the same moment: the other one is stored, and sends the link.
        return


def confirm_application(*, token: str) -> None:
    """The phone or mailbox is theirs: a coordinator sees the application now."""
    application_id = application_behind(token).id
    with transaction.atomic():
        row = _lock(application_id)
        APPLICATION_STATES.check_change(row.state, "confirmed")
        row.state, row.confirmed_at = "confirmed", clock.now()
        row.save(update_fields=["state", "confirmed_at"])


def approve_application(*, by: Viewer, application_id: str) -> bool:
    """They are a volunteer now, as one of a file, without any check; they are told. Returns whether their postcode was
    found: of who lives nowhere that we know no task is near."""
    check_may_work_as(by, *DECIDES)
    open_door(viewer=by, purpose=PURPOSE, verb="volunteers.approve_application")
    with transaction.atomic():
        row = _decide(application_id, "approved", by=by)
        # A file may have brought them meanwhile.
        if Volunteer.objects.filter(_reached_by(row.phone, row.email)).exists():
            raise WrongState(
                _("They are in the list of volunteers already."), _("Decline the application, and tell them so.")
            )
        line = read_line(
            {
                **{name: getattr(row, name) for name in ("name", "phone", "email", "postcode", "travel")},
                **{name: ";".join(getattr(row, name)) for name in ("skills", "languages")},
                **{name: str(getattr(row, name)) for name in ("radius_km", "capacity")},
            }
        )
        volunteer = new_volunteer(line, locate({line.postcode}).get(line.postcode))
        volunteer.save(force_insert=True)
    return volunteer.lat is not None


def decline_application(*, by: Viewer, application_id: str, reason: str) -> None:
    """They do not become a volunteer, and are told why."""
    check_may_work_as(by, *DECIDES)
    open_door(viewer=by, purpose=PURPOSE, verb="volunteers.decline_application")
    with transaction.atomic():
        _decide(application_id, "declined", by=by, reason=reason)


def write_to_applicant(*, by: Viewer, application_id: str) -> None:
    """Tell them how their application stands; the same at most once a day, however often they apply."""
    check_may_work_as(by, SYSTEM)
    open_door(viewer=by, purpose=PURPOSE, verb="volunteers.write_to_applicant")
    row = VolunteerApplication.objects.filter(pk=application_id).first()
    if row is None:
        return
    values = {}
    if row.state == "applied":
        text = _("((forename)), you want to volunteer with ((council)). Confirm it within 7 days: ((link))")
        text += " " + _("If it was not you, do nothing.")
        values["link"] = settings.BASE_URL.rstrip("/") + reverse("volunteers:confirm", args=[token_of(row.id)])
    elif row.state == "confirmed":
        text = _("((forename)), ((council)) has your application to volunteer. A coordinator decides soon.")
    elif row.state == "approved":
        text = _(
            "((forename)), welcome as a volunteer of ((council)). When somebody near you needs help, we send a link."
        )
    else:
        text = _("((forename)), thank you for offering to help. ((council)) cannot take you on now: ((reason))")
        values["reason"] = row.reason
    _write(by, row, text, key=f"application:{row.id}:{row.state}:{clock.today()}", values=values)


def write_to_volunteer(*, by: Viewer, volunteer_id: str) -> None:
    """Tell a volunteer who applied that they are one; at most once a day."""
    check_may_work_as(by, SYSTEM)
    open_door(viewer=by, purpose=PURPOSE, verb="volunteers.write_to_volunteer")
    row = Volunteer.objects.filter(pk=volunteer_id).first()
    if row is not None:
        text = _(
            "((forename)), you are a volunteer of ((council)) already. Use the link in the newest task that we sent"
        )
        text += " " + _("you to see your tasks and change your times.")
        _write(by, row, text, key=f"volunteer-already:{row.id}:{clock.today()}", values={})


def _write(by: Viewer, to: VolunteerApplication | Volunteer, text: str, *, key: str, values: dict[str, str]) -> None:
    send_to_address(
        by=by,
        name=to.name.split(" ")[0],
        phone=to.phone,
        email=to.email,
        wording=Wording(sms=text, email_subject=_("Volunteering with us"), email_body=text),
        about=f"volunteering:{to.id}",
        key=key,
        values=values,
        at_once=True,
    )


def _reached_by(phone: str, email: str) -> Q:
    return (Q(phone=phone) & ~Q(phone="")) | (Q(email=email) & ~Q(email=""))


def _lock(application_id: str) -> VolunteerApplication:
    row = VolunteerApplication.objects.select_for_update().filter(pk=application_id).first()
    if row is None:
        raise NotFound(_("There is no such application."), _("Go back to the list."))
    return row


def _decide(application_id: str, to: str, *, by: Viewer, reason: str = "") -> VolunteerApplication:
    row = _lock(application_id)
    APPLICATION_STATES.check_change(row.state, to)
    row.state, row.reason, row.decided_at, row.decided_by = to, reason, clock.now(), by.name
    row.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    import_string("borough.volunteers.tasks.write_to_applicant_of").enqueue(row.id)
    return row
