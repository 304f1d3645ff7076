"""Computes all indicators of all residents at once: DuckDB over the exported facts. No names come here."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from borough.insight.indicators import FACTS, INDICATORS, SCORE

ROWS_AT_A_TIME = 20_000
# The figure that counts everybody, beside those that count the residents who show an indicator.
EVERYBODY = "residents"


@contextmanager
def facts_of(folder: Path, *, today: date) -> Iterator["Facts"]:
    """The exported facts in `folder` (residents.parquet, records.parquet), open for computing."""
    with duckdb.connect() as db:
        yield Facts(db, folder, today)


class Facts:
    """Tables `people` and one for each source, as `indicators` describes them, and what is computed from them."""

    def __init__(self, db: duckdb.DuckDBPyConnection, folder: Path, today: date) -> None:
        self._db = db
        db.execute(
            """
            CREATE TABLE people AS
            SELECT resident_id, nullif(household_id, '') AS household_id, household_size,
                coalesce(shared, false) AS shared, age, sex, coalesce(small_area, '') AS small_area,
                coalesce(has_phone, false) AS has_phone, coalesce(has_email, false) AS has_email
            FROM read_parquet($1)
            """,
            [str(folder / "residents.parquet")],
        )
        for source, facts in FACTS.items():
            columns = "".join(
                f", try_cast(json_extract_string(facts, '$.{name}') AS {kind}) AS {name}"
                for name, kind in facts.items()
            )
            db.execute(
                f"""
                CREATE TABLE {source} AS SELECT resident_id{columns} FROM read_parquet($1)
                WHERE source = $2 AND (ended_on IS NULL OR ended_on >= $3)
                """,
                [str(folder / "records.parquet"), source, today],
            )
        db.execute("CREATE TABLE found (resident_id VARCHAR, indicator VARCHAR, value DOUBLE)")

    def leave_out(self, resident_ids: Collection[str]) -> None:
        """Nothing is worked out about these: they object."""
        self._db.execute("DELETE FROM people WHERE resident_id IN (SELECT unnest($1))", [list(resident_ids)])

    def count_people(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM people").fetchall()[0][0])

    def compute(self, codes: Collection[str]) -> None:
        """Compute these indicators, and the score from them."""
        for code in codes:
            # People in the index only: a record may point to somebody who has died or moved away.
            self._db.execute(
                f"""
                INSERT INTO found
                SELECT resident_id, $1, max(value) FROM ({INDICATORS[code].sql}) AS sign(resident_id, value)
                WHERE value > 0 AND isfinite(value::DOUBLE) AND resident_id IN (SELECT resident_id FROM people)
                GROUP BY resident_id
                """,
                [code],
            )
        weights = [(each.code, each.points, each.points_from) for each in INDICATORS.values() if each.points]
        rows = ", ".join(f"('{code}', {points}, {points_from})" for code, points, points_from in weights)
        self._db.execute(
            f"""
            INSERT INTO found
            SELECT resident_id, '{SCORE}', sum(points)
            FROM found JOIN (VALUES {rows}) AS weight(indicator, points, points_from) USING (indicator)
            WHERE value >= points_from GROUP BY resident_id
            """
        )

    def people(self) -> Iterator[tuple[Any, ...]]:
        """(resident_id, small_area), by resident."""
        return self._rows("SELECT resident_id, small_area FROM people ORDER BY resident_id")

    def values(self) -> Iterator[tuple[Any, ...]]:
        """(resident_id, indicator, value), by resident: the order of the index that they go into."""
        return self._rows("SELECT resident_id, indicator, value FROM found ORDER BY resident_id, indicator")

    def figures(self) -> Iterator[tuple[Any, ...]]:
        """(small area, indicator, residents who show it, residents), everybody counted as EVERYBODY."""
        return self._rows(
            f"""
            WITH population AS (SELECT small_area, count(*) AS people FROM people WHERE small_area <> '' GROUP BY ALL)
            SELECT small_area, indicator, count(*), any_value(population.people)
            FROM found JOIN people USING (resident_id) JOIN population USING (small_area) GROUP BY ALL
            UNION ALL SELECT small_area, '{EVERYBODY}', people, people FROM population
            """
        )

    def _rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        result = self._db.execute(sql)
        while rows := result.fetchmany(ROWS_AT_A_TIME):
            yield from rows
