"""The areas that services name, for search to compare."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from borough.directory.reading import areas_of


def read_areas(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("directory", "Service").objects.filter(document__has_key="service_areas")
    Facet = apps.get_model("directory", "Facet")
    facets = [
        Facet(service_id=pk, kind="area", name=key)
        for pk, told in rows.values_list("pk", "document__service_areas").iterator()
        for key in areas_of(told)
    ]
    Facet.objects.bulk_create(facets, batch_size=2000, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("directory", "0009_links_that_are_out")]

    operations = [migrations.RunPython(read_areas, migrations.RunPython.noop)]
