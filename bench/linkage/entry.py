"""An entrant's own program, run and scored as the other ways are, without ever seeing the truth."""

import shlex
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

RECORDS, CLUSTERS = "records.parquet", "clusters.parquet"


def run_entry(con: duckdb.DuckDBPyConnection, command: str, folder: Path) -> None:
    """Run `command RECORDS CLUSTERS` in a folder that holds the records alone, and make the table `clusters` of what it
    wrote. Raises SystemExit where it fails, or where it did not put each record in one cluster."""
    with TemporaryDirectory(prefix="borough-entry-") as name:
        records, clusters = Path(name) / RECORDS, Path(name) / CLUSTERS
        shutil.copy(folder / RECORDS, records)
        done = subprocess.run([*shlex.split(command), str(records), str(clusters)])
        if done.returncode or not clusters.exists():
            raise SystemExit(f"{command}: ended with {done.returncode}, and {CLUSTERS} must be there.")
        con.execute(f"create table clusters as select id, cluster from read_parquet('{clusters}')")
    wrong = con.execute(
        """select count(*) from (select id, count(clusters.id) as n from records left join clusters using (id)
        group by id) where n <> 1"""
    ).fetchall()[0][0]
    if wrong:
        raise SystemExit(f"{command}: {wrong:,} records are not in exactly one cluster.")
