"""Public pages of the register. No sign-in, nothing personal, and they may be cached."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from borough.common import clock
from borough.common.disclosure import count_words, protect
from borough.common.errors import NotFound
from borough.common.tables import Column, Table, respond_with_table, words
from borough.governance.decisions.reading import RuleView
from borough.governance.declared import all_sources
from borough.governance.models import Agreement
from borough.governance.queries import list_agreements, list_purposes, list_rules, read_rule
from borough.governance.register.words import law_words, said, source_words
from borough.governance.transparency.atrs import Publisher, Section, as_json, atrs_record
from borough.governance.transparency.figures import count_answered, count_looks
from borough.governance.transparency.flows import draw_flow
from borough.governance.transparency.processing import list_activities
from borough.governance.transparency.vocabulary import as_json_ld
from borough.governance.words import field_words, role_words

# A page that says what is in force may be a quarter of an hour late.
public_page = cache_control(public=True, max_age=900)


@require_safe
@public_page
def index(request: HttpRequest) -> HttpResponse:
    """What the council does with data, how often, and how to object."""
    month = last_month(clock.today())
    live = {one.purpose_id for one in list_agreements() if one.state == "live"}
    looks = count_looks(month)
    rows = [
        {
            "purpose": _(one.name),
            "purpose_href": reverse("transparency:purpose", args=[one.code]),
            "why": _(one.explanation),
            "looks": count_words(protect(looks.get(one.code, 0))),
        }
        for one in list_purposes()
        if one.code in live
    ]
    columns = [
        Column("purpose", _("Purpose"), sort=True),
        Column("why", _("Why")),
        Column("looks", _("Looks last month"), numeric=True),
    ]
    table = Table(caption=_("What we use data for"), columns=columns, rows=rows, request=request)
    context = {"month": month, "figures": count_answered(month)}
    return respond_with_table(request, "governance/transparency.html", table, context)


@require_safe
@public_page
def purpose(request: HttpRequest, code: str) -> HttpResponse:
    """The privacy notice for one purpose, with a picture of where the data comes from and where it goes."""
    one = next((each for each in list_purposes() if each.code == code), None)
    live = [each for each in list_agreements() if each.state == "live" and each.purpose_id == code]
    if one is None or not live:
        raise NotFound(_("Data is not used for this purpose now."), _("Choose one from the list."))
    known = all_sources()
    codes = sorted({source for each in live for source in each.sources})
    used = list(known) if "*" in codes else codes
    roles = list(dict.fromkeys(role for each in live for role in each.roles))
    names = [_(known[source].title) if source in known else source for source in used]
    recipients = [role_words([role]) for role in roles]
    flow = _("Data flows from %(sources)s to %(recipients)s.") % {
        "sources": ", ".join(names) or _("what you tell us"),
        "recipients": ", ".join(recipients),
    }
    context = {
        "one": one,
        "flow": draw_flow(names, _(one.name), recipients, flow),
        "words": flow,
        "agreements": [
            {
                "title": _(each.title),
                "reference": each.reference,
                "rows": [
                    (_("Who may see it"), role_words(each.roles)),
                    (_("What they see"), field_words(each.fields)),
                    (_("From which records"), source_words(each.sources, known)),
                    (_("Who we share it with"), _others(each)),
                    (_("Why the law allows it"), law_words(each)),
                    (_("How long we keep it"), said(each.retention)),
                    (_("How we keep it safe"), said(each.security)),
                    (_("How to use your rights"), said(each.rights)),
                ],
                "review": each.review_on,
            }
            for each in live
        ],
        "rules": [rule for rule in list_rules() if rule.purpose == code],
    }
    return render(request, "governance/public_purpose.html", context)


@require_safe
@public_page
def processing(request: HttpRequest) -> HttpResponse:
    """The record of processing activities, as page and CSV."""
    columns = [
        Column("purpose", _("Purpose"), sort=True),
        Column("title", _("Activity"), sort=True),
        Column("controller", _("Controller")),
        Column("contact", _("Contact")),
        Column("others", _("Other organisations")),
        Column("people", _("People")),
        Column("data", _("Data")),
        Column("sources", _("Sources")),
        Column("recipients", _("Recipients")),
        Column("transfers", _("Transfers abroad")),
        Column("kept", _("Kept")),
        Column("security", _("Security")),
        Column("law", _("Lawful basis")),
        Column("conditions", _("Conditions")),
        Column("review", _("Review on"), sort=True),
    ]
    rows = [vars(one) for one in list_activities()]
    table = Table(caption=_("Record of processing activities"), columns=columns, rows=rows, request=request)
    activities = [
        (one["title"], [(column.title, words(one[column.name])) for column in columns if column.name != "title"])
        for one in rows
    ]
    return respond_with_table(request, "governance/processing.html", table, {"activities": activities})


@require_safe
@public_page
def register_json(request: HttpRequest) -> HttpResponse:
    """The register as JSON-LD in the Data Privacy Vocabulary and ODRL."""
    base = settings.BASE_URL.rstrip("/") + reverse("transparency:index")
    return JsonResponse(as_json_ld(base), content_type="application/ld+json")


@require_safe
@public_page
def rules(request: HttpRequest) -> HttpResponse:
    """Which algorithms does the council use?"""
    return render(request, "governance/public_rules.html", {"rules": list_rules()})


@require_safe
@public_page
def rule(request: HttpRequest, code: str) -> HttpResponse:
    one = read_rule(code)
    return render(request, "governance/public_rule.html", {"rule": one, "record": _record(one)})


@require_safe
@public_page
def rule_json(request: HttpRequest, code: str) -> HttpResponse:
    return JsonResponse(as_json(_record(read_rule(code))))


def last_month(today: date) -> date:
    """The first day of the last whole month. Figures of a month that has ended do not change: two copies of the page
    cannot be subtracted."""
    year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    return date(year, month, 1)


def _others(one: Agreement) -> str:
    return ", ".join(_(party.name) for party in one.parties.all() if not party.ours) or _("Nobody else")


def _record(one: RuleView) -> list[Section]:
    agreements = [each for each in list_agreements() if each.state == "live" and each.purpose_id == one.purpose]
    url = settings.BASE_URL.rstrip("/") + reverse("transparency:rule", args=[one.code])
    scale = ""
    if not one.says["not_kept"]:
        counts = {"taken": count_words(protect(one.taken)), "overturned": count_words(protect(one.overturned))}
        scale = _("Decisions: %(taken)s. Overturned by a person: %(overturned)s.") % counts
    publisher = Publisher(settings.AUTHORITY.name, settings.AUTHORITY.email, url)
    return atrs_record(one, publisher=publisher, agreements=agreements, sources=all_sources(), scale=scale)
