"""Which volunteers a viewer looks after: the council's staff all, a partner those of their own organisation."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from borough.accounts.policies import PARTNER, Viewer, check_may_work_as, may_work_as
from borough.common.errors import NotFound
from borough.directory.queries import name_of_organization
from borough.governance.door import open_door
from borough.volunteers.models import Volunteer
from borough.volunteers.policies import PARTNERS_PURPOSE, PURPOSE, STAFF


def volunteers_of(viewer: Viewer, verb: str) -> QuerySet[Volunteer]:
    """Opens the door for this verb. Raises NotAllowed for who looks after none.

    A partner sees none while no organisation, or two, have the name.
    """
    if may_work_as(viewer, *STAFF):
        open_door(viewer=viewer, purpose=PURPOSE, verb=verb)
        return Volunteer.objects.all()
    check_may_work_as(viewer, PARTNER)
    open_door(viewer=viewer, purpose=PARTNERS_PURPOSE, verb=verb)
    name = name_of_organization(viewer.organization)
    return Volunteer.objects.filter(organisation__iexact=name) if name else Volunteer.objects.none()


def fetch_volunteer(volunteer_id: str, *, viewer: Viewer, verb: str) -> Volunteer:
    """One whom this viewer looks after. Somebody else's reads as one who is not there."""
    volunteer = volunteers_of(viewer, verb).filter(pk=volunteer_id).first()
    if volunteer is None:
        raise NotFound(_("There is no such volunteer."), _("Go back to the list of volunteers."))
    return volunteer
