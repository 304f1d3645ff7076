"""What messaging holds of a resident."""

from django.utils.translation import gettext_lazy as _

from borough.governance.rights.holdings import Holding, register_holding, rows_of
from borough.messaging.models import Message, Preference
from borough.messaging.policies import hide_own_link

TOLD = ("direction", "channel", "address", "subject", "body", "at", "sent_at", "state", "reading")


def register() -> None:
    register_holding(
        Holding(
            "messaging.messages",
            _("Messages between you and us"),
            (Message,),
            lambda ids: (
                row | {"body": hide_own_link(row.get("body", ""))}
                for row in rows_of(Message.objects.filter(resident_id__in=ids), *TOLD)
            ),
            check=frozenset({"body"}),
            # That something was sent stays, so that a campaign goes on counting.
            erase=lambda ids: Message.objects.filter(resident_id__in=ids).update(subject="", body="", address=""),
        )
    )
    register_holding(
        Holding(
            "messaging.preferences",
            _("How you want to be contacted"),
            (Preference,),
            lambda ids: rows_of(Preference.objects.filter(resident_id__in=ids), "channel", "allowed", "at", "how"),
            stays=_("So that a no goes on being obeyed"),
        )
    )
