"""What the page on limits tells: each with the constant in the code that it is read from."""

from datetime import timedelta
from importlib import import_module
from typing import Any

# What, where its value stands, and of what it is a number: "bytes", a word, or nothing for a time.
Limit = tuple[str, str, str]
LIMITS: dict[str, tuple[Limit, ...]] = {
    "Staff and partners": (
        ("Wrong passwords or codes, then the account locks", "borough.accounts.actions:LOCK_AFTER", "tries"),
        ("It opens by itself after", "borough.accounts.actions:LOCK_FOR", ""),
        ("A browser is known, and its tries are counted apart, for", "borough.accounts.known_browsers:KNOWN_FOR", ""),
        ("A first password works for", "borough.accounts.actions:FIRST_PASSWORD_WORKS_FOR", ""),
        ("A session ends after its last use in", "borough.accounts.sessions:IDLE", ""),
        ("It ends at last after", "borough.accounts.sessions:LONGEST", ""),
        ("What was typed meanwhile is kept for", "borough.accounts.typed:KEPT_FOR", ""),
        ("An emergency opens doors for", "borough.governance.glass.rules:LASTS", ""),
        ("Cases changed at once", "borough.cases.many:MOST_AT_ONCE", "cases"),
        ("Cases shared out at once", "borough.cases.sharing:MOST_SHARED", "cases"),
        ("Cases in one downloaded list", "borough.cases.reading_queue:MOST_IN_A_FILE", "cases"),
        ("A note or reason", "borough.cases.forms:LONGEST_TEXT", "characters"),
    ),
    "Residents, volunteers and services, who have no account": (
        ("Asking for help, from one browser in an hour", "borough.cases.public_views:MOST_ASKS", "times"),
        ("Offering to volunteer, from one browser in an hour", "borough.volunteers.join_views:MOST_JOINS", "times"),
        ("A resident's link to their own page works for", "borough.governance.rights.rules:LINK_WORKS_FOR", ""),
        ("Such links in a day", "borough.governance.rights.rules:LINKS_A_DAY", "links"),
        ("Wrong dates of birth, then it ends", "borough.governance.rights.rules:WRONG_DATES_ALLOWED", "tries"),
        ("The page stays open for", "borough.governance.rights.rules:PAGE_STAYS_OPEN", ""),
        ("A link that tells of a decision works for", "borough.governance.decisions.deciding:LINK_KEPT", ""),
        ("A link that asks whether help came works for", "borough.cases.queries:FEEDBACK_KEPT", ""),
        ("A link to take consent back works for", "borough.cases.referrals.reading:CONSENT_LINK_KEPT", ""),
        ("A link to choose messages works for", "borough.messaging.views:PREFERENCES_KEEP", ""),
        ("A link to a volunteer's task works for", "borough.volunteers.policies:LINK_KEPT", ""),
        ("A new volunteer confirms within", "borough.volunteers.policies:CONFIRM_WITHIN", ""),
        ("A link to a referral works for", "borough.cases.referrals.rules:LINK_KEPT", ""),
        ("A link to a listing works for", "borough.directory.policies:LINK_KEPT", ""),
        ("The code for a service's mailbox works for", "borough.common.mailbox_links:CODE_KEPT", ""),
        ("Wrong codes for one link", "borough.common.mailbox_links:WRONG_CODES", "tries"),
        ("Codes sent for one link", "borough.common.mailbox_links:MOST_CODES", "codes"),
        ("New links for one thing in a day", "borough.common.mailbox_links:NEW_LINKS_A_DAY", "links"),
    ),
    "Other systems": (
        ("Records sent in one call", "borough.residents.arriving:MOST_ROWS", "records"),
        ("People found by one question", "borough.residents.looking_up:MOST_FOUND", "people"),
        ("Services on a page of the directory", "borough.standards.open_referral_uk.asking:MOST_PER_PAGE", "services"),
    ),
    "What is sent": (
        ("A form without a file", "django.conf:settings.DATA_UPLOAD_MAX_MEMORY_SIZE", "bytes"),
        ("Around a file, for the rest of its form", "borough.web.middleware:AROUND", "bytes"),
    ),
    "Work in the background": (
        ("A job that fails is tried", "borough.common.jobs:MAX_ATTEMPTS", "times"),
        ("A worker that says nothing has lost its job after", "borough.common.jobs:LEASE", ""),
        ("A message that cannot be sent is tried", "borough.messaging.policies:MAX_ATTEMPTS", "times"),
    ),
}
# Files that are taken in: from whom, of which kinds, and the limits of each.
FILES: tuple[tuple[str, str, tuple[Limit, ...]], ...] = (
    (
        "A file on a case (staff)",
        "PDF, JPEG, PNG, WebP or plain text; its content is what its name says",
        (
            ("", "borough.cases.attachments:MOST_BYTES", "bytes"),
            ("", "borough.cases.attachments:MOST_FILES", "files on a case"),
        ),
    ),
    (
        "A backlog of cases (staff)",
        "CSV in UTF-8",
        (
            ("", "borough.cases.backlogs.opening:MOST_BYTES", "bytes"),
            ("", "borough.cases.backlogs.opening:MOST_LINES", "lines"),
        ),
    ),
    (
        "The area of an emergency (staff)",
        "GeoJSON, named .geojson or .json",
        (
            ("", "borough.residents.check_forms:LARGEST_FILE", "bytes"),
            ("", "borough.places.shapes:MOST_CORNERS", "corners"),
        ),
    ),
    (
        "Listings of services (staff; `borough import-services`)",
        "JSON, CSV, or a zip of them, measured before it is unpacked",
        (
            ("", "borough.directory.packages:LARGEST", "bytes unpacked"),
            ("", "borough.directory.packages:MOST_FILES", "files in a zip"),
        ),
    ),
    (
        "An extract (`borough load`)",
        "CSV, Excel (.xlsx) or Parquet, told by its first bytes; no page takes one",
        (
            ("", "borough.residents.extract_files:LARGEST_UNPACKED", "bytes unpacked, of a workbook"),
            ("", "borough.residents.csv_files:MAX_LINE", "bytes, a line of CSV"),
        ),
    ),
)


def words_of(limit: Limit) -> str:
    """The value as it is now, such as "30 minutes" or "10 MB"."""
    _what, place, unit = limit
    module, _, name = place.partition(":")
    value: Any = import_module(module)
    for part in name.split("."):
        value = getattr(value, part)
    if isinstance(value, timedelta):
        return _time(value)
    if unit.startswith("bytes"):
        return f"{_size(value)}{unit.removeprefix('bytes')}"
    return f"{value:,} {unit}"


def _time(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    for name, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds % length == 0:
            number = seconds // length
            return f"{number:,} {name}{'' if number == 1 else 's'}"
    return f"{seconds} seconds"


def _size(value: int) -> str:
    for name, length in (("GB", 10**9), ("MB", 1024**2), ("kB", 1000)):
        if value >= length and value % (length // 2 if name != "GB" else length) == 0:
            return f"{value / length:g} {name}"
    return f"{value:,} bytes"
