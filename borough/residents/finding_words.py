"""What is odd about a file, in words. See file_findings for what each kind means."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from borough.common.words import date_words, number_words
from borough.residents.labels import LABELS


def finding_words(check: Mapping[str, Any]) -> str:
    """A finding as a sentence."""
    rows, of = number_words(check.get("rows", 0)), number_words(check.get("of", 0))
    field = LABELS.get(check.get("field", ""), "")
    match check["kind"]:
        case "one_date":
            day = date_words(date.fromisoformat(check["value"]))
            return _(
                "%(rows)s of %(of)s dates of birth are %(day)s. Linking takes them as not known. If the system writes "
                "that date for people whose date it does not know, add it to “unknown” in the mapping file."
            ) % {"rows": rows, "of": of, "day": day}
        case "shared":
            values = check["values"]
            return ngettext(
                "%(field)s: one value stands on %(rows)s rows, first on line %(line)s. Linking does not use it.",
                "%(field)s: %(values)s values stand on %(rows)s rows, the commonest first on line %(line)s. Linking "
                "does not use them.",
                values,
            ) % {"field": field, "rows": rows, "values": number_words(values), "line": number_words(check["line"])}
        case "contradicted":
            return _(
                "%(field)s: of %(of)s that other sources hold too, %(rows)s belong to somebody with another name and "
                "date of birth there. The column may have moved by a row."
            ) % {"field": field, "rows": rows, "of": of}
        case "changed_identifiers":
            return _(
                "%(field)s: of %(of)s people who had one before, %(rows)s have another now. The column may have moved "
                "by a row."
            ) % {"field": field, "rows": rows, "of": of}
        case "other_source":
            if check["field"] == "key":
                return _(
                    "It looks like a file of %(source)s: of %(of)s rows looked at, %(rows)s have a key and surname "
                    "that %(source)s holds."
                ) % {"source": check["source"], "rows": rows, "of": of}
            return _(
                "It looks like a file of %(source)s: hardly any key is known, and its columns are as full as those of "
                "%(source)s are."
            ) % {"source": check["source"]}
        case "erased":
            return ngettext(
                "%(rows)s row is of a record that was erased. It was not taken in.",
                "%(rows)s rows are of records that were erased. They were not taken in.",
                check["rows"],
            ) % {"rows": rows}
        case "drop":
            return _("The file lacks %(rows)s of the %(of)s records that the source holds.") % {"rows": rows, "of": of}
        case kind:
            raise ValueError(f"no words for a finding of kind {kind}")
