"""What a resident reads about looks at them: straight from the ledger, so that a look shows as soon as it is over."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from borough.accounts.policies import RESIDENT, Viewer, check_may_work_as
from borough.common import clock
from borough.common.words import number_words
from borough.governance.door import Opening, open_door
from borough.governance.models import Agreement, LedgerEntry, LedgerSubject, Purpose
from borough.governance.register.words import law_words
from borough.governance.rights.exempting import hidden_among, not_shown_yet
from borough.governance.rights.exemptions import shown_count
from borough.governance.rights.links import PURPOSE
from borough.governance.rights.models import OwnLink
from borough.governance.rights.ports import Inference, inferences_about, people, words_of_verb

if TYPE_CHECKING:
    from django.db.models.query import QuerySet

LOOKS_A_PAGE = 20
# To print or read in one piece.
LOOKS_AT_ONCE = 1000
# Fewer are a household.
LIST_FROM = 10
ONE_PIECE_OF_WORK = timedelta(minutes=5)
ROUTINE_SINCE = timedelta(days=365)


@dataclass(frozen=True)
class OwnLook:
    """One look, or change, as the resident whom it is about reads it. Nobody else is in it."""

    entry_id: int
    at: datetime
    who: str
    what: str
    how_many: str
    purpose: str
    why: str
    agreement: str
    agreement_title: str
    lawful_basis: str


@dataclass(frozen=True)
class Routine:
    """A job of the house that reads every resident, and how often it ran in the last year."""

    what: str
    purpose: str
    why: str
    times: int
    last: datetime


@dataclass(frozen=True)
class Opened:
    """A time that this page was opened by a link, and how many wrong dates of birth were tried before."""

    at: datetime
    wrong_dates: int


@dataclass(frozen=True)
class OwnRecord:
    """Who looked, what is read of everybody, and what was worked out."""

    looks: "Page[OwnLook]"
    routines: list[Routine]
    inferred: list[Inference]
    openings: list[Opened]

    @property
    def gathered(self) -> list[OwnLook]:
        """The looks of this page, those that belong to one piece of work as one."""
        return gather_looks(self.looks.object_list)


def read_own_record(*, viewer: Viewer, page: int = 1, whole: bool = False) -> OwnRecord:
    """The own record of the resident who asks, newest first. This look is itself in it."""
    opening = open_own_door(viewer)
    ids = people().ids_of(viewer.id)
    opening.saw([viewer.id])
    pages = Paginator(_entries_about(ids), LOOKS_AT_ONCE if whole else LOOKS_A_PAGE)
    shown = pages.get_page(page)
    looks = describe_looks(list(shown.object_list), ids)
    opened = _openings(ids)
    return OwnRecord(
        Page(looks, shown.number, cast("Paginator[OwnLook]", pages)), _routines(), inferences_about(viewer.id), opened
    )


def read_own_look(entry_id: int, *, viewer: Viewer) -> OwnLook | None:
    """One look at the resident who asks; None where there is none such, or none of theirs."""
    open_own_door(viewer)
    ids = people().ids_of(viewer.id)
    found = _entries_about(ids).filter(entry_id=entry_id).values_list("entry_id", flat=True)[:1]
    return next(iter(describe_looks(list(found), ids)), None)


def list_looks_of(ids: Collection[str], *, most: int) -> list[OwnLook]:
    """The newest looks at the resident with these ids, as they would read them, for a copy of their data."""
    return describe_looks(list(_entries_about(ids)[:most]), ids)


def gather_looks(looks: Iterable[OwnLook]) -> list[OwnLook]:
    """Looks that follow each other within five minutes, by the same person for the same purpose, as one that says all
    of what they did. To send somebody a message is to read how to reach them, and to send it."""
    gathered: list[OwnLook] = []
    for look in looks:
        last = gathered[-1] if gathered else None
        belongs = (
            last is not None
            and (last.who, last.purpose, last.agreement, last.how_many)
            == (look.who, look.purpose, look.agreement, look.how_many)
            and last.at - look.at < ONE_PIECE_OF_WORK
        )
        if last is None or not belongs:
            gathered.append(look)
        elif look.what not in last.what.split("; "):
            gathered[-1] = replace(last, what=f"{last.what}; {look.what}")
    return gathered


def open_own_door(viewer: Viewer) -> Opening:
    """The door to their own record, for a resident alone: the jobs that send links work for the same purpose."""
    check_may_work_as(viewer, RESIDENT)
    return open_door(viewer=viewer, purpose=PURPOSE, verb="governance.read_own_record")


def describe_looks(entry_ids: Collection[int], ids: Collection[str]) -> list[OwnLook]:
    """These looks, in this order, for the resident with these ids."""
    entries = LedgerEntry.objects.in_bulk(entry_ids)
    purposes = Purpose.objects.in_bulk({entry.purpose for entry in entries.values()})
    agreements = Agreement.objects.in_bulk({entry.agreement for entry in entries.values()})
    hidden = hidden_among(entry_ids, ids=ids)
    return [
        _describe(entries[one], purposes.get(entries[one].purpose), agreements.get(entries[one].agreement), hidden[one])
        for one in entry_ids
    ]


def _entries_about(ids: Collection[str]) -> "QuerySet[LedgerSubject, int]":
    """The ids of the ledger's entries about a resident, newest first; by the index of who saw whom.

    What they do on their own page is left out: it would bury the rest. `Opened` tells of it. So is what the law
    delays, which reads as if it were not there.
    """
    about = LedgerSubject.objects.filter(resident_id__in=ids).exclude(entry__viewer_kind="resident")
    if delayed := not_shown_yet(ids):
        about = about.exclude(delayed)
    return about.order_by("-entry_id").values_list("entry_id", flat=True).distinct()


def _describe(entry: LedgerEntry, purpose: Purpose | None, agreement: Agreement | None, hidden: int) -> OwnLook:
    return OwnLook(
        entry_id=entry.pk,
        at=entry.at,
        who=who_words(entry.viewer_kind, entry.viewer_id, entry.viewer_name),
        what=what_words(entry.verb, entry.kind),
        how_many=_how_many(shown_count(entry.people, hidden)),
        purpose=_(purpose.name) if purpose else entry.purpose,
        why=_(purpose.explanation) if purpose else "",
        agreement=entry.agreement,
        agreement_title=_(agreement.title) if agreement else entry.agreement,
        lawful_basis=law_words(agreement) if agreement else "",
    )


def who_words(kind: str, viewer_id: str, name: str) -> str:
    """Who looked, in a resident's words."""
    if kind == "volunteer":
        return _("%(name)s, a volunteer") % {"name": name}
    if kind == "system":
        # A job of the house goes by its own name; another system has an id.
        is_job = viewer_id == name
        return _("The council's computer") if is_job else _("Another council system: %(name)s") % {"name": name}
    return name


