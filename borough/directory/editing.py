"""Changes of a listing by hand: read anew as if its publisher had sent them, so that search and pages follow."""

from collections.abc import Mapping
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from borough.common import clock
from borough.common.errors import Problem
from borough.directory.documents import read_service_document
from borough.directory.models import Service
from borough.directory.opening_times import others_told, times_told, with_times
from borough.directory.reading import BadEntry, Json, id_of, read_entry
from borough.directory.shapes import cleaned
from borough.directory.storing import Batch, store
from borough.places.queries import locate_postcode

PLAIN = ("name", "description", "email", "url", "fees", "alert", "status")


def fields_of(service_id: str) -> dict[str, str]:
    """The fields of a listing that may be changed, as text."""
    document = read_service_document(service_id)
    told = {name: str(document.get(name) or "") for name in PLAIN}
    row = Service.objects.only("phone", "eligibility").get(pk=service_id)
    hours = times_told(_schedules(document))
    return {**told, "phone": row.phone, "eligibility": row.eligibility, "hours": hours}


def other_times_of(service_id: str) -> list[str]:
    """What a listing says of when it is open that is not edited by hand, in words."""
    return others_told(_schedules(read_service_document(service_id)))


def apply_changes(service_id: str, changes: Mapping[str, str]) -> None:
    """Write these fields into a listing, in the caller's transaction. Raises Problem for what no listing may say."""
    _store(_patched(read_service_document(service_id), changes))


def add_service(fields: Mapping[str, str]) -> str:
    """A new listing of what somebody suggested. Returns its id."""
    identifier = str(uuid4())
    organization = {
        "id": id_of("organization", fields["organization"]),
        "name": fields["organization"],
        "description": "",
    }
    document: Json = {"id": identifier, "status": "active", "organization": organization}
    if postcode := fields.get("postcode", ""):
        point = locate_postcode(postcode)
        place: Json = {"id": id_of("location", identifier), "location_type": "physical"}
        place["addresses"] = [{"id": id_of("address", identifier), "postal_code": postcode}]
        if point:
            place |= {"latitude": point.lat, "longitude": point.lon}
        document["service_at_locations"] = [{"id": id_of(identifier, place["id"]), "location": place}]
    _store(_patched(document, {name: text for name, text in fields.items() if name in (*PLAIN, "phone")}))
    return identifier


def _patched(document: Json, changes: Mapping[str, str]) -> Json:
    patched = {**document, **{name: text for name, text in changes.items() if name in PLAIN}}
    if "fees" in changes:
        # They would go on saying what it used to cost.
        patched.pop("cost_options", None)
    if "eligibility" in changes:
        patched["eligibility_description"] = changes["eligibility"]
    if "hours" in changes:
        patched["schedules"] = with_times(
            _schedules(document), changes["hours"], lambda words: id_of("schedule", document["id"], words)
        )
    if "phone" in changes:
        first, *others = patched.get("phones") or [{"id": id_of("phone", document["id"])}]
        patched["phones"] = [{**first, "number": changes["phone"]}, *others]
    return {**patched, "last_modified": clock.now().isoformat()}


def _schedules(document: Json) -> list[Json]:
    return [one for one in document.get("schedules") or [] if isinstance(one, dict)]


def _store(document: Json) -> None:
    batch = Batch()
    try:
        batch.add(read_entry(cleaned(document)))
    except BadEntry as error:
        raise Problem(
            _("The listing cannot be kept so: %s.") % error.reason, _("Correct the field and try again.")
        ) from error
    with transaction.atomic():
        store(batch, is_edit=True)
        # What left its list stays away whatever its people write.
        Service.objects.filter(pk=document["id"]).exclude(left_at=None).update(active=False)
