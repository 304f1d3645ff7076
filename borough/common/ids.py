"""Identifiers that we mint. Opaque: nothing about a person can be read off them."""

import secrets

# Crockford's base 32: no I, L, O, U, so that an id survives being read out over the phone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def mint_id(prefix: str, length: int = 16) -> str:
    """A new id such as R7K2M9…; 16 characters of base 32 are 80 random bits."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))


def mint_reference(prefix: str) -> str:
    """A reference for people to say aloud, such as CA-7K2M-9QXT (40 random bits)."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{prefix}-{body[:4]}-{body[4:]}"
