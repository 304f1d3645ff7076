"""How the text of one cell becomes the value of a field. Pure functions, and a cache in front of them."""

import re
from collections.abc import Callable
from datetime import date, datetime
from json import dumps
from typing import Any

from borough.common.identifiers import (
    clean_email,
    clean_nhs_number,
    clean_nino,
    clean_phone,
    clean_postcode,
    clean_uprn,
)
from borough.residents.mapping import FactRule, FieldRule

MAX_LENGTH = {
    "title": 40,
    "forename": 80,
    "middle_names": 120,
    "surname": 80,
    "previous_surname": 80,
    "language": 40,
    "address": 250,
}
MAX_FACT_TEXT = 500
OLDEST_BIRTH_YEAR = 1900 - 10

_SPACES = re.compile(r"\s+")
_ISO_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T]00:00:00(?:\.0+)?)?")
_MONEY = re.compile(r"(-|\()?\s*£?\s*(-)?\s*([\d,]*\.?\d+|[\d,]+)\s*(\)|CR|DR|-)?", re.IGNORECASE)
_SEXES = {"m": "M", "male": "M", "1": "M", "man": "M", "boy": "M", "f": "F", "female": "F", "2": "F"}
_SEXES |= {"woman": "F", "girl": "F"}
# Written where a system had to hold something: the same as nothing.
_NOTHING = frozenset(
    {"", "n/a", "na", "none", "null", "nil", "unknown", "not known", "-", "--", ".", "nk", "tbc", "#n/a"}
)

# A cell that cannot be the value of its field, and is left out with a warning.
INVALID = object()


class ImpossibleDate(ValueError):
    """The row cannot be taken in as it is. `column` is where it stands."""

    column = ""

    def __init__(self, format: str) -> None:
        example = date(1980, 12, 31).strftime(format)
        super().__init__(f"Not a date of the calendar written like {example}.")


class Reader(dict[Any, Any]):
    """`reader[text]` is the value; texts that come again are converted once. Counts the cells that were left out."""

    LIMIT = 50_000

    def __init__(self, convert: Callable[[Any], object], column: str, blank: object) -> None:
        super().__init__()
        self.convert = convert
        self.column = column
        self.blank = blank
        self.left_out = 0

    def __missing__(self, text: Any) -> object:
        try:
            value = self.convert(text)
        except ImpossibleDate as error:
            error.column = self.column
            raise
        if value is INVALID:
            self.left_out += 1
            return self.blank
        if len(self) >= self.LIMIT:
            self.clear()
        self[text] = value
        return value


def field_reader(name: str, rule: FieldRule, today: date) -> Reader:
    """Reads a standard field. Dates come out as 1980-12-31 or None; an address is given all its cells, a name comes out
    as title, forename, middle names and surname."""
    column = rule.columns[0]
    if name in {"dob", "started_on", "ended_on", "deceased_on"}:
        return Reader(_date_converter(rule, today if name == "dob" else None), column, None)
    if name in _CHECKS:
        check, blank = _CHECKS[name]
        return Reader(_checked_converter(check, blank), column, blank)
    if name == "sex":
        return Reader(_sex, column, "")
    if name == "name":
        return Reader(lambda text: split_name(readable_name(_words(text)), rule.order), column, ("", "", "", ""))
    if name == "address":
        return Reader(join_address, ", ".join(rule.columns), "")
    if name in {"forename", "middle_names", "surname", "previous_surname", "title"}:
        longest = MAX_LENGTH[name]
        return Reader(lambda text: _fitting(readable_name(_name_words(text)), longest), column, "")
    longest = MAX_LENGTH[name]
    return Reader(lambda text: _fitting(_words(text), longest), column, "")


def fact_reader(name: str, rule: FactRule) -> Reader:
    """Reads one fact as a piece of JSON such as `"rent_balance": 312.5`; empty text where there is none."""
    yes = frozenset(word.strip().casefold() for word in rule.yes)
    converters: dict[str, Callable[[str], object]] = {
        "money": _money,
        "number": _number,
        "text": _fact_text,
        "date": _date_converter(FieldRule(columns=(rule.column,), format=rule.format), None),
        "flag": lambda text: text.strip().casefold() in yes,
    }
    convert = converters[rule.type]

    def as_json(text: str) -> object:
        value = convert(text)
        if value is INVALID:
            return INVALID
        return "" if value is None else f"{dumps(name)}: {dumps(value, ensure_ascii=False)}"

    return Reader(as_json, rule.column, "")


def readable_name(name: str) -> str:
    """Words in capitals as people write them: O'BRIEN-SMITH → O'Brien-Smith, MCKAY → McKay. Other words are kept."""
    if name.islower():
        name = name.upper()
    # One letter and its apostrophe belong to the word: O'BRIEN.
    return re.sub(r"\b(?:[^\W\d_]['’])?[^\W\d_]{2,}(?:['’-][^\W\d_]+)*", _readable_word, name)


def _readable_word(found: re.Match[str]) -> str:
    word = found[0]
    if not word.isupper():
        return word
    spelt = re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)
    spelt = re.sub(r"\bMc([a-z])", lambda match: "Mc" + match[1].upper(), spelt)
    # A possessive s is no surname: O'Brien, but St John's.
    return re.sub(r"(?<=\w\w)(['’])S\b", r"\1s", spelt)


