"""Values that so many records came to share since the model was trained that they say nothing of a person any more.

A full training strikes them (linkage/corpus.py). A night's extract may bring one too, a default telephone on a thousand
rows: it is struck from then on, before anything is compared by it.
"""

import duckdb
from django.db import connection

from borough.residents.linkage.corpus import MOST_AT_HOME, MOST_SHARED
from borough.residents.models import Comparable, Statistic
from borough.residents.transfer import name_rows

_COMPARABLE = Comparable._meta.db_table
_LIMITS = {"phone": MOST_SHARED, "email": MOST_SHARED, "uprn": MOST_AT_HOME, "home": MOST_AT_HOME}


def strike_shared(con: duckdb.DuckDBPyConnection, model_id: int) -> set[int]:
    """Add to the model's statistics what the records of `people`, those of the database's table `changed` that there
    are, bring past its limit. `former`: these records before, as nothing else than a value that was not theirs can.

    Returns the kept records that have such a value: they have to be made comparable again.
    """
    touched: set[int] = set()
    for column, most in _LIMITS.items():
        brought = con.execute(
            f"""select {column}, count(*) from people where {column} in (
                select {column} from people anti join former using (unique_id, {column})
            ) group by 1 order by 1"""
        ).fetchall()
        name_rows("brought_values", ["value varchar(260)", "n bigint"], brought, key="value")
        # With how many others? Those that changed too are counted as they are now.
        with connection.cursor() as cursor:
            cursor.execute(
                f"""SELECT value, records FROM (
                    SELECT v.value, v.n + (SELECT count(*) FROM {_COMPARABLE} c WHERE c.{column} = v.value
                        AND NOT EXISTS (SELECT 1 FROM changed t WHERE t.id = c.record_id)) AS records
                    FROM brought_values v
                ) counted WHERE records > %s ORDER BY value""",
                [most],
            )
            shared = cursor.fetchall()
        rows = [
            Statistic(model_id=model_id, kind=f"struck_{column}", value=value, number=records)
            for value, records in shared
        ]
        # One that is struck already is held by nobody, and comes again each time somebody brings it.
        Statistic.objects.bulk_create(rows, ignore_conflicts=True)
        name_rows("struck_values", ["value varchar(260)"], [(value,) for value, _ in shared], key="value")
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT c.record_id FROM struck_values v CROSS JOIN {_COMPARABLE} c WHERE c.{column} = v.value"
            )
            touched.update(row[0] for row in cursor.fetchall())
    return touched
