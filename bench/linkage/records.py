"""The records of a rehearsal as one Parquet file, read through its mapping files, with the truth in a second file."""

import csv
from pathlib import Path

import duckdb
import pyarrow as pa

from borough.places.policies import choose_uprn, match_key
from borough.residents.mapping import read_mapping
from borough.residents.reading import RejectedRow, Row, read_rows

COLUMNS = ("key", *Row._fields[3:-1])


def collect_records(folder: Path) -> int:
    """Write records.parquet (id, source, fields) and truth.parquet (id, person, naming_group) into `folder`.

    Returns how many records.
    """
    con = duckdb.connect()
    con.execute(f"create table loaded (source varchar, {', '.join(f'{name} varchar' for name in COLUMNS)})")
    for path in sorted((folder / "mappings").glob("*.toml")):
        mapping = read_mapping(path)
        extract = folder / "extracts" / f"{mapping.source}.csv"
        rows = [row for row in read_rows(extract, mapping) if not isinstance(row, RejectedRow)]
        columns = {name: [getattr(row, name) for row in rows] for name in COLUMNS}
        con.register("batch", pa.table({"source": [mapping.source] * len(rows), **columns}))
        con.execute("insert into loaded select * from batch")
    _find_uprns(con, folder / "addresses.csv")
    con.execute(
        """create table labelled as select row_number() over (order by source, key) as id, * from loaded
        join read_csv(?, all_varchar = true) using (source, key)""",
        [str(folder / "truth" / "records.csv")],
    )
    con.execute(f"copy (select * exclude (person) from labelled) to '{folder / 'records.parquet'}'")
    con.execute(
        f"""copy (select id, person, naming_group from labelled
        join read_csv('{folder / "truth" / "people.csv"}', all_varchar = true) using (person))
        to '{folder / "truth.parquet"}'"""
    )
    return int(con.execute("select count(*) from labelled").fetchall()[0][0])


def _find_uprns(con: duckdb.DuckDBPyConnection, addresses: Path) -> None:
    known: dict[str, dict[str, str]] = {}
    with addresses.open(newline="") as file:
        for row in csv.DictReader(file):
            keys, key = known.setdefault(row["postcode"], {}), match_key(row["address"])
            keys[key] = "" if key in keys else row["uprn"]
    written = con.execute("select distinct address, postcode from loaded where uprn = '' and address <> ''").fetchall()
    uprns = [choose_uprn(match_key(address), known.get(postcode, {})) or "" for address, postcode in written]
    found = {"address": [a for a, _ in written], "postcode": [p for _, p in written], "uprn": uprns}
    con.register("found", pa.table({name: pa.array(values, pa.string()) for name, values in found.items()}))
    con.execute(
        """update loaded set uprn = found.uprn from found
        where loaded.uprn = '' and loaded.address = found.address and loaded.postcode = found.postcode"""
    )
