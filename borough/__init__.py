"""Open Borough: find the residents who need help, reach them, get help to them, show whether it worked."""

__version__ = "0.1.0"
