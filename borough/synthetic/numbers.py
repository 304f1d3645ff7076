"""Identifiers and telephone numbers of people who do not exist: valid, unique, and nobody's. Each is made from the
person's number in the borough."""

from borough.common.identifiers import nhs_check_digit

NINO_FIRST = "ABCEHJLMPRSWXYZ"
NINO_SECOND = "ABCEHJLMPRSWXYZ"


def nino_for(number: int) -> str:
    """A National Insurance number, valid by HMRC's pattern."""
    at = number * 7_368_787 % 100_000_000
    letters, digits = divmod(at, 1_000_000)
    spread = letters + (number % 2) * 100
    return f"{NINO_FIRST[spread // 15 % 15]}{NINO_SECOND[spread % 15]}{digits:06d}{'ABCD'[number % 4]}"


def nhs_number_for(number: int) -> str:
    """An NHS number in the range kept for tests, 999; a borough of over 500,000 goes on below it."""
    block, place = divmod(number, 500_000)
    even = place * 387_427 % 500_000 * 2
    first = f"{999 - block}{even:06d}"
    digit = nhs_check_digit(first)
    if digit is None:
        # The number after it then always has one: the check moves by two.
        first = f"{999 - block}{even + 1:06d}"
        digit = nhs_check_digit(first)
    return f"{first}{digit}"


def mobile_number(number: int) -> str:
    """A mobile number for a person's number.

    Ofcom keeps 07700 900000 to 900999 for drama: a thousand, too few for a borough, and people who share a number by
    chance would look alike. So the first thousand are those, and the others begin with 071, which Ofcom's numbering
    plan holds for mobiles but no operator has been given.
    """
    if number < 1000:
        return f"07700900{number:03d}"
    return f"071{number * 38_742_901 % 100_000_000:08d}"


def landline_number(number: int) -> str:
    """A number of the area code 01632, which is for drama only. A small borough stays within Ofcom's thousand."""
    return f"01632{960_000 + number if number < 1000 else number * 387_421 % 900_000:06d}"
