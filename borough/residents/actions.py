"""Published writes of residents: confirm a source, take its extracts in, link its records, decide who is who."""

from borough.residents.arriving import Arrival, take_records
from borough.residents.linking import LinkReport, link_records
from borough.residents.loading import LoadReport, add_source, load_extract
from borough.residents.quality import count_quality
from borough.residents.reviewing import Act, decide_pair, merge_residents, move_record, split_resident, undo_act

__all__ = [
    "Act",
    "Arrival",
    "LinkReport",
    "LoadReport",
    "add_source",
    "count_quality",
    "decide_pair",
    "link_records",
    "load_extract",
    "merge_residents",
    "move_record",
    "split_resident",
    "take_records",
    "undo_act",
]
