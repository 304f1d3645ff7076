"""Verbs on organisations and agreements: write down, change, approve, renew, revoke."""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from borough.accounts.policies import IG_OFFICER, SYSTEM, Viewer, check_may_work_as
from borough.common import clock
from borough.common.errors import NotFound, Problem, WrongState
from borough.governance.declared import all_sources
from borough.governance.models import AGREEMENT_STATES, Agreement, Organisation, Purpose
from borough.governance.policies import FIELDS
from borough.governance.register.completeness import Missing, special_reasons, what_is_missing

# How the ICO's register of fee payers writes its numbers: Z1234567, ZA123456, ZB123456.
ICO_NUMBER = re.compile(r"Z[A-Z0-9]\d{6}")
A_YEAR = timedelta(days=365)


class Terms(TypedDict, total=False):
    """What an agreement says beside its name; see models.Agreement. `parties` are codes of organisations."""

    roles: Collection[str]
    fields: Collection[str]
    sources: Collection[str]
    parties: Collection[str]
    controllers: str
    necessity: str
    lawful_basis: str
    annex_1: str
    legal_power: str
    article_9: str
    schedule_1: str
    article_10: str
    policy_document: str
    dpia: str
    retention: str
    security: str
    rights: str
    frequency: str


class Changes(Terms, total=False):
    title: str
    purpose: str
    starts_on: date
    review_on: date


LISTS = ("roles", "fields", "sources")
TEXTS = tuple(name for name in Terms.__annotations__ if name not in (*LISTS, "parties"))


def register_organisation(
    *,
    by: Viewer,
    code: str,
    name: str,
    kind: str,
    contact: str,
    ico_number: str = "",
    roles: Collection[str] = (),
    ours: bool = False,
) -> None:
    """Add an organisation, or change what is known of it."""
    check_may_work_as(by, IG_OFFICER, SYSTEM)
    if kind not in Organisation.KINDS:
        raise Problem(f"There is no kind of organisation {kind!r}.", f"Choose from {', '.join(Organisation.KINDS)}.")
    number = ico_number.strip().upper()
    if number and not ICO_NUMBER.fullmatch(number):
        raise Problem(_("This is not an ICO registration number."), _("It looks like ZA123456."))
    Organisation.objects.update_or_create(
        code=code,
        defaults={
            "name": name,
            "kind": kind,
            "ico_number": number,
            "contact": contact,
            "roles": sorted(roles),
            "ours": ours,
        },
    )


def draft_agreement(
    *,
    by: Viewer,
    reference: str,
    purpose: str,
    title: str,
    starts_on: date | None = None,
    review_on: date | None = None,
    **terms: Unpack[Terms],
) -> str:
    """Write down a proposed agreement, whole or in part. It opens nothing until somebody approves it.

    Starts today and is reviewed in a year where nothing else is said. Returns the reference.
    """
    check_may_work_as(by, IG_OFFICER, SYSTEM)
    starts_on = starts_on or clock.today()
    agreement = Agreement(
        reference=reference,
        purpose_id=purpose,
        title=title,
        roles=[],
        fields=[],
        sources=[],
        starts_on=starts_on,
        review_on=review_on or starts_on + A_YEAR,
        drafted_by=by.name,
        drafted_by_id=by.id,
    )
    with transaction.atomic():
        _set_terms(agreement, terms)
        agreement.save(force_insert=True)
        _set_parties(agreement, terms)
    return reference


def edit_draft(*, by: Viewer, reference: str, **changes: Unpack[Changes]) -> None:
    """Change a draft's terms. Whoever changes it last counts as who drafted it."""
    check_may_work_as(by, IG_OFFICER, SYSTEM)
    with transaction.atomic():
        agreement = _locked(reference)
        if agreement.state != "draft":
            raise WrongState(
                _("This agreement was decided on, so its terms cannot change."),
                _("Renew it: that makes a draft with its terms, which you can change."),
            )
        for name in ("title", "starts_on", "review_on"):
            if name in changes:
                setattr(agreement, name, changes[name])
        if "purpose" in changes:
            agreement.purpose = Purpose.objects.get(pk=changes["purpose"])
        _set_terms(agreement, changes)
        agreement.drafted_by, agreement.drafted_by_id = by.name, by.id
        agreement.save()
        _set_parties(agreement, changes)


