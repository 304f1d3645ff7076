"""Pages that belong to no room: the homes of residents and staff, privacy, accessibility, errors, health."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_safe

from borough.accounts.log import note_stranger
from borough.accounts.queries import viewer_of
from borough.accounts.staff_page import staff_page
from borough.common.errors import NotFound, Problem
from borough.governance.queries import list_agreements, purpose_of
from borough.governance.register.words import law_words
from borough.governance.words import field_words, role_words
from borough.web.brand import brand_css
from borough.web.today import how_it_goes, what_needs


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "web/home.html")


@require_safe
@staff_page
def staff_home(request: HttpRequest) -> HttpResponse:
    viewer, purpose = viewer_of(request), purpose_of(request)
    context = {"tiles": what_needs(viewer, purpose), "progress": how_it_goes(viewer, purpose)}
    return render(request, "web/staff_home.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Every purpose and agreement in force, in plain words: what a privacy notice owes its reader."""
    live = [
        {"agreement": one, "who": role_words(one.roles), "what": field_words(one.fields), "law": law_words(one)}
        for one in list_agreements()
        if one.state == "live"
    ]
    return render(request, "web/privacy.html", {"live": live})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "web/accessibility.html")


@require_GET
@cache_control(public=True, max_age=31_536_000, immutable=True)
def brand(request: HttpRequest) -> HttpResponse:
    return HttpResponse(brand_css(settings.AUTHORITY), content_type="text/css; charset=utf-8")


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For a monitor: 200 when the database answers, 503 when not. Tells nothing else."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("not well\n", status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse("well\n", content_type="text/plain; charset=utf-8")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    problem = NotFound(
        _("Page not found"), _("If you typed the address, check it is right. If you pasted it, check you copied all.")
    )
    return render(request, "problem.html", {"problem": problem}, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    problem = Problem(_("Sorry, we could not read that request"), _("Go back and try again."))
    return render(request, "problem.html", {"problem": problem}, status=400)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    problem = Problem(_("You cannot see this page"), _("Ask your team's administrator if you need to."))
    return render(request, "problem.html", {"problem": problem}, status=403)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token does not match: the page was open too long, or cookies are off."""
    match = request.resolver_match
    note_stranger("form_refused", match.view_name if match else "no page")
    problem = Problem(
        _("Sorry, this form was open for too long"),
        _("Go back, load the page again and send it once more. Your browser must allow cookies from this site."),
    )
    return render(request, "problem.html", {"problem": problem}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Needs neither the database nor the session: they may be what is broken."""
    return render(None, "web/broken.html", {"authority": settings.AUTHORITY}, status=500)
