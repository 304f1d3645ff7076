"""Published writes of residents: confirm a source, take its extracts in, link its records, decide who is who."""

from borough.residents.arriving import Arrival, take_records
from borough.residents.check_runs import propose_decisions
from borough.residents.linking import LinkReport, link_records
from borough.residents.loading import LoadReport, add_source, load_extract, reject_load
from borough.residents.matching_addresses import MatchReport, match_record_addresses
from borough.residents.quality import count_quality
from borough.residents.reviewing import Act, decide_pair, merge_residents, move_record, split_resident, undo_act

__all__ = [
    "Act",
    "Arrival",
    "LinkReport",
    "LoadReport",
    "MatchReport",
    "add_source",
    "count_quality",
    "decide_pair",
    "link_records",
    "load_extract",
    "match_record_addresses",
    "merge_residents",
    "move_record",
    "propose_decisions",
    "reject_load",
    "split_resident",
    "take_records",
    "undo_act",
]