def what_words(verb: str, kind: str) -> str:
    return words_of_verb(verb) or (_("Changed what we hold") if kind == "write" else _("Looked at what we hold"))


def _how_many(count: int) -> str:
    if count < 2:
        return _("Yours alone")
    if count < LIST_FROM:
        words = ngettext("Yours and %(others)s other", "Yours and %(others)s others", count - 1)
        return words % {"others": count - 1}
    return _("A list of %(count)s residents") % {"count": number_words(count)}


def _openings(ids: Collection[str]) -> list[Opened]:
    opened = OwnLink.objects.filter(resident_id__in=ids, opened_at__isnull=False).order_by("-opened_at")
    # The try that opened it is counted too.
    return [Opened(at, tries - 1) for at, tries in opened.values_list("opened_at", "wrong_dates")[:5] if at]


def _routines() -> list[Routine]:
    rows = (
        LedgerEntry.objects.filter(everyone=True, at__gte=clock.now() - ROUTINE_SINCE)
        .values("verb", "kind", "purpose")
        .annotate(times=Count("id"), last=Max("at"))
        .order_by("-last")
    )
    listed = list(rows)
    purposes = Purpose.objects.in_bulk({row["purpose"] for row in listed})
    return [
        Routine(
            what=what_words(row["verb"], row["kind"]),
            purpose=_(purposes[row["purpose"]].name) if row["purpose"] in purposes else row["purpose"],
            why=_(purposes[row["purpose"]].explanation) if row["purpose"] in purposes else "",
            times=row["times"],
            last=row["last"],
        )
        for row in listed
    ]
