"""Gunicorn's own log, as the house's: see logs.py. Its settings file: gunicorn -c python:borough.web.gunicorn_logs"""

_QUIET = {"level": "WARNING", "handlers": ["stderr"], "propagate": False}
logconfig_dict = {
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    # Without its log of addresses: they are keys of residents.
    "loggers": {"gunicorn.error": _QUIET, "gunicorn.access": _QUIET},
    "formatters": {"lines": {"()": "borough.web.logs.Lines"}},
    "filters": {"page_names": {"()": "borough.web.logs.PageNames"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["page_names"]}},
}
