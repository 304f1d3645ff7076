"""Reads of applications by people who want to be volunteers."""

from operator import attrgetter

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer, check_may_work_as, system_viewer
from borough.cases.kinds import all_kinds
from borough.common.errors import NotFound
from borough.common.links import make_token, read_token
from borough.governance.door import open_door, open_door_without_account
from borough.volunteers.models import VolunteerApplication
from borough.volunteers.policies import CONFIRM_WITHIN, DECIDES, PURPOSE

LINK = "volunteers:join"
# Whoever applies is nobody that we know yet: the house takes what they write.
FOR_APPLICANTS = system_viewer("volunteers")


def skills_wanted() -> list[tuple[str, str]]:
    """(skill, what people need who ask for it) of the services that volunteers fulfil."""
    found: dict[str, str] = {}
    for kind in all_kinds():
        for need, skill in kind.skills.items():
            found.setdefault(skill, gettext(kind.needs[need]))
    return list(found.items())


def list_applications(*, viewer: Viewer) -> tuple[list[VolunteerApplication], list[VolunteerApplication]]:
    """Those that wait for a coordinator, oldest first; and the others, newest first."""
    check_may_work_as(viewer, *DECIDES)
    open_door(viewer=viewer, purpose=PURPOSE, verb="volunteers.list_applications")
    rows = VolunteerApplication.objects.order_by("id")
    waiting = sorted((one for one in rows if one.state == "confirmed"), key=attrgetter("confirmed_at"))
    others = (one for one in rows if one.state != "confirmed")
    return waiting, sorted(others, key=attrgetter("applied_at"), reverse=True)


def count_applications(*, viewer: Viewer) -> int:
    """How many wait for a coordinator."""
    check_may_work_as(viewer, *DECIDES)
    open_door(viewer=viewer, purpose=PURPOSE, verb="volunteers.count_applications")
    return VolunteerApplication.objects.filter(state="confirmed").count()


def read_application(application_id: str, *, viewer: Viewer) -> VolunteerApplication:
    """One that waits for a coordinator. Raises NotFound for others."""
    check_may_work_as(viewer, *DECIDES)
    open_door(viewer=viewer, purpose=PURPOSE, verb="volunteers.read_application")
    found = VolunteerApplication.objects.filter(pk=application_id, state="confirmed").first()
    if found is None:
        raise NotFound(_("This application does not wait for a decision."), _("Go back to the list."))
    return found


def application_behind(token: str) -> VolunteerApplication:
    """The application that its link confirms. Raises NotFound, in words for the applicant, when there is nothing to."""
    application_id = read_token(LINK, token, keep=CONFIRM_WITHIN)
    open_door_without_account(viewer=FOR_APPLICANTS, purpose=PURPOSE, verb="volunteers.application_behind")
    found = VolunteerApplication.objects.filter(pk=application_id).first()
    if found is None:
        raise NotFound(
            _("This link was replaced by a newer one, or is too old."),
            _("Open the newest message that we sent you, or fill in the form to volunteer again."),
        )
    if found.state != "applied":
        raise NotFound(
            _("This link was used before."), _("There is nothing more to do. We send you a message when we decide.")
        )
    return found


def token_of(application_id: str) -> str:
    return make_token(LINK, application_id)
