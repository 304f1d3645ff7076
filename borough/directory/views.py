"""Pages of the directory, open to everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from borough.directory.forms import SearchForm
from borough.directory.queries import count_services, read_service, search_services
from borough.places.queries import locate_postcode


def search(request: HttpRequest) -> HttpResponse:
    """Find local help. The words stay in the address, so that a search can be kept or passed on."""
    asked = bool(request.GET)
    form = SearchForm(request.GET if asked else None)
    context = {"form": form, "asked": asked, "services": [], "count": count_services(), "unknown_place": ""}
    if asked and form.is_valid():
        near = locate_postcode(form.cleaned_data["near"]) if form.cleaned_data["near"] else None
        context["services"] = search_services(form.cleaned_data["need"], near=near)
        context["unknown_place"] = form.cleaned_data["near"] if near is None else ""
    return render(request, "directory/search.html", context)


def service(request: HttpRequest, service_id: str) -> HttpResponse:
    return render(request, "directory/service.html", {"service": read_service(service_id)})
