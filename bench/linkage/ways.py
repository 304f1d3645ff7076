"""Three ways to link the same records. Each makes the table `clusters` (id, cluster) from `records`."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Any

import duckdb
import numpy as np
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

from borough.residents.linkage.evaluate import measure
from borough.residents.linkage.joining import connected_components
from borough.residents.linkage.pipeline import Stages, link_people
from borough.residents.linkage.standardise import standardise

THRESHOLDS = (0.5, 0.9, 0.95, 0.99, 0.999)
TIMED_THRESHOLD = 0.99


@dataclass
class Aside:
    """Seconds of wall and processor time that are not counted: what no way would do each night."""

    wall: float = 0.0
    cpu: float = 0.0

    @contextmanager
    def uncounted(self) -> Iterator[None]:
        wall, cpu = perf_counter(), process_time()
        yield
        self.wall += perf_counter() - wall
        self.cpu += process_time() - cpu


def exact_keys(con: duckdb.DuckDBPyConnection, aside: Aside) -> None:
    keys = ("nino", "nhs_number", "forename, surname, dob", "forename, surname, uprn")
    con.execute(
        """create table plain as select id, nino, nhs_number, nullif(upper(forename), '') as forename,
        nullif(upper(surname), '') as surname, dob, nullif(uprn, '') as uprn from records"""
    )
    pairs = " union ".join(
        f"select l.id as l, r.id as r from plain l join plain r using ({key}) where l.id < r.id" for key in keys
    )
    edges = con.execute(pairs).fetchnumpy()
    count = con.execute("select count(*) from plain").fetchall()[0][0]
    # Ids are 1 to count, places 0 to count - 1.
    labels = connected_components(count, edges["l"] - 1, edges["r"] - 1)
    con.register("found", {"id": np.arange(1, count + 1), "cluster": labels})
    con.execute("create table clusters as select * from found")


def open_borough(con: duckdb.DuckDBPyConnection, aside: Aside) -> None:
    with aside.uncounted():
        standard = standardise(con, "records")
    link_people(con, standard, Stages(total=3))


def plain_splink(con: duckdb.DuckDBPyConnection, aside: Aside) -> None:
    """Its best threshold is told by the truth; its time is that of one threshold, and without the estimate of u."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    with aside.uncounted():
        con.execute(_PREPARE)
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        comparisons=_comparisons(),
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in _BLOCKING],
    )
    linker = Linker(DuckDBAPI(connection=con).register("recs"), settings, log_level=None)
    sure = (("nino",), ("nhs_number",), ("forename", "surname", "dob"), ("forename", "surname", "uprn"))
    linker.training.estimate_probability_two_random_records_match(
        [block_on(*rule) for rule in (*sure, ("forename", "email"))], recall=0.75
    )
    with aside.uncounted():
        linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    for rule in (("nino",), ("forename", "surname", "dob")):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule), max_pairs=1.5e6)
    predictions = linker.inference.predict(threshold_match_probability=0.01)
    _cluster(linker, predictions, TIMED_THRESHOLD)
    with aside.uncounted():
        best = -1.0
        for threshold in THRESHOLDS:
            found = _cluster(linker, predictions, threshold)
            con.execute(f"create or replace view found as select unique_id as id, cluster_id as cluster from {found}")
            figures = measure(con, "found", "truth")
            if figures.f1 > best:
                best = figures.f1
                con.execute("create or replace table clusters as from found")


def _cluster(linker: Linker, predictions: Any, threshold: float) -> str:
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predictions, threshold_match_probability=threshold
    )
    return str(found.physical_name)


WAYS = {"exact keys": exact_keys, "plain Splink": plain_splink, "Open Borough": open_borough}

