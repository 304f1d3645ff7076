"""The nine operations of Open Referral UK 3.0, each one call of the directory's."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import register_converter, reverse
from django.urls.converters import StringConverter
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from ninja import NinjaAPI, Query, Schema
from ninja.errors import ValidationError

from borough.common.errors import NotFound, Problem
from borough.directory import queries as directory
from borough.directory.queries import Documents, Wish
from borough.standards.open_referral_uk import wire
from borough.standards.open_referral_uk.asking import Filters, FiltersByPlace, Paging
from borough.standards.open_referral_uk.wire import Json

# Where the house serves it.
BASE = "/api/open-referral-uk/v3/"
KEPT_S = 300
PROFILE = "https://docs.openreferraluk.org/en/3.0-ukprofile/"


class Anything(StringConverter):
    """An id as it is sent, with slashes and line ends, so that one which is unknown gets the API's own answer."""

    regex = r"[\s\S]+"


register_converter(Anything, "anything")

api = NinjaAPI(
    title="Open Referral UK",
    version="3.0",
    description="The borough's directory of services. Open to everybody, from every origin; no key.",
    urls_namespace="open_referral_uk",
    docs_url=None,
)


class Page(Schema):
    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool
    contents: list[dict[str, Any]]


class About(Schema):
    version: str
    profile: str
    openapi_url: str


@api.get("/", response=About, operation_id="getAPIMetaInformation")
def about(request: HttpRequest) -> dict[str, str]:
    """What this API is."""
    return {"version": "HSDS-UK-3.0", "profile": PROFILE, "openapi_url": _description()}


@api.get("/services", response=Page, operation_id="getPaginatedListOfServices")
def services(request: HttpRequest, asked: Query[Filters]) -> Json:
    """Services that run, each with its one-to-one fields."""
    return _page(asked, asked.wish(), directory.list_service_documents, wire.listed_service)


@api.get("/services/{anything:id}", response=dict[str, Any], operation_id="getFullyNestedServiceById")
def service(request: HttpRequest, id: str) -> Json:
    """One service with all that belongs to it."""
    return wire.full_service(directory.read_service_document(id))


@api.get("/service_at_locations", response=Page, operation_id="getPaginatedListOfServiceAtLocation")
def pairs(request: HttpRequest, asked: Query[FiltersByPlace]) -> Json:
    """Services at locations. With a postcode the nearest come first; `proximity` is in metres."""
    return _page(asked, asked.wish_here(), directory.list_pair_documents, wire.listed_pair)


@api.get(
    "/service_at_locations/{anything:id}",
    response=dict[str, Any],
    operation_id="getServiceAtLocationWithNestedDataById",
)
def pair(request: HttpRequest, id: str) -> Json:
    """One service at one location, with all that belongs to both."""
    return wire.full_pair(directory.read_pair_document(id))


@api.get("/taxonomies", response=Page, operation_id="getPaginatedListOfTaxonomies")
def taxonomies(request: HttpRequest, asked: Query[Paging]) -> Json:
    """The taxonomies that services are described by."""
    found = directory.list_taxonomy_documents(start=asked.start, size=asked.size)
    return _paged(asked, found, wire.taxonomy)


@api.get("/taxonomies/{anything:id}", response=dict[str, Any], operation_id="getTaxonomyById")
def taxonomy(request: HttpRequest, id: str) -> Json:
    """One taxonomy with its terms."""
    return wire.taxonomy(directory.read_taxonomy_document(id))


@api.get("/taxonomy_terms", response=Page, operation_id="getPaginatedListOfTaxonomyTerms")
def terms(request: HttpRequest, asked: Query[Paging]) -> Json:
    """The terms of all taxonomies."""
    found = directory.list_term_documents(start=asked.start, size=asked.size)
    return _paged(asked, found, wire.taxonomy)


@api.get("/taxonomy_terms/{anything:id}", response=dict[str, Any], operation_id="getTaxonomyTermById")
def term(request: HttpRequest, id: str) -> Json:
    """One term."""
    return wire.taxonomy(directory.read_term_document(id))


def _page(
    asked: Paging, wish: Wish | None, list_documents: Callable[..., Documents], convert: Callable[[Json], Json]
) -> Json:
    nothing = Documents(0, [])
    found = nothing if wish is None else list_documents(wish, start=asked.start, size=asked.size)
    return _paged(asked, found, convert)


def _paged(asked: Paging, found: Documents, convert: Callable[[Json], Json]) -> Json:
    contents = [convert(one) for one in found.contents]
    return wire.page_of(found, contents, page=asked.number, per_page=asked.size)


@api.exception_handler(Problem)
def tell_problem(request: HttpRequest, error: Problem) -> HttpResponse:
    body = {"message": error.message, "remedy": error.remedy}
    return api.create_response(request, body, status=404 if isinstance(error, NotFound) else 409)


@api.exception_handler(ValidationError)
def tell_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = [{"field": str(one["loc"][-1]), "says": one["msg"]} for one in error.errors]
    remedy = f"Correct it; {_description()} describes them."
    body = {"message": "A parameter cannot be read.", "remedy": remedy, "fields": fields}
    return api.create_response(request, body, status=400)


def _description() -> str:
    return settings.BASE_URL.rstrip("/") + reverse("open_referral_uk:openapi-json")


def _open_to_everybody(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """Pages of any site may read the answers; caches may keep them; what a reader has already is not sent again."""

    @wraps(view)
    def open_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        if request.method != "GET" or response.status_code != 200:
            return response
        patch_cache_control(response, public=True, max_age=KEPT_S)
        response["ETag"] = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
        return get_conditional_response(request, etag=response["ETag"], response=response) or response

    return open_view


urls = api.urls
for _pattern in urls[0]:
    if _pattern.callback:
        _pattern.callback = _open_to_everybody(_pattern.callback)
