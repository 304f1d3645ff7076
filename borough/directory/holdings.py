"""What the directory holds of a resident: nothing."""

from borough.directory.models import Confirmation, Service, ServiceReject, Suggestion
from borough.governance.rights.holdings import give_reason


def register() -> None:
    give_reason("How to reach organisations, which is published; nobody's own.", Service, ServiceReject, Confirmation)
    give_reason("What somebody said of a service, without who said it.", Suggestion)
