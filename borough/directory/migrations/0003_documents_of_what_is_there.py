"""Writes the documents, words and references of services that were taken in before there were any."""

import uuid

from django.db import migrations

from borough.directory.policies import words_of


def write_documents(apps, schema_editor):
    tables = {name: apps.get_model("directory", name) for name in ("Organization", "Location", "TaxonomyTerm")}
    for name, fields in (
        ("Organization", ("id", "name", "description", "url", "email")),
        ("TaxonomyTerm", ("id", "name", "taxonomy")),
    ):
        for row in tables[name].objects.filter(document={}).iterator(chunk_size=500):
            row.document = {field: getattr(row, field) for field in fields if getattr(row, field)}
            row.document.setdefault("description", "")
            row.save(update_fields=["document"])
    for row in tables["Location"].objects.filter(document={}).iterator(chunk_size=500):
        address = {"address_1": row.address, "city": "", "state_province": "", "postal_code": row.postcode}
        row.document = {
            "id": row.id, "location_type": "physical", "name": row.name, "latitude": row.lat, "longitude": row.lon,
            "addresses": [{"id": _id("address", row.id), **address, "country": "GB", "address_type": "physical"}],
        }
        row.save(update_fields=["document"])
    _write_taxonomies(apps, tables["TaxonomyTerm"])
    _write_services(apps)


def _write_taxonomies(apps, terms):
    taxonomy = apps.get_model("directory", "Taxonomy")
    for name in terms.objects.exclude(taxonomy="").values_list("taxonomy", flat=True).distinct():
        one, _made = taxonomy.objects.get_or_create(
            id=_id("taxonomy", name), defaults={"name": name, "document": {"id": _id("taxonomy", name), "name": name, "description": ""}}
        )
        terms.objects.filter(taxonomy=name, within=None).update(within=one)


def _write_services(apps):
    pair, word = apps.get_model("directory", "ServiceAtLocation"), apps.get_model("directory", "ServiceWord")
    for row in apps.get_model("directory", "Service").objects.filter(document={}).iterator(chunk_size=500):
        pairs, terms = list(pair.objects.filter(service_id=row.id)), list(row.terms.all())
        for one in pairs:
            one.reference = _id(row.id, one.location_id)
        pair.objects.bulk_update(pairs, ["reference"])
        told = {name: getattr(row, name) for name in ("name", "description", "url", "email", "fees")}
        row.document = {
            **{name: value for name, value in told.items() if value},
            "id": row.id, "status": "active" if row.active else "inactive", "organization": {"id": row.organization_id},
            "service_at_locations": [{"id": one.reference, "location": {"id": one.location_id}} for one in pairs],
            "attributes": [{"id": _id(row.id, one.id), "taxonomy_term": {"id": one.id}} for one in terms],
        }
        if row.last_modified:
            row.document["last_modified"] = row.last_modified.isoformat()
        if row.phone:
            row.document["phones"] = [{"id": _id("phone", row.id), "number": row.phone}]
        row.save(update_fields=["document"])
        words = words_of(name=row.name, terms=" ".join(one.name for one in terms), text=row.description)
        word.objects.bulk_create([word(service_id=row.id, word=one, weight=weight) for one, weight in words.items()])


def _id(*parts):
    return str(uuid.uuid5(uuid.UUID("0f7f4d52-6b0c-5d58-9c0e-1f0f7a3c9b11"), "\n".join(parts)))


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_services_are_documents")]

    operations = [migrations.RunPython(write_documents, migrations.RunPython.noop)]