_PREPARE = """
create table recs as
with letters as (
    select id as unique_id, nullif(regexp_replace(upper(forename), '[^A-Z]', '', 'g'), '') as forename,
           nullif(regexp_replace(upper(surname), '[^A-Z]', '', 'g'), '') as surname,
           nullif(dob, '1900-01-01') as dob, nino, nhs_number, nullif(uprn, '') as uprn,
           nullif(postcode, '') as postcode, nullif(phone, '') as phone, nullif(lower(email), '') as email,
           nullif(regexp_extract(address, '([0-9]+)', 1), '') as house_number
    from records
),
parts as (
    select *, split_part(postcode, ' ', 1) as outcode, left(surname, 3) as surname_start, left(forename, 1) as initial,
           case when length(forename) > 1
                then least(forename, surname) || ' ' || greatest(forename, surname) end as both_names
    from letters
)
select *, case when count(*) over (partition by both_names) <= 15 then both_names end as rare_names from parts
"""
_BLOCKING = (
    ("nino",),
    ("nhs_number",),
    ("uprn", "initial"),
    ("uprn", "surname_start"),
    ("dob", "surname"),
    ("dob", "forename"),
    ("phone",),
    ("email",),
    ("postcode", "surname_start"),
    ("dob", "postcode"),
    ("both_names", "outcode"),
    ("rare_names",),
)


def _comparisons() -> list[Any]:
    def unknown(*columns: str) -> Any:
        missing = " and ".join(f"({column}_l is null or {column}_r is null)" for column in columns)
        return cll.CustomLevel(missing).configure(is_null_level=True)

    def edited(column: str) -> Any:
        levels = [cll.NullLevel(column), cll.ExactMatchLevel(column), cll.DamerauLevenshteinLevel(column, 1)]
        return cl.CustomComparison([*levels, cll.ElseLevel()], output_column_name=column)

    forename = [
        cll.NullLevel("forename"),
        cll.ExactMatchLevel("forename", term_frequency_adjustments=True),
        cll.JaroWinklerLevel("forename", 0.92),
        cll.CustomLevel("(length(forename_l) = 1 or length(forename_r) = 1) and initial_l = initial_r"),
        cll.CustomLevel("forename_l = surname_r and forename_r = surname_l"),
        cll.JaroWinklerLevel("forename", 0.8),
        cll.ElseLevel(),
    ]
    surname = [
        cll.NullLevel("surname"),
        cll.ExactMatchLevel("surname", term_frequency_adjustments=True),
        cll.JaroWinklerLevel("surname", 0.92),
        cll.CustomLevel("contains(surname_l, surname_r) or contains(surname_r, surname_l)"),
        cll.JaroWinklerLevel("surname", 0.8),
        cll.ElseLevel(),
    ]
    dob = [
        cll.NullLevel("dob"),
        cll.ExactMatchLevel("dob", term_frequency_adjustments=True),
        cll.CustomLevel("dob_l = left(dob_r, 5) || right(dob_r, 2) || '-' || substr(dob_r, 6, 2)"),
        cll.DamerauLevenshteinLevel("dob", 1),
        cll.CustomLevel("left(dob_l, 4) = left(dob_r, 4)"),
        cll.ElseLevel(),
    ]
    address = [
        unknown("uprn", "postcode"),
        cll.CustomLevel("uprn_l = uprn_r"),
        cll.CustomLevel("postcode_l = postcode_r and house_number_l = house_number_r"),
        cll.CustomLevel("postcode_l = postcode_r"),
        cll.CustomLevel("outcode_l = outcode_r"),
        cll.ElseLevel(),
    ]
    email = [
        cll.NullLevel("email"),
        cll.ExactMatchLevel("email"),
        cll.JaroWinklerLevel("email", 0.94),
        cll.ElseLevel(),
    ]
    named = {"forename": forename, "surname": surname, "dob": dob, "address": address, "email": email}
    made = [cl.CustomComparison(levels, output_column_name=name) for name, levels in named.items()]
    return made + [edited(column) for column in ("phone", "nino", "nhs_number")]
