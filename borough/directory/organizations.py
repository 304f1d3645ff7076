"""Reads of organisations: whose a service is, for those who sign in for one."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from borough.common.errors import NotFound
from borough.directory.models import Organization, Service


def read_organization(organization_id: str) -> str:
    """The name of an organisation. Raises NotFound."""
    name = Organization.objects.filter(pk=organization_id).values_list("name", flat=True).first()
    if name is None:
        raise NotFound(_("There is no such organisation in the directory."), _("Import its services first."))
    return name


def names_as_listed(names: Iterable[str]) -> dict[str, str]:
    """How the directory writes the names of organisations that were written elsewhere, in whichever case and with
    whichever spaces; without those that it does not list."""
    wanted = {name: _plain(name) for name in names}
    listed = {_plain(name): name for name in Organization.objects.order_by("-id").values_list("name", flat=True)}
    return {name: listed[plain] for name, plain in wanted.items() if plain in listed}


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def organizations_of(service_ids: Collection[str]) -> dict[str, str]:
    """The id of the organisation that runs each service, by the service's id."""
    return dict(Service.objects.filter(pk__in=list(service_ids)).values_list("id", "organization_id"))


def name_of_organization(organization_id: str) -> str:
    """Its name; empty where there is no such organisation, or another has the same name and the two could be taken
    for each other."""
    name = Organization.objects.filter(pk=organization_id).values_list("name", flat=True).first() or ""
    return name if name and Organization.objects.filter(name__iexact=name).count() == 1 else ""
