"""Hashes of entries, of a batch of them, and of the chain. Pure: anybody can compute them again from an export.

An entry and the residents it is about are one leaf: SHA-256 of 0x00 and their JSON, compact, in the order of `LEAF`.
Two nodes are one: SHA-256 of 0x01 and both (RFC 6962 separates leaves from nodes so); an odd one goes up as it is.
A batch's head: SHA-256 of 0x02, the head before it, its root, and how many entries it holds (8 bytes, big-endian).
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

# `at` and `written_at` are in microseconds since 1970, UTC; `residents` are in the order of their own rows.
LEAF = (
    "id",
    "at",
    "written_at",
    "kind",
    "viewer_kind",
    "viewer_id",
    "viewer_name",
    "purpose",
    "agreement",
    "verb",
    "people",
    "everyone",
    "opening",
    "residents",
)
BEGINNING = "0" * 64

_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def hash_entry(leaf: Sequence[Any]) -> bytes:
    """The hash of one entry, its values in the order of LEAF."""
    return sha256(b"\x00" + _compact(leaf).encode()).digest()


def root_of(leaves: Sequence[Sequence[Any]]) -> str:
    """The Merkle root over the entries of a batch, in hex. Raises ValueError for none."""
    level = [hash_entry(leaf) for leaf in leaves]
    if not level:
        raise ValueError("a batch holds at least one entry")
    while len(level) > 1:
        pairs = [sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0].hex()


def head_of(previous: str, root: str, entries: int) -> str:
    """The head of the chain after a batch, in hex."""
    return sha256(b"\x02" + bytes.fromhex(previous) + bytes.fromhex(root) + entries.to_bytes(8, "big")).hexdigest()
