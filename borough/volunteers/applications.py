"""Reads of applications by people who want to be volunteers."""

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer, check_may_work_as
from borough.cases.kinds import all_kinds
from borough.common.errors import NotFound
from borough.common.links import make_token, read_token
from borough.volunteers.models import VolunteerApplication
from borough.volunteers.policies import CONFIRM_WITHIN, DECIDES

LINK = "volunteers:join"


def skills_wanted() -> list[tuple[str, str]]:
    """(skill, what people need who ask for it) of the services that volunteers fulfil."""
    found: dict[str, str] = {}
    for kind in all_kinds():
        for need, skill in kind.skills.items():
            found.setdefault(skill, gettext(kind.needs[need]))
    return list(found.items())


def list_applications(*, viewer: Viewer, waiting: bool) -> list[VolunteerApplication]:
    """Those that wait for a coordinator, oldest first; or else the others, newest first."""
    check_may_work_as(viewer, *DECIDES)
    rows = VolunteerApplication.objects.all()
    if waiting:
        return list(rows.filter(state="confirmed").order_by("confirmed_at", "id"))
    return list(rows.exclude(state="confirmed").order_by("-applied_at", "id"))


def count_applications(*, viewer: Viewer) -> int:
    """How many wait for a coordinator."""
    check_may_work_as(viewer, *DECIDES)
    return VolunteerApplication.objects.filter(state="confirmed").count()


def read_application(application_id: str, *, viewer: Viewer) -> VolunteerApplication:
    """One that waits for a coordinator. Raises NotFound for others."""
    check_may_work_as(viewer, *DECIDES)
    found = VolunteerApplication.objects.filter(pk=application_id, state="confirmed").first()
    if found is None:
        raise NotFound(_("This application does not wait for a decision."), _("Go back to the list."))
    return found


def application_behind(token: str) -> VolunteerApplication:
    """The application that its link confirms. Raises NotFound, in words for the applicant, when there is nothing to."""
    found = VolunteerApplication.objects.filter(pk=read_token(LINK, token, keep=CONFIRM_WITHIN)).first()
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
