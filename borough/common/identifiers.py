"""Identifiers that others mint: is this one valid, and how is it written?

Each `clean_…` takes what a file or a form holds and returns the standard form, or None when it cannot be one.
"""

import re

# HMRC's National Insurance Manual NIM39110: letters never used, prefixes never allocated, suffix A to D.
_NINO = re.compile(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]\d{6}[A-D]")
_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[ABD-HJLNP-UW-Z]{2})")
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[a-z]{2,}")


def clean_nino(text: str) -> str | None:
    """National Insurance number, as AB123456C."""
    squeezed = re.sub(r"[\s-]", "", text).upper()
    return squeezed if _NINO.fullmatch(squeezed) else None


def nhs_check_digit(first_nine: str) -> int | None:
    """The tenth digit by modulus 11 (NHS Data Dictionary, NHS NUMBER); None where no digit is valid."""
    total = sum(int(digit) * weight for digit, weight in zip(first_nine, range(10, 1, -1), strict=True))
    digit = (11 - total % 11) % 11
    return None if digit == 10 else digit


def clean_nhs_number(text: str) -> str | None:
    """NHS number: ten digits whose last is the check digit."""
    digits = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"[0-9]{10}", digits) or len(set(digits)) == 1:
        return None
    return digits if nhs_check_digit(digits[:9]) == int(digits[9]) else None


def clean_postcode(text: str) -> str | None:
    """Postcode with one space, as NW1 2DB."""
    match = _POSTCODE.fullmatch(re.sub(r"\s", "", text).upper())
    return f"{match[1]} {match[2]}" if match else None


def clean_uprn(text: str) -> str | None:
    """Unique Property Reference Number: up to 12 digits, without leading zeros."""
    digits = text.strip().lstrip("0")
    return digits if re.fullmatch(r"[0-9]{1,12}", digits) else None


def district_of(postcode: str) -> str:
    """NW1 of NW1 2DB: some thousands of homes. Empty where the postcode is not whole."""
    return postcode.partition(" ")[0] if " " in postcode else ""


def clean_phone(text: str) -> str | None:
    """British number in E.164, as +447700900123."""
    digits = re.sub(r"[\s().-]", "", text)
    digits = re.sub(r"^(\+44|0044|44(?=[1-9]\d{9}$))0?", "0", digits)
    # A spreadsheet that took the number for a number drops the leading zero.
    if re.fullmatch(r"[1-37]\d{9}", digits):
        digits = "0" + digits
    return "+44" + digits[1:] if re.fullmatch(r"0[1-37][0-9]{8,9}", digits) else None


def clean_email(text: str) -> str | None:
    """E-mail address in lower case."""
    lowered = text.strip().lower()
    return lowered if _EMAIL.fullmatch(lowered) and len(lowered) <= 254 else None
