"""Turns the house's own errors into pages that say what to do next."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from borough.accounts.queries import viewer_of
from borough.common.errors import NotAllowed, NotFound, Problem


class ProblemPages:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Problem):
            return None
        if isinstance(error, NotAllowed) and viewer_of(request).kind == "public":
            return redirect("accounts:sign_in")
        # Hidden and absent read alike: both are "not found" in status, and neither names the thing.
        status = 404 if isinstance(error, NotFound) else 403 if isinstance(error, NotAllowed) else 409
        return render(request, "problem.html", {"problem": error}, status=status)
