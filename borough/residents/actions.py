"""Published writes of residents: confirm a source, take its extracts in."""

from borough.residents.loading import LoadReport, add_source, load_extract

__all__ = ["LoadReport", "add_source", "load_extract"]
