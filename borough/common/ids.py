"""Identifiers that we mint. Opaque: nothing about a person can be read off them."""

import secrets

# Crockford's base 32: no I, L, O, U, so that an id survives being read out over the phone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# 256 is a multiple of 32, so each letter is as likely as the next.
_LETTER_OF_BYTE = ALPHABET.encode() * 8


def mint_id(prefix: str, length: int = 16) -> str:
    """A new id such as R7K2M9…; 16 characters of base 32 are 80 random bits."""
    return prefix + secrets.token_bytes(length).translate(_LETTER_OF_BYTE).decode()


def mint_reference(prefix: str) -> str:
    """A reference for people to say aloud, such as CA-7K2M-9QXT (40 random bits)."""
    body = mint_id("", 8)
    return f"{prefix}-{body[:4]}-{body[4:]}"
