"""Published writes of the directory."""

from borough.directory.answering import (
    ask_for_new_listing_link,
    confirm_service,
    prove_listing_link,
    send_listing_code,
)
from borough.directory.confirming import ask_owners
from borough.directory.figures import Figures, set_service_figures
from borough.directory.gaps import note_gap
from borough.directory.importing import ImportReport, Reject, import_services
from borough.directory.suggesting import decide_suggestion, edit_service, report_mistake, suggest_service

__all__ = [
    "Figures",
    "ImportReport",
    "Reject",
    "ask_for_new_listing_link",
    "ask_owners",
    "confirm_service",
    "decide_suggestion",
    "edit_service",
    "import_services",
    "note_gap",
    "prove_listing_link",
    "report_mistake",
    "send_listing_code",
    "set_service_figures",
    "suggest_service",
]
