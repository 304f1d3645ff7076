"""Must not leak the address nor the words: it logs that a message went, by its key, and sends nothing anywhere.

For development, and for a rehearsal without simulated residents.
"""

import hashlib
import logging

from borough.common.identifiers import clean_email, clean_phone
from borough.messaging.ports import Outgoing, PermanentFailure, Receipt
from borough.messaging.wording import count_segments

log = logging.getLogger("borough.messages")


class ConsoleMessages:
    channels = frozenset({"sms", "email"})
    # Repeating a line in a log sends nothing twice, and the same key gives the same receipt.
    idempotent = True

    def send(self, outgoing: Outgoing) -> Receipt:
        clean = {"sms": clean_phone, "email": clean_email}.get(outgoing.channel)
        if clean is None or clean(outgoing.to) is None:
            raise PermanentFailure("bad_address")
        texts = count_segments(outgoing.body) if outgoing.channel == "sms" else 0
        log.info("message %s by %s, %d characters, %d texts", outgoing.key, outgoing.channel, len(outgoing.body), texts)
        return Receipt("console-" + hashlib.sha256(outgoing.key.encode()).hexdigest()[:24])

    def close(self) -> None:
        """Nothing is held open."""
