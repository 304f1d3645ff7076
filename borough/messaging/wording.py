"""What a message says, in which language, and what a text message costs. No tables."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.utils.translation import gettext as _

from borough.common.errors import Problem

# As in GOV.UK Notify, so that staff can bring their templates.
_PLACEHOLDER = re.compile(r"\(\(\s*([a-z_ ]+?)\s*\)\)", re.IGNORECASE)

# 3GPP TS 23.038 §6.2.1: the default alphabet, and the characters that cost two because they need an escape.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_ESCAPED = frozenset("\f^{}\\[~]|€")

# A word processor's quotes, dashes and spaces would move a whole text to UCS-2 and cost twice the money.
_PLAIN = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "…": "...",
        "•": "-",
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u00ad": None,
        "\u200b": None,
        "\ufeff": None,
        "\t": " ",
    }
)


# ISO 639-1 codes of the languages that a wording may be in beside English, by the names that council systems write.
LANGUAGE_CODES = {
    "arabic": "ar",
    "bangla": "bn",
    "bengali": "bn",
    "french": "fr",
    "polish": "pl",
    "somali": "so",
}


def language_code(language: str) -> str:
    """pl for Polish, pl and pl-PL; empty for English and for what no wording is written in."""
    said = language.strip().lower()
    code = LANGUAGE_CODES.get(said, said.partition("-")[0])
    return code if code in LANGUAGE_CODES.values() else ""


@dataclass(frozen=True)
class Wording:
    """The words of a message in each channel. A channel whose words are empty is not used.

    `translations` are the same by ISO 639-1 code, for readers of other languages; the words here are English.
    """

    sms: str = ""
    email_subject: str = ""
    email_body: str = ""
    translations: Mapping[str, "Wording"] = field(default_factory=dict)

    @property
    def channels(self) -> frozenset[str]:
        return frozenset(channel for channel, words in (("sms", self.sms), ("email", self.email_body)) if words.strip())

    def check(self, *, known: Collection[str]) -> None:
        """Raise Problem unless there is something to send and every placeholder is one of `known`."""
        if not self.channels:
            raise Problem(_("This message has no words."), _("Write a text message, an email or both."))
        if "email" in self.channels and not self.email_subject.strip():
            raise Problem(_("The email has no subject."), _("Write a subject of a few words."))
        if "\n" in self.email_subject or "\r" in self.email_subject:
            raise Problem(_("The subject of the email has more than one line."), _("Write it in one line."))
        for words in (self.sms, self.email_subject, self.email_body):
            for name in placeholders(words):
                if name not in known:
                    raise missing(name, known)

        for code, translated in self.translations.items():
            if translated.channels != self.channels:
                raise Problem(_("The wording in %(code)s lacks a channel.") % {"code": code})
            translated.check(known=known)

    def in_language(self, language: str) -> "Wording":
        """The words for a reader of this language, by name or code; English where they are not written in it."""
        return self.translations.get(language_code(language), self)

    def with_stop_line(self) -> "Wording":
        """The same, and every e-mail says how to stop more of them."""
        if not self.email_body or "stop_link" in placeholders(self.email_body):
            return self
        return replace(self, email_body=f"{self.email_body}\n\n" + _("Stop these emails: ((stop_link))"))

    def fill(self, channel: str, values: Mapping[str, str]) -> tuple[str, str]:
        """(subject, body) for this channel. Raises Problem that names a placeholder without a value."""
        if channel == "sms":
            return "", plain_sms(fill(self.sms, values))
        return fill(self.email_subject, values), fill(self.email_body, values)


def read_wording(folder: Path, name: str) -> Wording | None:
    """The wording in the files `name`.sms.txt and `name`.email.txt, whose first line is the subject, with its
    translations in `name`.sms.pl.txt and so on. None where one of the two is missing."""
    return _read(folder, name, "", {code: _read(folder, name, f".{code}", {}) for code in set(LANGUAGE_CODES.values())})


def _read(folder: Path, name: str, code: str, translations: Mapping[str, Wording | None]) -> Wording | None:
    sms, email = folder / f"{name}.sms{code}.txt", folder / f"{name}.email{code}.txt"
    if not sms.exists() or not email.exists():
        return None
    subject, _newline, body = email.read_text(encoding="utf-8").partition("\n")
    return Wording(
        sms=sms.read_text(encoding="utf-8").strip(),
        email_subject=subject.strip(),
        email_body=body.strip(),
        translations={code: words for code, words in sorted(translations.items()) if words},
    )


def placeholders(words: str) -> list[str]:
    """The names between double brackets, in order, each once."""
    return list(dict.fromkeys(_name(match[1]) for match in _PLACEHOLDER.finditer(words)))


def fill(words: str, values: Mapping[str, str]) -> str:
    """The words with each placeholder replaced, in one pass: a value that looks like a placeholder stays as it is."""

    def value(match: re.Match[str]) -> str:
        name = _name(match[1])
        if name not in values:
            raise missing(name, values)
        return values[name]

    return _PLACEHOLDER.sub(value, words)


def missing(name: str, known: Collection[str]) -> Problem:
    choices = ", ".join(f"(({each}))" for each in sorted(known))
    return Problem(
        _("The message uses ((%(name)s)), which has no value.") % {"name": name},
        _("Use one of %(choices)s, or take it out.") % {"choices": choices},
    )


def plain_sms(text: str) -> str:
    """The text with typographic quotes, dashes and spaces made plain, so that it costs no more than it must."""
    return text.translate(_PLAIN).strip()


def count_segments(text: str) -> int:
    """How many text messages the network bills for this text.

    GSM-7: 160 characters in one, 153 in each of several; anything outside that alphabet: 70 and 67 UTF-16 units
    (3GPP TS 23.038, TS 23.040). A character of two units is never cut in half, so it may begin the next segment early.
    """
    if all(character in _GSM or character in _GSM_ESCAPED for character in text):
        sizes = [2 if character in _GSM_ESCAPED else 1 for character in text]
        alone, joined = 160, 153
    else:
        sizes = [2 if ord(character) > 0xFFFF else 1 for character in text]
        alone, joined = 70, 67
    if sum(sizes) <= alone:
        return 1 if text else 0
    segments, used = 1, 0
    for size in sizes:
        if used + size > joined:
            segments, used = segments + 1, 0
        used += size
    return segments


def _name(text: str) -> str:
    return text.lower().replace(" ", "_")
