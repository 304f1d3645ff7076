"""What the machine's log may hold of a request: which page it was, never its address, which may be a resident's key."""

import logging
import time


class PageNames(logging.Filter):
    """Django logs the address of each refused request; this puts the page's name in its place."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None:
            match = getattr(request, "resolver_match", None)
            page = match.view_name if match else "no page"
            record.msg, record.args = "%s on %s", (getattr(record, "status_code", "refused"), page)
        return True


class InUTC(logging.Formatter):
    """Times as 2026-11-22T17:30:00Z, so that those of several machines can be compared."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%SZ"
    default_msec_format = ""
