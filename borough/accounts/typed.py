"""What somebody typed into a form while their session ended: kept for half an hour, for them alone, to send after all.

Kept in the session of the browser that sent it, with the id of who was signed in there; nobody else is shown that
there is anything. Passwords and codes are never kept, nor files.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest

from borough.accounts.models import User

KEPT_FOR = timedelta(minutes=30)
MOST_CHARACTERS = 200_000
_KEY = "typed"


@dataclass(frozen=True)
class Typed:
    """`path`: where it was sent. `fields`: name and value, as they were sent. `files`: whether one was sent too."""

    path: str
    fields: list[tuple[str, str]]
    files: bool


def keep_typed(request: HttpRequest) -> bool:
    """Keep the form of a request whose session was over. Returns whether there was anything to keep."""
    who = getattr(request, "ended_session_of", "")
    page = request.resolver_match
    if request.method != "POST" or not who or page is None or page.app_name == "accounts":
        return False
    sent = request.POST.lists()
    fields = [(name, str(value)) for name, values in sent for value in values if name != "csrfmiddlewaretoken"]
    if not fields or sum(len(value) for _, value in fields) > MOST_CHARACTERS:
        return False
    request.session[_KEY] = {
        "who": who,
        "path": request.get_full_path(),
        "fields": fields,
        "files": bool(request.FILES),
    }
    request.session.set_expiry(KEPT_FOR)
    return True


def take_typed(request: HttpRequest) -> Typed | None:
    """What this person typed, which is then kept no longer; None where there is nothing of theirs."""
    kept = request.session.pop(_KEY, None)
    if kept is None:
        return None
    return Typed(kept["path"], [(name, value) for name, value in kept["fields"]], kept["files"])


def drop_typed_of_others(request: HttpRequest, user: User) -> None:
    """Called when somebody is let in: what another typed in this browser is gone."""
    request.session.set_expiry(None)
    if request.session.get(_KEY, {}).get("who") != user.pk:
        request.session.pop(_KEY, None)
