"""On PostgreSQL a search term sorts by its letters' codes, so that an index finds all that begin with a text.

Under a language's own order (en_GB) an index does not hold such terms side by side. SQLite compares so by default.
"""

from django.db import migrations


def compare_by_code(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE residents_searchterm ALTER COLUMN term TYPE varchar(80) COLLATE "C"')
        # A staged row can be read again from its file: no need to write it to the log as well.
        schema_editor.execute("ALTER TABLE residents_stagedrecord SET UNLOGGED")


class Migration(migrations.Migration):
    dependencies = [("residents", "0001_initial")]
    operations = [migrations.RunPython(compare_by_code, migrations.RunPython.noop)]
