"""Published writes of residents: confirm a source, take its extracts in, link its records."""

from borough.residents.linking import LinkReport, link_records
from borough.residents.loading import LoadReport, add_source, load_extract

__all__ = ["LinkReport", "LoadReport", "add_source", "link_records", "load_extract"]
