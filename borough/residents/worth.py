"""What a person's decision on a pair would be worth: the order of the queue of links to review.

Worth is the chance that the index is wrong about the pair, times the records and systems that would change hands. It
stands with the pair, so that the queue is read off an index however many pairs there are. It is one SQL text for
DuckDB, SQLite and PostgreSQL: a full linking works it out before it writes, a decision brings up what it touched.
"""

from collections.abc import Collection

from django.db import connection

from borough.common.bulk import fill_table
from borough.residents.models import Membership, Pair, Record

# Above so many bits a link is not doubted: one in 64 at most would be wrong.
SURE = 6.0
# Worth less than this is not worth a reader's minute.
LEAST = 0.1
# How often a refused pair is one person all the same, beyond what its own weight says: by what forbade to join it.
REFUSED_WRONGLY = {"nino": 0.2, "nhs_number": 0.1, "dob": 0.5, "forename": 0.5}

_PAIR, _MEMBERSHIP, _RECORD = Pair._meta.db_table, Membership._meta.db_table, Record._meta.db_table


def worth_sql(pairs: str, held: str) -> str:
    """SELECT low, high, worth of the pairs that are worth a look, by low and high.

    `pairs` is a table of (low, high, weight, refused), `held` of (record, person, source): who each record is of now.
    Of several pairs between two people, and of several links that hold a record, only the strongest is for a person:
    the others would ask the same again. A pair that a person decided is asked no more.
    """
    doubt = " ".join(f"WHEN '{code}' THEN {share}" for code, share in REFUSED_WRONGLY.items())
    return f"""
    WITH placed AS (
        SELECT p.low, p.high, p.weight, p.refused, a.person AS one, b.person AS other
        FROM {pairs} p JOIN {held} a ON a.record = p.low JOIN {held} b ON b.record = p.high
    ),
    sized AS (
        SELECT person, count(*) AS records, count(*) + count(DISTINCT source) AS hands FROM {held} h GROUP BY person
    ),
    held_by AS (
        SELECT record, max(weight) AS weight FROM (
            SELECT low AS record, weight FROM placed WHERE one = other
            UNION ALL SELECT high, weight FROM placed WHERE one = other
        ) ends GROUP BY record
    ),
    apart AS (
        SELECT low, high, weight, refused, one, other, row_number() OVER (
            PARTITION BY CASE WHEN one < other THEN one ELSE other END, CASE WHEN one < other THEN other ELSE one END
            ORDER BY weight DESC, low, high
        ) AS place
        FROM placed WHERE one <> other
    ),
    valued AS (
        SELECT low, high, CASE refused {doubt} ELSE 1 END / (1 + power(2, -weight))
            * CASE WHEN a.hands < b.hands THEN a.hands ELSE b.hands END AS worth
        FROM apart JOIN sized a ON a.person = one JOIN sized b ON b.person = other
        WHERE place = 1 AND refused <> 'decision'
        UNION ALL
        SELECT low, high, 1 / (1 + power(2, p.weight)) * s.hands / 2.0
        FROM placed p JOIN sized s ON s.person = p.one
        JOIN held_by l ON l.record = p.low JOIN held_by h ON h.record = p.high
        WHERE p.one = p.other AND p.weight < {SURE} AND (p.weight >= l.weight OR p.weight >= h.weight)
    )
    SELECT low, high, worth FROM valued WHERE worth >= {LEAST} ORDER BY low, high
    """


def refresh_worth(record_ids: Collection[int]) -> None:
    """Work out anew the worth of every pair of the people that these records are of. Call it in the transaction of
    what changed them; a fixed number of statements, each of which begins with the few (CROSS JOIN tells SQLite)."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE worth_asked (record bigint PRIMARY KEY)")
        fill_table("worth_asked", ("record",), ((record,) for record in sorted(set(record_ids))))
        cursor.execute("CREATE TEMP TABLE worth_scope (record bigint PRIMARY KEY)")
        cursor.execute(
            f"""INSERT INTO worth_scope SELECT m.record_id FROM {_MEMBERSHIP} m WHERE m.ended_at IS NULL
            AND m.resident_id IN (SELECT t.resident_id FROM worth_asked CROSS JOIN {_MEMBERSHIP} t
                                  WHERE t.record_id = worth_asked.record AND t.ended_at IS NULL)"""
        )
        cursor.execute(
            f"""CREATE TEMP TABLE worth_pairs AS
            SELECT id, low, high, weight, refused FROM worth_scope CROSS JOIN {_PAIR} WHERE low = record
            UNION ALL SELECT id, low, high, weight, refused FROM worth_scope CROSS JOIN {_PAIR} WHERE high = record
            AND NOT EXISTS (SELECT 1 FROM worth_scope s WHERE s.record = low)"""
        )
        cursor.execute(
            f"""CREATE TEMP TABLE worth_held AS
            SELECT m.record_id AS record, m.resident_id AS person, r.source_id AS source
            FROM {_MEMBERSHIP} m CROSS JOIN {_RECORD} r
            WHERE r.id = m.record_id AND r.gone_at IS NULL AND m.ended_at IS NULL AND m.resident_id IN (
                SELECT t.resident_id
                FROM (SELECT low AS record FROM worth_pairs UNION SELECT high FROM worth_pairs) ends
                CROSS JOIN {_MEMBERSHIP} t WHERE t.record_id = ends.record AND t.ended_at IS NULL)"""
        )
        cursor.execute("CREATE INDEX worth_held_record ON worth_held (record)")
        cursor.execute(f"CREATE TEMP TABLE worth_new AS {worth_sql('worth_pairs', 'worth_held')}")
        cursor.execute("CREATE INDEX worth_new_pair ON worth_new (low, high)")
        cursor.execute(
            f"""UPDATE {_PAIR} SET worth = (SELECT n.worth FROM worth_new n
                WHERE n.low = {_PAIR}.low AND n.high = {_PAIR}.high)
            WHERE id IN (SELECT id FROM worth_pairs)"""
        )
        for table in ("worth_new", "worth_held", "worth_pairs", "worth_scope", "worth_asked"):
            cursor.execute(f"DROP TABLE {table}")
