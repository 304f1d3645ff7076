from django.db import models

from borough.common.mailbox_links import BOUND_TO_A_BROWSER, MailboxLink
from borough.common.personal_data import not_personal


class ReferralLink(MailboxLink):
    """An address that was sent to a service's mailbox, about a referral."""

    referral = models.ForeignKey("cases.Referral", on_delete=models.CASCADE, related_name="links")

    personal_data = not_personal("as long as its referral")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral"], condition=models.Q(closed_at__isnull=True), name="referral_link_one_is_open"
            ),
            models.CheckConstraint(condition=BOUND_TO_A_BROWSER, name="referral_link_bound_to_a_browser"),
        ]

    def __str__(self) -> str:
        return f"referral link {self.pk}"
