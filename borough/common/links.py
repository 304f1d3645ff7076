"""Signed links for people without an account: a volunteer's task, a resident's answer.

The token holds a kind, an id and the time it was made, and cannot be changed or guessed. Whether it was used before
is for the room that made it to know.
"""

import logging
from datetime import timedelta

from django.core import signing

from borough.common.errors import NotFound


def make_token(kind: str, subject_id: str) -> str:
    """A token for links of this kind, about this thing."""
    return signing.TimestampSigner(salt=f"borough.link.{kind}").sign_object(subject_id, compress=False)


def read_token(kind: str, token: str, *, keep: timedelta) -> str:
    """The id in the token. Raises NotFound, in words for its reader, when it is expired, edited or of another kind."""
    try:
        return str(signing.TimestampSigner(salt=f"borough.link.{kind}").unsign_object(token, max_age=keep))
    except signing.SignatureExpired as error:
        raise NotFound(
            "This link has expired.", "Call the number in the message and we will send a new one."
        ) from error
    except signing.BadSignature as error:
        # Its kind and nothing of the link: most are cut short by a reader's mail program, and might be mended.
        logging.getLogger("borough.security").warning("forged_link of %s", kind)
        raise NotFound(
            "This link does not work.", "Check that you opened all of it, or call the number in the message."
        ) from error
