"""Records that were erased stay away: an extract that still holds one brings nothing back, and the load says so.

Of an erased record only a hash of its key remains, keyed with the house's secret so that nobody can find the key by
trying all there are. A record that comes back under another key is not known by it.
"""

from collections.abc import Collection, Iterable
from hashlib import blake2b

from django.conf import settings

from borough.common import clock
from borough.residents.forgetting import forget_records
from borough.residents.models import CorrectedField, ErasedRecord, Record, Source


def remember_erased(source: str, keys: Iterable[str]) -> None:
    """Keep these records of the source from coming back."""
    now = clock.now()
    ErasedRecord.objects.bulk_create(
        [ErasedRecord(source_id=source, key_hash=_hash(source, key), erased_at=now) for key in keys],
        ignore_conflicts=True,
    )


def keep_away(ids: Collection[str]) -> list[tuple[str, str]]:
    """Keep every record that these residents have, or had, from coming back. Returns (source, hash of its key) each."""
    records = Record.objects.filter(memberships__resident__in=ids).distinct().values_list("source_id", "key")
    hashes = [(source, _hash(source, key)) for source, key in records]
    keep_away_hashes(hashes)
    return hashes


def keep_away_hashes(hashes: Iterable[tuple[str, str]]) -> None:
    """The same, of records that only their tombstone knows any more."""
    now = clock.now()
    known = set(Source.objects.values_list("code", flat=True))
    ErasedRecord.objects.bulk_create(
        [
            ErasedRecord(source_id=source, key_hash=key_hash, erased_at=now)
            for source, key_hash in hashes
            if source in known
        ],
        ignore_conflicts=True,
    )


def erase_records(ids: Collection[str]) -> int:
    """Delete the records of these residents, with all that was worked out from them."""
    records = Record.objects.filter(memberships__resident__in=ids).distinct()
    for source, key in records.values_list("source_id", "key"):
        CorrectedField.objects.filter(source=source, key=key).delete()
    return forget_records(records.values_list("id", flat=True))


class Erased:
    """The records of a source that were erased: `erased.has(key)`. Falsy where there are none."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._hashes = frozenset(ErasedRecord.objects.filter(source=source).values_list("key_hash", flat=True))

    def __bool__(self) -> bool:
        return bool(self._hashes)

    def has(self, key: str) -> bool:
        return any(_hash(self._source, key, secret) in self._hashes for secret in settings.KEYS_OF_HASHES)


def _hash(source: str, key: str, secret_key: str | None = None) -> str:
    """With the house's secret, or one that it had when the record was erased."""
    secret = blake2b((secret_key or settings.SECRET_KEY).encode(), digest_size=32).digest()
    return blake2b(f"{source}\x1f{key}".encode(), key=secret, digest_size=16).hexdigest()
