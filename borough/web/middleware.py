"""Turns the house's own errors into pages that say what to do next, and keeps pages out of every cache."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render

from borough.accounts.queries import viewer_of
from borough.common.errors import NotAllowed, NotFound, Problem
from borough.governance.door import closed_door, is_closed_door


class ProblemPages:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "TRACE":
            # RFC 9110, section 15.5.6: a 405 names what is allowed.
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        response = self.get_response(request)
        # Out of shared caches, and not shown by the back button after signing out or a revocation: all that does not
        # say of itself that it is public.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if is_closed_door(error):
            error = closed_door()
        if not isinstance(error, Problem):
            return None
        if isinstance(error, NotAllowed) and viewer_of(request).kind == "public":
            return redirect("accounts:sign_in")
        # Hidden and absent read alike: both are "not found" in status, and neither names the thing.
        status = 404 if isinstance(error, NotFound) else 403 if isinstance(error, NotAllowed) else 409
        return render(request, "problem.html", {"problem": error}, status=status)
