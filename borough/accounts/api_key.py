"""How a request of another system says whose it is: Authorization: Bearer, with a key from `borough keys`."""

from django.http import HttpRequest
from ninja.security import HttpBearer

from borough.accounts.log import note_stranger
from borough.accounts.policies import PUBLIC, Viewer
from borough.accounts.queries import viewer_by_key


class SystemKey(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> Viewer | None:
        viewer = viewer_by_key(token)
        if viewer is None:
            match = request.resolver_match
            note_stranger("wrong_key", match.view_name if match else "")
        return viewer


def viewer_of_key(request: HttpRequest) -> Viewer:
    """The system behind a request that SystemKey let in."""
    viewer = getattr(request, "auth", None)
    return viewer if isinstance(viewer, Viewer) else PUBLIC
