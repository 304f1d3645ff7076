"""The API for other systems: every room's router, one way in, one way to say what went wrong."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from borough.accounts.api_key import SystemKey
from borough.common.errors import NotAllowed, NotFound, Problem
from borough.governance.ledger.api import router as seals
from borough.residents.api import router as residents

api = NinjaAPI(
    title="Open Borough",
    version="1",
    description="For systems that a council lets in. Ask for a key: borough keys --add NAME --role ROLE",
    urls_namespace="api",
    auth=SystemKey(),
    # Read the description at /api/openapi.json.
    docs_url=None,
)
api.add_router("/residents/", residents)
api.add_router("/seals/", seals)


@api.exception_handler(Problem)
def tell_problem(request: HttpRequest, error: Problem) -> HttpResponse:
    # Hidden and absent read alike: neither names the thing.
    status = 404 if isinstance(error, NotFound) else 403 if isinstance(error, NotAllowed) else 409
    return api.create_response(request, {"message": error.message, "remedy": error.remedy}, status=status)


@api.exception_handler(ValidationError)
def tell_fields(request: HttpRequest, error: ValidationError) -> HttpResponse:
    # Where and what, never the value: that may be a name or a number of somebody's.
    fields = [{"field": ".".join(str(part) for part in one["loc"][1:]), "says": one["msg"]} for one in error.errors]
    body = {"message": "Some fields are missing or wrong.", "remedy": "Correct them and send again.", "fields": fields}
    return api.create_response(request, body, status=422)


@api.exception_handler(HttpError)
def tell_unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    body = {"message": "The request cannot be read.", "remedy": "Send JSON as /api/openapi.json describes it."}
    return api.create_response(request, body, status=error.status_code)


@api.exception_handler(AuthenticationError)
def tell_stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    body = {"message": "There is no such key, or it was revoked.", "remedy": "Ask the council's team for a key."}
    return api.create_response(request, body, status=401)
