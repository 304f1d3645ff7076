"""Must not leak the address nor the words into logs or errors, nor whom a message is for into its Message-ID.

E-mail through any SMTP server, by Django's `EMAIL_…` settings. One connection for a batch, opened when needed.
"""

import hashlib
import logging
import smtplib
import ssl

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from borough.common.identifiers import clean_email
from borough.messaging.ports import Outgoing, PermanentFailure, Receipt, TemporaryFailure, UncertainFailure


class SmtpMessages:
    channels = frozenset({"email"})
    # SMTP forgets: the same message twice arrives twice.
    idempotent = False

    def __init__(self) -> None:
        self._connection = EmailBackend()

    def send(self, outgoing: Outgoing) -> Receipt:
        if outgoing.channel != "email" or clean_email(outgoing.to) is None or not outgoing.to.isascii():
            raise PermanentFailure("bad_address")
        message = _message(outgoing)
        try:
            self._connection.open()
        except ssl.SSLError as error:
            # Told apart from a server that is away: somebody else may be answering in its place.
            logging.getLogger("borough.security").warning("wrong_certificate of the mail server")
            raise TemporaryFailure("no_carrier") from error
        except (OSError, smtplib.SMTPException) as error:
            raise TemporaryFailure("no_carrier") from error
        # Errors of smtplib quote addresses: only a code goes on, and `from None` keeps them out of tracebacks.
        try:
            self._connection.send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise _failure(code, "bad_address") from None
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise _failure(error.smtp_code, "refused") from None
        except (smtplib.SMTPServerDisconnected, OSError):
            self._drop()
            raise UncertainFailure("line_broke") from None
        except (smtplib.SMTPException, ValueError):
            raise PermanentFailure("refused") from None
        return Receipt(message.extra_headers["Message-ID"])

    def close(self) -> None:
        self._connection.close()

    def _drop(self) -> None:
        self._connection.close()
        self._connection = EmailBackend()


def _message(outgoing: Outgoing) -> EmailMessage:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    headers = {
        # From the key, so that a mail program sees a second copy for what it is.
        "Message-ID": f"<{hashlib.sha256(outgoing.key.encode()).hexdigest()[:40]}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    if outgoing.stop_link:
        headers["List-Unsubscribe"] = f"<{outgoing.stop_link}>"
    return EmailMessage(
        subject=outgoing.subject,
        body=outgoing.body,
        to=[outgoing.to],
        reply_to=[settings.AUTHORITY.email] if settings.AUTHORITY.email else None,
        headers=headers,
    )


def _failure(smtp_code: int, code: str) -> TemporaryFailure | PermanentFailure:
    """RFC 5321 §4.2.1: 4yz may work later, 5yz will not."""
    return TemporaryFailure(code) if 400 <= smtp_code < 500 else PermanentFailure(code)