def split_name(text: str, order: str) -> tuple[str, str, str, str]:
    """(title, forename, middle names, surname) of a whole name."""
    if order == "surname, forename":
        surname, _, rest = text.partition(",")
        words = rest.split()
        surname = surname.strip()
    elif order == "surname forename":
        first, *words = text.split() or [""]
        surname = first
    else:
        *words, surname = text.split() or [""]
    title = ""
    if words and words[0].rstrip(".").casefold() in TITLES:
        title, words = words[0].rstrip("."), words[1:]
    elif surname.partition(" ")[0].rstrip(".").casefold() in TITLES and " " in surname:
        title, _, surname = surname.partition(" ")
        title = title.rstrip(".")
    forename, *middle = words or [""]
    longest = MAX_LENGTH
    return (
        title[: longest["title"]],
        forename[: longest["forename"]],
        " ".join(middle)[: longest["middle_names"]],
        surname[: longest["surname"]],
    )


TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "dr", "rev", "prof", "sir", "lady", "lord", "dame", "master", "cllr", "fr", "sr"}
)
_NUMBER_WORD = re.compile(r"\d+\w?(?:\s*-\s*\d+\w?)?")


def join_address(parts: tuple[str, ...]) -> str:
    """Flat, number and street in one line: a bare number goes before its street without a comma."""
    address = ""
    for part in parts:
        words = " ".join(part.split()).strip(" ,")
        if not words or words.casefold() in _NOTHING:
            continue
        if not address:
            address = words
        elif _NUMBER_WORD.fullmatch(address.rpartition(", ")[2]):
            address = f"{address} {words}"
        else:
            address = f"{address}, {words}"
    return (readable_name(address) if address.isupper() else address)[: MAX_LENGTH["address"]]


def _words(text: str) -> str:
    words = _SPACES.sub(" ", text.strip())
    return "" if words.casefold() in _NOTHING else words


def _name_words(text: str) -> str:
    # Na is a name, as in Li Na; in capitals or without, it is what a form holds for nothing.
    return "Na" if text.strip() == "Na" else _words(text)


def _fitting(text: str, longest: int) -> object:
    return text if len(text) <= longest else INVALID


def quick_phone(text: str) -> str | None:
    """clean_phone, with a short way for the commonest form: 07700 900123."""
    digits = text.replace(" ", "")
    if len(digits) == 11 and digits[0] == "0" and digits[1] in "1237" and digits.isascii() and digits.isdigit():
        return "+44" + digits[1:]
    return clean_phone(text)


_CHECKS: dict[str, tuple[Callable[[str], str | None], str | None]] = {
    "nino": (clean_nino, None),
    "nhs_number": (clean_nhs_number, None),
    "phone": (quick_phone, ""),
    "email": (clean_email, ""),
    "postcode": (clean_postcode, ""),
    "uprn": (clean_uprn, ""),
}


def _checked_converter(check: Callable[[str], str | None], blank: str | None) -> Callable[[str], object]:
    def convert(text: str) -> object:
        value = check(text)
        if value is not None:
            return value
        return blank if text.strip().casefold() in _NOTHING else INVALID

    return convert


def _sex(text: str) -> object:
    return _SEXES.get(text.strip().casefold(), "")


def _date_converter(rule: FieldRule, born_by: date | None) -> Callable[[str], object]:
    unknown = frozenset(rule.unknown)
    two_digit_year = "%y" in rule.format
    parse = _date_parser(rule.format)

    def convert(text: str) -> object:
        text = text.strip()
        if text in unknown or text.casefold() in _NOTHING:
            return None
        value = parse(text)
        if value is None:
            if rule.impossible == "empty":
                return INVALID
            raise ImpossibleDate(rule.format)
        if born_by is not None:
            if two_digit_year and value > born_by:
                value = value.replace(year=value.year - 100)
            if value > born_by or value.year < OLDEST_BIRTH_YEAR:
                return INVALID
        return value.isoformat()

    return convert


_NUMERIC_DIRECTIVES = {"%d": r"(?P<d>\d{1,2})", "%m": r"(?P<m>\d{1,2})", "%Y": r"(?P<Y>\d{4})"}


def _date_parser(format: str) -> Callable[[str], date | None]:
    """Reads dates written as `format`; None for what is no date. Eight times as fast as strptime for plain numbers."""
    pattern = re.escape(format).replace("\\%", "%")
    for directive, digits in _NUMERIC_DIRECTIVES.items():
        pattern = pattern.replace(directive, digits, 1)
    plain = None if "%" in pattern else re.compile(pattern, re.ASCII)

    def parse(text: str) -> date | None:
        try:
            if plain is None:
                return datetime.strptime(text, format).date()  # noqa: DTZ007
            if match := plain.fullmatch(text):
                return date(int(match["Y"]), int(match["m"]), int(match["d"]))
            # Excel and Parquet hold dates as dates, whatever the format: they come as 1980-12-31.
            typed = _ISO_DATE.fullmatch(text)
            return date.fromisoformat(typed[1]) if typed else None
        except ValueError:
            typed = _ISO_DATE.fullmatch(text) if plain is None else None
        try:
            return date.fromisoformat(typed[1]) if typed else None
        except ValueError:
            return None

    return parse


def _money(text: str) -> object:
    """Pounds. Brackets, a minus sign or CR mean credit, so below zero."""
    squeezed = text.strip()
    if squeezed.casefold() in _NOTHING:
        return None
    match = _MONEY.fullmatch(squeezed)
    if not match:
        return INVALID
    amount = float(match[3].replace(",", ""))
    credit = match[1] or match[2] or (match[4] or "").upper() in {"CR", "-"}
    return round(-amount if credit and amount else amount, 2)


def _number(text: str) -> object:
    squeezed = text.strip().replace(",", "")
    if squeezed.casefold() in _NOTHING:
        return None
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,10})?", squeezed):
        return INVALID
    return float(squeezed) if "." in squeezed else int(squeezed)


def _fact_text(text: str) -> object:
    words = _SPACES.sub(" ", text.strip())
    return words[:MAX_FACT_TEXT] or None
