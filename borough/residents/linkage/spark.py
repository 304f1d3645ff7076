"""The same linking past one machine: what linkage says in DuckDB's SQL, said to Spark.

`Engine` looks like a DuckDB connection to the rest of linkage: each statement is translated by sqlglot, so that pairs,
homes, moves and clusters are found by the functions that find them on one machine, and no rule is written twice. What
DuckDB's functions of text answer, functions.py answers on each worker. Needs requirements/spark.txt and Java 17.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import duckdb
import numpy as np
import pyarrow as pa
import sqlglot
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import udf
from pyspark.sql.types import DoubleType
from splink.backends.spark import SparkAPI, similarity_jar_location
from sqlglot import exp

from borough.residents.linkage import functions
from borough.residents.linkage.cluster import Clusters, cluster_pairs
from borough.residents.linkage.corpus import apply_statistics
from borough.residents.linkage.model import Model
from borough.residents.linkage.moves import find_movers
from borough.residents.linkage.predict import find_pairs
from borough.residents.linkage.single import standard_values
from borough.residents.linkage.standardise import PEOPLE_COLUMNS, STANDARD_FIELDS

_DATES = {name for name, kind in PEOPLE_COLUMNS.items() if kind == "date"}
_ARROW = {"bigint": pa.int64(), "varchar": pa.string(), "date": pa.date32(), "double": pa.float64()}
_SPARK = {"varchar": "string"}
# Spark's own, and Splink's for Spark, count letters that are out of order in another way than DuckDB does.
_JARO_WINKLER = "borough_jaro_winkler"
_OTHERWISE = {"jaro_winkler_similarity": _JARO_WINKLER, "list_extract": "element_at"}


def open_spark(folder: Path, cores: int, memory: str = "3g") -> SparkSession:
    """Spark on this machine alone, for tests and for a first try; on a cluster, bring the cluster's own session."""
    # Workers are to see what we see, borough included.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session: SparkSession = (
        SparkSession.builder.master(f"local[{cores}]")
        .appName("borough")
        .config("spark.jars", similarity_jar_location())
        .config("spark.driver.memory", memory)
        .config("spark.sql.shuffle.partitions", str(2 * cores))
        .config("spark.ui.enabled", "false")
        .config("spark.local.dir", str(folder))
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    return session


def link_frame(
    spark: SparkSession, records: DataFrame, model: Model, statistics: DataFrame, folder: str
) -> tuple["Engine", Clusters]:
    """Find the persons among `records` (`id` and any of STANDARD_FIELDS) by a model and statistics that are kept.

    The tables `people`, `pairs`, `clusters` and `refusals` are in the engine. `folder` is where all workers may write.
    """
    engine = Engine(spark, folder)
    engine.keep("statistics", statistics)
    engine.keep("people", standard_people(records))
    con = cast(duckdb.DuckDBPyConnection, engine)
    apply_statistics(con)
    find_movers(con, model.standard.homes)
    find_pairs(con, model)
    return engine, cluster_pairs(con)


def standard_people(records: DataFrame) -> DataFrame:
    """The table `people` of `records`; what the corpus gives is null until apply_statistics fills it."""
    held = [name for name in STANDARD_FIELDS if name in records.columns]
    schema = pa.schema([(name, _ARROW[kind]) for name, kind in PEOPLE_COLUMNS.items()])

    def standardise(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            rows = [{"unique_id": row.pop("id"), **standard_values(row)} for row in batch.to_pylist()]
            yield pa.RecordBatch.from_pylist(rows, schema=schema)

    columns = ", ".join(f"{name} {_SPARK.get(kind, kind)}" for name, kind in PEOPLE_COLUMNS.items())
    return records.select("id", *held).mapInArrow(standardise, columns)


class Result:
    """What a statement found, as DuckDB would hand it over."""

    def __init__(self, frame: DataFrame | None = None) -> None:
        self._frame = frame

    def fetchall(self) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._frame.collect()] if self._frame is not None else []

    def fetchnumpy(self) -> dict[str, np.ndarray[Any, Any]]:
        table = self._frame.toArrow() if self._frame is not None else pa.table({})
        return {name: table.column(name).to_numpy() for name in table.column_names}