def approve_agreement(*, by: Viewer, reference: str, reason: str) -> None:
    """Make a draft live: from its start date it opens the door.

    Refused while a term is missing, and to whoever drafted it where it opens special-category or criminal-offence
    data, or brings in another organisation: four eyes.
    """
    with _deciding(by, reference, "live", reason) as agreement:
        missing = missing_from(agreement)
        if missing:
            raise Problem(
                _("This agreement cannot be approved yet."), " ".join(dict.fromkeys(each.words for each in missing))
            )
        agreement.special = bool(special_reasons(agreement.fields, agreement.sources, all_sources()))
        if by.kind == "staff" and by.id == agreement.drafted_by_id and needs_four_eyes(agreement):
            raise Problem(
                _("You drafted this agreement, and it needs a second person."),
                _("Ask another information governance officer to read and approve it."),
            )
        agreement.decided_by, agreement.decided_at = by.name, clock.now()


def revoke_agreement(*, by: Viewer, reference: str, reason: str) -> None:
    """Close every door that this agreement opens, at once."""
    with _deciding(by, reference, "revoked", reason) as agreement:
        agreement.revoked_at = clock.now()


def renew_agreement(*, by: Viewer, reference: str) -> str:
    """Draft the same terms again, to follow when this one's review is due. Returns the new reference.

    Nothing is renewed unread: the draft is approved like any other.
    """
    check_may_work_as(by, IG_OFFICER, SYSTEM)
    with transaction.atomic():
        old = _locked(reference)
        if old.state == "draft":
            raise WrongState(_("This agreement is a draft: there is nothing to renew."), _("Edit the draft."))
        waiting = old.renewals.filter(state="draft").first()
        if waiting is not None:
            return str(waiting.reference)
        parties = list(old.parties.all())
        starts_on = max(old.review_on, clock.today()) if old.state == "live" else clock.today()
        new = Agreement(
            **{name: getattr(old, name) for name in (*LISTS, *TEXTS, "purpose_id", "title")},
            reference=_free_reference(reference, starts_on.year),
            starts_on=starts_on,
            review_on=starts_on + A_YEAR,
            renews=old,
            drafted_by=by.name,
            drafted_by_id=by.id,
        )
        new.save(force_insert=True)
        new.parties.set(parties)
    return new.reference


def missing_from(agreement: Agreement) -> list[Missing]:
    """What it lacks, by the organisations and sources that there are now."""
    holders: dict[str, list[Organisation]] = {}
    for organisation in Organisation.objects.order_by("name"):
        for role in organisation.roles:
            holders.setdefault(role, []).append(organisation)
    return what_is_missing(agreement, parties=list(agreement.parties.all()), holders=holders, sources=all_sources())


def needs_four_eyes(agreement: Agreement) -> bool:
    """Whether who drafted it may not approve it alone."""
    special = bool(special_reasons(agreement.fields, agreement.sources, all_sources()))
    return special or agreement.article_10 not in ("", "none") or agreement.controllers not in ("", "sole")


@contextmanager
def _deciding(by: Viewer, reference: str, state: str, reason: str) -> Iterator[Agreement]:
    """The agreement, locked, on its way to a state; saved when the block ends well."""
    check_may_work_as(by, IG_OFFICER, SYSTEM)
    if not reason.strip():
        raise Problem("A decision needs a reason.", "Write in a sentence why this is right.")
    with transaction.atomic():
        agreement = _locked(reference)
        AGREEMENT_STATES.check_change(agreement.state, state)
        agreement.state, agreement.reason = state, reason
        yield agreement
        agreement.save()


def _locked(reference: str) -> Agreement:
    try:
        return Agreement.objects.select_for_update().get(pk=reference)
    except Agreement.DoesNotExist as error:
        raise NotFound("There is no such agreement.") from error


def _set_terms(agreement: Agreement, terms: Terms) -> None:
    unknown = set(terms.get("fields", ())) - set(FIELDS) - {"*"}
    if unknown:
        raise Problem(f"There is no field {', '.join(sorted(unknown))}.", f"Choose from {', '.join(FIELDS)}.")
    for name in LISTS:
        if name in terms:
            setattr(agreement, name, sorted(terms[name]))  # type: ignore[literal-required]
    for name in TEXTS:
        if name in terms:
            setattr(agreement, name, terms[name])  # type: ignore[literal-required]


def _set_parties(agreement: Agreement, terms: Terms) -> None:
    if "parties" not in terms:
        return
    found = {party.code: party for party in Organisation.objects.filter(code__in=terms["parties"])}
    if unknown := set(terms["parties"]) - set(found):
        raise Problem(f"There is no organisation {', '.join(sorted(unknown))}.", "Add it to the organisations first.")
    agreement.parties.set(found.values())


def _free_reference(reference: str, year: int) -> str:
    base = slugify(re.sub(r"-\d{4}(-\d+)?$", "", reference))[:50]
    taken = set(Agreement.objects.filter(reference__startswith=base).values_list("reference", flat=True))
    wishes = [f"{base}-{year}", *(f"{base}-{year}-{number}" for number in range(2, len(taken) + 3))]
    return next(wish for wish in wishes if wish not in taken)
