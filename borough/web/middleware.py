"""Turns the house's own errors into pages that say what to do next, and keeps pages out of every cache; says of every
answer in which characters it is written; refuses what is too large before it is read, and the API over http."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from borough.accounts.queries import viewer_of
from borough.cases.attachments import MOST_BYTES as LARGEST_ATTACHMENT
from borough.cases.backlogs.opening import MOST_BYTES as LARGEST_BACKLOG
from borough.common.errors import NotAllowed, NotFound, Problem
from borough.directory.packages import LARGEST as LARGEST_PACKAGE
from borough.governance.door import closed_door, is_closed_door
from borough.residents.check_forms import LARGEST_FILE as LARGEST_AREA

# Pages that take a file, and how large, in bytes; any other takes a form of DATA_UPLOAD_MAX_MEMORY_SIZE at most.
UPLOADS = {
    "cases:attach": LARGEST_ATTACHMENT,
    "cases:backlogs": LARGEST_BACKLOG,
    "directory:bring_in": LARGEST_PACKAGE,
    "residents:check": LARGEST_AREA,
}
# What a browser writes around a file: the other fields of its form, their names and borders.
AROUND = 100_000
_NAMELESS = ("text/", "image/svg+xml", "application/xml", "application/javascript")


class Answers:
    """Outermost: what every answer says of itself, and what is refused before anything is looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.REHEARSAL and request.path.startswith("/api/") and not request.is_secure():
            # A redirect would hide that the key has crossed the network in the clear.
            said = {
                "message": "The API is asked over https alone.",
                "remedy": "Use https, and ask for a new key: this one may have been read on the way.",
            }
            return JsonResponse(said, status=403)
        response = self.get_response(request)
        kind = response.headers.get("Content-Type", "")
        if kind.startswith(_NAMELESS) and "charset" not in kind:
            response.headers["Content-Type"] = f"{kind}; charset=utf-8"
        return response


class ProblemPages:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "TRACE":
            # RFC 9110, section 15.5.6: a 405 names what is allowed.
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        if _is_too_large(request):
            problem = Problem(_("This is larger than the page takes"), _("Go back and choose a smaller file."))
            return render(request, "problem.html", {"problem": problem}, status=413)
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


def _is_too_large(request: HttpRequest) -> bool:
    """By what the request says of its length: not a byte of it is read. The server passes on no more than it says."""
    try:
        length = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return True
    if length <= min(UPLOADS.values()):
        return False
    try:
        page = resolve(request.path_info).view_name
    except Resolver404:
        page = ""
    # The form of any page that takes no file.
    return length > (UPLOADS[page] + AROUND if page in UPLOADS else settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
