"""The ledger as one file, and its verification without the database: JSON lines, each seal before its entries, and what
other boroughs signed of them last."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from borough.common.errors import Problem
from borough.governance.ledger.hashing import LEAF
from borough.governance.ledger.reading import Run, leaves_of
from borough.governance.ledger.verifying import Sealed, Verdict, sealed, verify_chain
from borough.governance.ledger.witnessing import Signed, all_signed


def export_ledger(path: Path, show: Callable[[int], None] = lambda entries: None) -> int:
    """Write all sealed batches to a file, which then holds staff's names and residents' ids. Returns its entries."""
    done = 0
    with path.open("w", encoding="utf-8") as file:
        for seal in sealed():
            file.write(json.dumps(asdict(seal) | {"sealed_at": seal.sealed_at.isoformat()}) + "\n")
            leaves = leaves_of(seal.runs)
            file.writelines(json.dumps(leaf, ensure_ascii=False) + "\n" for leaf in leaves)
            done += len(leaves)
            show(done)
        file.writelines(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in all_signed())
    return done


def verify_export(path: Path, show: Callable[[int], None] = lambda entries: None) -> Verdict:
    """As verify_ledger, of an exported file and nothing else."""
    held: list[list[Any]] = []
    signed: list[Signed] = []

    def batches() -> Iterator[Sealed]:
        """Each seal once the entries that stand under it are in `held`."""
        seal: Sealed | None = None
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                try:
                    row = json.loads(line)
                    if isinstance(row, dict) and "witness" in row:
                        signed.append(Signed(**row))
                        continue
                    following = None if isinstance(row, list) else _sealed(row)
                except (ValueError, TypeError, KeyError) as error:
                    raise Problem(
                        f"Line {number} of {path.name} is no line of a ledger.", "Export the ledger again."
                    ) from error
                if following is None:
                    held.append(row)
                    if len(row) != len(LEAF):
                        raise Problem(f"Line {number} of {path.name} is no entry.", "Export the ledger again.")
                    continue
                if seal:
                    yield seal
                held.clear()
                seal = following
        if seal:
            yield seal

    def leaves(runs: Sequence[Run]) -> list[list[Any]]:
        return sorted(held, key=lambda leaf: leaf[0])

    return verify_chain(batches(), leaves, show, signed)


def _sealed(row: dict[str, Any]) -> Sealed:
    return Sealed(**row | {"sealed_at": datetime.fromisoformat(row["sealed_at"])})
