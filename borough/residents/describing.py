"""Builds the page of one resident from what the agreement opens."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from borough.common import clock
from borough.common.clock import LONDON
from borough.governance.door import Opening
from borough.residents.explaining import OPENED_BY, explain_pairs
from borough.residents.facts import age_on
from borough.residents.labels import LABELS, OPENS, value_words
from borough.residents.linkage.scorer import Reason as Bar
from borough.residents.models import Pair, Record, Resident, ResidentEvent
from borough.residents.shapes import Member, Moment, Reason, RecordView, ResidentView

MEMBERS_SHOWN = 60
# Bits of evidence under which a reason is not worth a line.
LEAST_SPOKEN = 0.3


def describe(resident: Resident, asked_for: str, opening: Opening) -> ResidentView:
    """Everything of this resident that the agreement opens; nine queries at most."""
    records = [
        record
        for record in Record.objects.filter(memberships__resident=resident, memberships__ended_at=None)
        .select_related("source", "first_load", "last_load")
        .order_by("gone_at", "source__title", "key")
        if opening.shows_source(record.source_id)
    ]
    events = list(ResidentEvent.objects.filter(Q(resident=resident) | Q(other=resident)).order_by("at"))
    name, dob, address = opening.shows("name"), opening.shows("date_of_birth"), opening.shows("address")
    contact, identifiers, shows_records = (opening.shows(field) for field in ("contact", "identifiers", "records"))
    household = resident.household if address else None
    return ResidentView(
        resident_id=resident.id,
        asked_for=asked_for,
        name=f"{resident.forename} {resident.surname}".strip() if name else "",
        dob=resident.dob if dob else None,
        age=_age(resident.dob) if dob else None,
        sex=resident.sex if name else "",
        language=resident.language if contact else "",
        phone=resident.phone if contact else "",
        email=resident.email if contact else "",
        address=resident.address if address else "",
        postcode=resident.postcode if address else "",
        small_area=resident.small_area if address else "",
        uprn=resident.uprn if address else "",
        nino=_commonest(record.nino for record in records) if identifiers else "",
        nhs_number=_commonest(record.nhs_number for record in records) if identifiers else "",
        left_on=resident.left_on,
        household_id=household.id if household else "",
        household_shared=bool(household and household.shared),
        members=_members(resident, opening) if household else [],
        records=_record_views(records, opening) if shows_records else [],
        timeline=_timeline(resident, records if shows_records else [], events),
    )


def _members(resident: Resident, opening: Opening) -> list[Member]:
    rows = Resident.objects.filter(household=resident.household_id, retired_at=None, left_on=None).exclude(
        pk=resident.pk
    )
    name, dob = opening.shows("name"), opening.shows("date_of_birth")
    return [
        Member(
            resident_id=row.id,
            name=f"{row.forename} {row.surname}".strip() if name else "",
            age=_age(row.dob) if dob else None,
        )
        for row in rows.order_by("dob", "id")[:MEMBERS_SHOWN]
    ]


def _record_views(records: list[Record], opening: Opening) -> list[RecordView]:
    titles = {record.pk: f"{record.source.title}, {record.key}" for record in records}
    open_fields = [field for field, opened_by in OPENS.items() if opening.shows(opened_by)]
    strongest = _strongest_links([record.pk for record in records])
    pairs = {record: (min(record, other), max(record, other)) for record, (other, _weight) in strongest.items()}
    explained = explain_pairs(set(pairs.values()))
    views = []
    for record in records:
        linked_to_id, weight = strongest.get(record.pk, (0, None))
        reasons = _reasons(explained.get(pairs.get(record.pk, (0, 0)), []), opening)
        # What it was compared with may be in a source that is not opened: then there is nothing to say of it.
        linked_to = titles.get(linked_to_id, "")
        values = [(str(LABELS[field]), value_words(getattr(record, field))) for field in open_fields]
        views.append(
            RecordView(
                record_id=record.pk,
                source=record.source_id,
                source_title=record.source.title,
                key=record.key,
                values=[(label, value) for label, value in values if value],
                facts=[(_fact_label(fact), value_words(value)) for fact, value in record.facts.items()],
                read_on=record.last_load.started_at,
                gone_at=record.gone_at,
                linked_to=linked_to,
                strength=strength_words(weight) if linked_to else "",
                reasons=reasons if linked_to else [],
            )
        )
    return views


def _reasons(bars: list[Bar], opening: Opening) -> list[Reason]:
    """What speaks for and against, the strongest first; nothing of a field that is not opened."""
    said = [bar for bar in bars if bar.field != "prior" and abs(bar.bits) >= LEAST_SPOKEN]
    opened = [bar for bar in said if bar.field not in OPENED_BY or opening.shows(OPENED_BY[bar.field])]
    return [Reason(_(bar.says), bar.bits) for bar in sorted(opened, key=lambda bar: -abs(bar.bits))]


def _strongest_links(record_ids: list[int]) -> dict[int, tuple[int, float]]:
    """For each record the one of these that the strongest evidence joins it to, and that evidence in bits."""
    strongest: dict[int, tuple[int, float]] = {}
    pairs = Pair.objects.filter(low__in=record_ids, high__in=record_ids, refused="").order_by("-weight", "low", "high")
    for low, high, weight in pairs.values_list("low", "high", "weight"):
        strongest.setdefault(low, (high, weight))
        strongest.setdefault(high, (low, weight))
    return strongest


def strength_words(weight: float | None) -> str:
    """A link's weight in bits, in words: 20 bits are a million to one."""
    if weight is None:
        return ""
    if weight >= 20:
        return _("Very strong")
    if weight >= 10:
        return _("Strong")
    return _("Fair") if weight >= 4 else _("Weak")


def _timeline(resident: Resident, records: list[Record], events: list[ResidentEvent]) -> list[Moment]:
    moments = []
    for record in records:
        source = record.source.title
        dated = [
            (record.started_on, _("Began in %(source)s.")),
            (record.ended_on, _("Ended in %(source)s.")),
            (record.deceased_on, _("Died, says %(source)s.")),
            (record.first_load.started_at, _("First seen in an extract from %(source)s.")),
            (record.gone_at, _("No longer in the extracts from %(source)s.")),
        ]
        for when, words in dated:
            if when is not None:
                day = when if not hasattr(when, "astimezone") else when.astimezone(LONDON).date()
                moments.append(Moment(on=day, words=words % {"source": source}, source=record.source_id))
    for event in events:
        if event.kind == "minted":
            words = _("Given this resident id.")
        elif event.kind == "split":
            words = (
                _("Told apart from %(other)s.") % {"other": event.other_id}
                if event.resident_id == resident.id
                else _("%(other)s was told apart from this resident.") % {"other": event.resident_id}
            )
        else:
            words = _("%(other)s proved to be the same person.") % {"other": event.resident_id}
        moments.append(Moment(on=event.at.astimezone(LONDON).date(), words=words))
    return sorted(dict.fromkeys(moments), key=lambda moment: moment.on, reverse=True)


def _age(born: date | None) -> int | None:
    return age_on(clock.today(), born.isoformat()) if born else None


def _commonest(values: Iterable[str | None]) -> str:
    counted = Counter(value for value in values if value).most_common(1)
    return counted[0][0] if counted else ""


def _fact_label(fact: str) -> str:
    return fact.replace("_", " ").capitalize()
