"""Tells governance which sources there are and what they declare of themselves."""

from collections.abc import Iterator

from django.db.models import Max

from borough.governance.declared import SourceFacts
from borough.residents.models import Load, Source


def source_facts() -> Iterator[SourceFacts]:
    """Each source, with the facts that its mapping marks as special and how many records it holds."""
    newest = Load.objects.filter(state="done").values("source").annotate(newest=Max("id")).values("newest")
    held = dict(Load.objects.filter(id__in=newest).values_list("source_id", "records"))
    for source in Source.objects.order_by("title"):
        facts = source.mapping.get("facts", {})
        yield SourceFacts(
            code=source.code,
            title=source.title,
            owner=source.owner,
            special=tuple(name for name, rule in facts.items() if rule.get("special")),
            children=bool(source.mapping.get("children")),
            records=held.get(source.code, 0),
        )
