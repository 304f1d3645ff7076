"""The query parameters of the nine operations, and what they ask of the directory."""

import re
from datetime import time
from typing import Annotated

from ninja import Schema
from pydantic import AfterValidator, Field

from borough.common.errors import Problem
from borough.directory.queries import Wish
from borough.directory.schedules import weekday_of
from borough.places.queries import locate_postcode

MOST_PER_PAGE = 500
LAST_PAGE = 1_000_000
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(:([0-5]\d|60)(\.\d+)?)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)?", re.ASCII)


def _check_time(text: str) -> str:
    if not _TIME.fullmatch(text):
        raise ValueError("is not a time such as 17:30:00Z")
    return text


Time = Annotated[str, AfterValidator(_check_time), Field(json_schema_extra={"format": "time"})]
Age = Annotated[float, Field(allow_inf_nan=False)]


class Paging(Schema):
    """Pages are counted from 1; what is out of bounds is brought within them."""

    page: Annotated[int, Field(description="Which page, from 1.")] = 1
    per_page: Annotated[int, Field(description=f"How many on a page, at most {MOST_PER_PAGE}.")] = 50

    @property
    def number(self) -> int:
        return max(1, min(self.page, LAST_PAGE))

    @property
    def size(self) -> int:
        return max(1, min(self.per_page, MOST_PER_PAGE))

    @property
    def start(self) -> int:
        return (self.number - 1) * self.size


class Filters(Paging):
    search: Annotated[str, Field(description="A need in plain words, the best first.")] = ""
    taxonomy_term_id: Annotated[str, Field(description="Services with this term.")] = ""
    taxonomy_id: Annotated[str, Field(description="Services with any term of this taxonomy.")] = ""
    minimum_age: Annotated[Age | None, Field(description="Services whose minimum age is at least this.")] = None
    maximum_age: Annotated[Age | None, Field(description="Services whose maximum age is at most this.")] = None
    start_time: Annotated[Time | None, Field(description="Services that open at this time or later.")] = None
    end_time: Annotated[Time | None, Field(description="Services that close by this time.")] = None
    day: Annotated[str, Field(description="Services open on this day: MO, or Monday.")] = ""

    def wish(self, **place: object) -> Wish | None:
        """None where nothing can fit, as on a day that is none."""
        day = weekday_of(self.day) if self.day else None
        if self.day and day is None:
            return None
        return Wish(
            need=_plain(self.search),
            term_id=_plain(self.taxonomy_term_id),
            taxonomy_id=_plain(self.taxonomy_id),
            minimum_age=self.minimum_age,
            maximum_age=self.maximum_age,
            opens_from=_wall_clock(self.start_time),
            closes_by=_wall_clock(self.end_time),
            days=frozenset() if day is None else frozenset({day}),
            **place,  # type: ignore[arg-type]
        )


class FiltersByPlace(Filters):
    postcode: Annotated[str, Field(description="The nearest to this postcode first.")] = ""
    proximity: Annotated[str, Field(description="Only within so many metres of the postcode.")] = ""

    def wish_here(self) -> Wish | None:
        """None too where the postcode is not in this borough: no service of its directory is for there."""
        metres = _metres(self.proximity)
        if not self.postcode:
            return self.wish()
        near = locate_postcode(self.postcode)
        return None if near is None else self.wish(near=near, within_km=None if metres is None else metres / 1000)


def _metres(text: str) -> float | None:
    if not text:
        return None
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text, re.ASCII):
        raise Problem("The proximity is not a number of metres.", "Give it in digits, such as proximity=500.")
    return float(text)


def _wall_clock(text: str | None) -> time | None:
    """Schedules are in the time of the place; an offset is not taken into account. A leap second is the one before."""
    found = _TIME.fullmatch(text) if text else None
    return time(int(found[1]), int(found[2]), min(59, int(found[4] or 0))) if found else None


def _plain(text: str) -> str:
    return text.replace("\x00", " ")
