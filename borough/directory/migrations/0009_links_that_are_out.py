"""Links that were mailed before each had a row of its own go on working: they carry the id of their question."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_links(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Link = apps.get_model("directory", "ConfirmationLink")
    waiting = apps.get_model("directory", "Confirmation").objects.filter(answered_at=None)
    rows = waiting.values_list("pk", "asked_at", "chased_at")
    Link.objects.bulk_create(
        [Link(confirmation_id=pk, nonce=pk, made_at=chased or asked) for pk, asked, chased in rows.iterator()],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("directory", "0008_links_to_listings")]

    operations = [migrations.RunPython(keep_links, migrations.RunPython.noop)]
