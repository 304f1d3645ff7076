"""Errors that tell the reader what to do next. Their text may be shown to a person: nothing personal goes in."""


class Problem(Exception):
    """Something a person can put right. `message` says what happened, `remedy` what to do next."""

    def __init__(self, message: str, remedy: str = "") -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(f"{message} {remedy}".strip())


class NotAllowed(Problem):
    """The viewer may not do this. Reads the same whether the thing exists or not."""


class NotFound(Problem):
    """No such thing, or none that this viewer may know of."""


class WrongState(Problem):
    """The change is not allowed from the state that the thing is in now."""
