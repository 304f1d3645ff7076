from django.db import migrations
from django.db.models import F


def confirm(apps, schema_editor):
    apps.get_model("directory", "Service").objects.filter(confirmed_at=None).update(confirmed_at=F("imported_at"))


class Migration(migrations.Migration):
    dependencies = [("directory", "0006_listings_are_kept_true")]

    operations = [migrations.RunPython(confirm, migrations.RunPython.noop)]
