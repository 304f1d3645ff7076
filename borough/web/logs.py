"""The machine's log: one line of JSON for each thing, that no input can forge, and that holds no address and no person.

Which page was asked for is told by its name, since its address may be a resident's key.
"""

import json
import logging
import time
import traceback
from typing import Any


class PageNames(logging.Filter):
    """Django logs the address of each refused request, and gunicorn that of one that it could not answer; this puts the
    page's name in its place, or nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None:
            match = getattr(request, "resolver_match", None)
            page = match.view_name if match else "no page"
            record.msg, record.args = "%s on %s", (getattr(record, "status_code", "refused"), page)
        for beginning in ("Error handling request", "Invalid request"):
            if record.name.startswith("gunicorn") and str(record.msg).startswith(beginning):
                record.msg, record.args = beginning, ()
        return True


class Lines(logging.Formatter):
    """A record as one line of JSON: at (UTC), level, from, says; for an error also its kind and where it happened.

    `words`: the words of an error too, which may quote a person's data: in a rehearsal alone.
    """

    def __init__(self, *, words: bool = False) -> None:
        super().__init__()
        self.words = words

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname,
            "from": record.name,
            "says": record.getMessage(),
        }
        if record.exc_info and record.exc_info[1]:
            error = record.exc_info[1]
            line["error"] = f"{type(error).__name__}: {error}" if self.words else type(error).__name__
            line["where"] = [
                f"{step.filename}:{step.lineno} {step.name}" for step in traceback.extract_tb(error.__traceback__)
            ]
        # In ASCII: a line feed, or what some reader takes for one, is written as its number.
        return json.dumps(line)
