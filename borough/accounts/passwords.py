"""Which passwords are refused for being easy to guess. By rule: a list of what is common holds few of 12 characters."""

import re
from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from borough.accounts.models import User

# What an intruder who knows where they are tries first; with the words of the council's name and of the person's own.
WORDS = (
    *("borough", "council", "county", "city", "town", "openborough", "resident", "residents", "welcome", "changeme"),
    *("password", "passwort", "letmein", "admin", "administrator", "login", "staff", "office", "work", "covid"),
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november"),
    *("december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    *("spring", "summer", "autumn", "winter", "london", "england", "scotland", "wales", "ireland", "britain"),
)
# A password of more common words than these is a sentence, which people remember and machines do not guess.
FEW_WORDS = 2
# Digits and signs that people add to a word to make a password of it.
ADDED = 8
LONGEST_WORD = 24
# Longer ones are long enough, whatever they are made of.
LOOKED_AT = 100
_LOOKALIKES = [str.maketrans("@4310$57!|", "aaeiossti" + "l"), str.maketrans("@4310$57!|", "aaelosstll")]


class SlowScrypt(ScryptPasswordHasher):
    """scrypt as OWASP's Password Storage Cheat Sheet asks: N = 2^16, r = 8, p = 2; 64 MB while it reckons.

    Passwords that were hashed otherwise are hashed so when they are next used. The first of its equals, N = 2^17 and
    p = 1, is written in one character more than the column of the password holds.
    """

    work_factor = 2**16
    parallelism = 2
    # OpenSSL refuses what takes more than 32 MB unless it is told.
    maxmem = 2**28


class NotEasyToGuess:
    """A validator: refuses one or two common words, also repeated, spelt with look-alikes or with digits added."""

    def validate(self, password: str, user: User | None = None) -> None:
        if is_easy_to_guess(password, _words_about(user)):
            raise ValidationError(
                _("This password is easy to guess. Choose three or more words that do not belong together"),
                code="password_easy_to_guess",
            )

    def get_help_text(self) -> str:
        return _("Not one or two common words, nor the council's name or your own, whatever you add to them.")


def is_easy_to_guess(password: str, own_words: frozenset[str] = frozenset()) -> bool:
    """Whether it is a short piece repeated, or made of at most two common words and a few digits and signs."""
    text = password.lower()
    if re.fullmatch(r"(.{1,6}?)\1+", text, re.S):
        return True
    if len(text) > LOOKED_AT:
        return False
    words = _common() | own_words
    # For each place in the text, the ways to come there: which words were used, and how many signs were added.
    ways: list[set[tuple[frozenset[str], int]]] = [set() for _ in range(len(text) + 1)]
    ways[0] = {(frozenset(), 0)}
    for place, here in enumerate(ways[:-1]):
        if not here:
            continue
        for word in _words_at(text, place, words):
            ways[place + len(word)] |= {
                (used | {word}, added) for used, added in here if len(used | {word}) <= FEW_WORDS
            }
        if not text[place].isalpha():
            ways[place + 1] |= {(used, added + 1) for used, added in here if added < ADDED}
    return bool(ways[-1])


def _words_at(text: str, place: int, words: frozenset[str]) -> Iterator[str]:
    for length in range(3, min(LONGEST_WORD, len(text) - place) + 1):
        piece = text[place : place + length]
        if any(one in words for one in (piece, *(piece.translate(table) for table in _LOOKALIKES))):
            yield piece


@cache
def _common() -> frozenset[str]:
    """Django's list of 20,000, ours, and the words of the council's name."""
    words = {*CommonPasswordValidator().passwords, *WORDS, *_parts(settings.AUTHORITY.name)}
    return frozenset(word for word in words if len(word) >= 3)


def _words_about(user: User | None) -> frozenset[str]:
    return frozenset(_parts(user.name) | _parts(user.email)) if user else frozenset()


def _parts(text: str) -> set[str]:
    return {part for part in re.split(r"[\W_]+", text.lower()) if len(part) >= 3}
