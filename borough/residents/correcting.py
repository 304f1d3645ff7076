"""What a resident had corrected lies over what their sources send, until a source sends the same.

The record keeps the correction from one extract to the next; so linking, search and every page see what is right.
"""

import secrets
from collections.abc import Collection
from datetime import date
from hashlib import blake2b

from django.utils.translation import gettext as _

from borough.common.errors import Problem
from borough.common.identifiers import clean_email, clean_phone, clean_postcode
from borough.governance.actions import note_corrected
from borough.residents.models import CorrectedField, Load, Record
from borough.residents.reading import Row


def correct_records(ids: Collection[str], field: str, should_be: str) -> tuple[str, list[tuple[str, str]]]:
    """Put the value into every record that these ids have today. Returns it in its standard form, and (source, key)."""
    value = _standard(field, should_be.strip())
    records = Record.objects.filter(memberships__resident__in=ids, memberships__ended_at=None, gone_at=None)
    held = list(records.distinct().values_list("id", "source_id", "key"))
    CorrectedField.objects.bulk_create(
        [CorrectedField(source_id=source, key=key, field=field, value=value) for _id, source, key in held],
        update_conflicts=True,
        unique_fields=["source", "key", "field"],
        update_fields=["value"],
    )
    Record.objects.filter(id__in=[each for each, _source, _key in held]).update(**{field: value}, pending=True)
    return value, [(source, key) for _id, source, key in held]


def let_go(source: str, key: str, field: str) -> None:
    """The source's own word holds again, from its next extract on."""
    CorrectedField.objects.filter(source=source, key=key, field=field).delete()
    # Another hash than any row or file has: the next extract then counts as changed, also where it is the same again.
    Record.objects.filter(source=source, key=key).update(row_hash="let go")
    for load in Load.objects.filter(source=source, state="done").order_by("-pk")[:1]:
        Load.objects.filter(pk=load.pk).update(sha256=secrets.token_hex(32))


class Corrected:
    """The corrections of a source, for whoever reads its extract. Falsy where there are none."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._fields: dict[str, dict[str, str]] = {}
        self._agreed: list[tuple[str, str]] = []
        for key, field, value in CorrectedField.objects.filter(source=source).values_list("key", "field", "value"):
            self._fields.setdefault(key, {})[field] = value

    def __bool__(self) -> bool:
        return bool(self._fields)

    def lay_over(self, row: Row) -> Row:
        """The row as it should be. Where it is so by itself, the source has put it right."""
        fields = self._fields.get(row.key)
        if not fields:
            return row
        wrong = {field: value for field, value in fields.items() if getattr(row, field) != value}
        self._agreed += [(row.key, field) for field in fields if field not in wrong]
        if not wrong:
            return row
        said = "\x1f".join((row.row_hash, *(f"{field}={value}" for field, value in sorted(wrong.items()))))
        return row._replace(**wrong, row_hash=blake2b(said.encode(), digest_size=16).hexdigest())  # type: ignore[arg-type]

    def settle(self, load: Load) -> None:
        """Forget what the source says by itself now, in the transaction that takes its extract in."""
        for key, field in self._agreed:
            CorrectedField.objects.filter(source=load.source_id, key=key, field=field).delete()
            note_corrected(load.source_id, key, field)


def _standard(field: str, text: str) -> str:
    cleaners = {"phone": clean_phone, "email": clean_email, "postcode": clean_postcode}
    if field == "dob":
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError as error:
            raise Problem(
                _("That is not a date of birth."), _("Write it as year, month and day, such as 1946-03-27.")
            ) from error
    value = cleaners[field](text) if field in cleaners else text[:80]
    if not value:
        raise Problem(_("That cannot be what it should be."), _("Check how it is written."))
    return value
