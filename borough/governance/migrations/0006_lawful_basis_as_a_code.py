"""What stood as one text, "UK GDPR Article 6(1)(e), public task; Care Act 2014 section 2", becomes a code and a power."""

import re

from django.db import migrations

ARTICLE = re.compile(r"\b6\(1\)\((ea|[a-f])\)")


def split_basis(apps, schema_editor):
    agreements = apps.get_model("governance", "Agreement")
    for one in agreements.objects.filter(legal_power=""):
        found = ARTICLE.search(one.lawful_basis)
        # What names no article of the law stays as it was written, and shows as missing.
        if found:
            one.legal_power = one.lawful_basis[:500]
            one.lawful_basis = f"6-1-{found[1]}"
            one.save(update_fields=["legal_power", "lawful_basis"])


class Migration(migrations.Migration):
    dependencies = [("governance", "0005_agreements_in_full")]
    operations = [migrations.RunPython(split_basis, migrations.RunPython.noop)]