class Engine:
    """DuckDB's ways over Spark: tables are files of `folder` under a name of the session, made when they are said."""

    def __init__(self, spark: SparkSession, folder: str) -> None:
        self._spark = spark
        self._folder = folder
        self._made = 0
        # Brings Splink's functions of text for Spark.
        door: Any = SparkAPI
        door(spark_session=spark, break_lineage_method="persist")
        spark.udf.register(_JARO_WINKLER, udf(_jaro_winkler, DoubleType(), useArrow=True))

    def execute(self, sql: str) -> Result:
        """Run one statement of DuckDB's SQL."""
        tree = sqlglot.parse_one(sql, dialect="duckdb")
        if isinstance(tree, exp.Create):
            self._create(tree)
        elif isinstance(tree, exp.Insert):
            name, frame = tree.this.name, self._query(tree.expression)
            self.keep(name, self._spark.table(name).union(frame))
        elif isinstance(tree, exp.Drop):
            self._spark.catalog.dropTempView(next(tree.find_all(exp.Table)).name)
        else:
            return Result(self._query(tree))
        return Result()

    def register(self, name: str, table: pa.Table | Mapping[str, Any]) -> None:
        made = table if isinstance(table, pa.Table) else pa.table(dict(table))
        self._spark.createDataFrame(made).createOrReplaceTempView(name)

    def unregister(self, name: str) -> None:
        self._spark.catalog.dropTempView(name)

    def keep(self, name: str, frame: DataFrame) -> None:
        """Work the frame out, and keep it as the table `name`, which it may be made of."""
        self._made += 1
        path = f"{self._folder}/{name}-{self._made}.parquet"
        frame.write.parquet(path)
        self._spark.read.parquet(path).createOrReplaceTempView(name)

    def _create(self, tree: exp.Create) -> None:
        if isinstance(tree.this, exp.Schema):
            columns = ", ".join(f"{one.name} {one.kind.sql('spark')}" for one in tree.this.expressions)
            self.keep(tree.this.this.name, self._spark.createDataFrame([], columns))
        elif tree.kind == "VIEW":
            self._query(tree.expression).createOrReplaceTempView(tree.this.name)
        else:
            self.keep(tree.this.name, self._query(tree.expression))

    def _query(self, tree: exp.Expr) -> DataFrame:
        for star in list(tree.find_all(exp.Star)):
            self._spell_out(star)
        return self._spark.sql(_for_spark(tree).sql("spark"))

    def _spell_out(self, star: exp.Star) -> None:
        """`* exclude` and `* replace` by the names of the columns: Spark has no such thing."""
        replaced = {one.alias: one for one in star.args.get("replace") or []}
        excluded = {one.name for one in star.args.get("except_") or []}
        if not replaced and not excluded:
            return
        said = star.parent if isinstance(star.parent, exp.Column) else star
        select = said.parent
        if not isinstance(select, exp.Select):
            raise TypeError(f"{star.sql('duckdb')} stands elsewhere than in a select.")
        table = select.args["from_"].this.name
        kept = [name for name in self._spark.table(table).columns if name not in excluded]
        columns = [replaced.get(name) or exp.column(name, table=table) for name in kept]
        place = select.expressions.index(said)
        select.set("expressions", [*select.expressions[:place], *columns, *select.expressions[place + 1 :]])


def _jaro_winkler(a: str | None, b: str | None) -> float | None:
    return None if a is None or b is None else functions.jaro_winkler_similarity(a, b)


def _for_spark(tree: exp.Expr) -> exp.Expr:
    return tree.transform(_translate)


def _translate(node: exp.Expr) -> exp.Expr:
    """What sqlglot leaves as it is and Spark understands otherwise."""
    if isinstance(node, exp.JarowinklerSimilarity):
        return exp.Anonymous(this=_JARO_WINKLER, expressions=[node.this, node.expression])
    if isinstance(node, exp.Anonymous) and node.name.lower() in _OTHERWISE:
        return exp.Anonymous(this=_OTHERWISE[node.name.lower()], expressions=node.expressions)
    if isinstance(node, exp.Literal) and not node.is_string and "." in node.name and "e" not in node.name.lower():
        # 0.5 is a decimal to Spark, and is counted with as one; 0.5e0 is a double.
        return exp.Literal.number(f"{node.name}e0")
    if isinstance(node, exp.CTE) and node.args.get("materialized"):
        # It has no word for that.
        node.set("materialized", None)
        return node
    if isinstance(node, exp.Sub) and _is_date(node.this) and _is_date(node.expression):
        return exp.Anonymous(this="datediff", expressions=[node.this, node.expression])
    if isinstance(node, exp.Log) and node.this.sql() == "2":
        return exp.Anonymous(this="log2", expressions=[node.expression])
    if isinstance(node, exp.Anonymous) and node.name.lower() == "hash":
        wide = exp.Anonymous(this="xxhash64", expressions=node.expressions)
        return exp.Anonymous(this="shiftrightunsigned", expressions=[wide, exp.Literal.number(1)])
    return node


def _is_date(node: exp.Expr) -> bool:
    return isinstance(node, exp.Column) and node.name.removesuffix("_l").removesuffix("_r") in _DATES
