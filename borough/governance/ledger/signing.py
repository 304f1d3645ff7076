"""Signatures on heads of a chain: Ed25519 (RFC 8032) over compact JSON. Pure but for the house's own key."""

import base64
import json
import os
from dataclasses import asdict, dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings


@dataclass(frozen=True)
class Seen:
    """What is signed: that the chain of a borough had this head after this batch. `at` is ISO 8601, by the signer.

    `signer` is the borough itself, which asks, or the witness, which answers."""

    borough: str
    number: int
    head: str
    at: str
    signer: str

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def sign(seen: Seen) -> str:
    """The house's signature, base64."""
    return base64.b64encode(_own_key().sign(seen.as_bytes())).decode()


def own_public_key() -> str:
    """By which others know our signatures, base64."""
    raw = _own_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def is_signed(seen: Seen, signature: str, key: str) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(base64.b64decode(signature, validate=True), seen.as_bytes())
    except (InvalidSignature, ValueError):
        return False
    return True


def _own_key() -> Ed25519PrivateKey:
    path = settings.SEAL_KEY
    if not path.exists():
        # Written beside and linked, so that two processes starting at once agree on one key.
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        key = Ed25519PrivateKey.generate()
        draft.write_bytes(key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
