"""Which room acts on what another room announces. One line each: event → action."""


def connect() -> None:
    """Subscribe every handler. Called once when Django is ready."""
