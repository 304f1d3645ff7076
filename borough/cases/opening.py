"""Opening a case: by staff, by the person on the web page, by a reply."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer, system_viewer
from borough.cases.events import CaseOpened
from borough.cases.kinds import kind
from borough.cases.models import CLOSED, Case, CaseStep
from borough.cases.moving import add_tasks_to
from borough.cases.policies import check_may_work_on
from borough.cases.routing import route
from borough.cases.working import note_once
from borough.common import clock
from borough.common.clock import LONDON
from borough.common.errors import Problem
from borough.common.events import announce
from borough.common.identifiers import clean_email, clean_phone, clean_postcode
from borough.common.ids import mint_reference
from borough.governance.door import open_door
from borough.messaging.queries import read_message
from borough.residents.queries import ids_of


def open_case(
    *,
    by: Viewer,
    purpose: str,
    service: str,
    need: str,
    channel: str,
    source_key: str,
    resident_id: str = "",
    text: str = "",
    answers: Mapping[str, str] | None = None,
    name: str = "",
    phone: str = "",
    email: str = "",
    postcode: str = "",
    due_on: date | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> str:
    """Open a case, with a task of the team for its need, and return its id.

    The same `source_key` again returns the case that it opened before. Either `resident_id`, or a phone number or
    e-mail address to answer to, must be given. `due_on`, and when help is wanted, where they are known beforehand.
    """
    declared = kind(service)
    check_may_work_on(by, declared, purpose)
    opening = open_door(viewer=by, purpose=purpose, verb="cases.open_case")
    if need not in declared.needs:
        raise Problem(_("Choose what you need help with."), _("Select one of the options."))
    if not (resident_id or phone or email):
        raise Problem(_("We need a way to answer."), _("Give a phone number or an email address."))
    facts = {"need": need, "text": text, **(answers or {})}
    urgency = declared.triage(facts)
    now = clock.now()
    try:
        with transaction.atomic():
            team = route(declared, need, resident_id=resident_id, postcode=postcode, by=by, purpose=purpose)
            case = Case.objects.create(
                reference=mint_reference(declared.reference_prefix),
                service=service,
                resident_id=resident_id,
                need=need,
                urgency=urgency,
                channel=channel,
                source_key=source_key,
                text=text,
                answers=dict(answers or {}),
                asker_name=name,
                asker_phone=phone,
                asker_email=email,
                asker_postcode=postcode,
                opened_at=now,
                due_on=due_on or declared.due_on(urgency, now.astimezone(LONDON).date()),
                team=team,
                flags=_flags_of(resident_id),
            )
            CaseStep.objects.create(case=case, at=now, by=by.name, new="new")
            add_tasks_to(case, [need], by=by, starts_at=starts_at, ends_at=ends_at)
            opening.wrote([resident_id] if resident_id else [])
            announce(CaseOpened(case_id=case.id, service=service))
    except IntegrityError:
        # Looked for after the failed insert, not before it: two at once must not open two.
        opened = Case.objects.filter(source_key=source_key).values_list("id", flat=True).first()
        if opened is None:
            raise
        return opened
    return case.id


def ask_for_help(
    *,
    service: str,
    need: str,
    name: str,
    phone: str,
    email: str,
    postcode: str,
    form_key: str,
    text: str = "",
    answers: Mapping[str, str] | None = None,
) -> str:
    """Anybody asks, without signing in. Returns the reference to tell them. One `form_key` opens one case."""
    case_id = open_case(
        by=system_viewer("ask for help page"),
        purpose=kind(service).purpose,
        service=service,
        need=need,
        channel="web",
        source_key=f"web:{form_key}",
        text=text.strip(),
        answers=answers,
        name=name.strip(),
        phone=clean_phone(phone) or "",
        email=clean_email(email) or "",
        postcode=clean_postcode(postcode) or "",
    )
    return Case.objects.values_list("reference", flat=True).get(pk=case_id)


def open_case_for_reply(*, message_id: str, resident_id: str, service: str) -> str:
    """A resident answered a message and asks for help: open their case, once for each message.

    An open case of theirs for the same need takes the new words as a note instead. Returns the case's id.
    """
    by, declared = system_viewer("replies"), kind(service)
    message = read_message(message_id, viewer=by, purpose=declared.purpose)
    need = declared.recognise_need(message.text)
    source_key = f"message:{message_id}"
    live = (
        Case.objects.filter(resident_id__in=ids_of([resident_id])[resident_id], service=service, need=need)
        .exclude(state__in=CLOSED)
        .exclude(source_key=source_key)
        .first()
    )
    if live is not None:
        note_once(live, by=by, purpose=declared.purpose, text=f"[{message_id}] {message.text}")
        return live.id
    return open_case(
        by=by,
        purpose=declared.purpose,
        service=service,
        resident_id=resident_id,
        need=need,
        channel=message.channel,
        source_key=source_key,
        text=message.text,
    )


def _flags_of(resident_id: str) -> list[str]:
    """The flags of a resident's newest open case: what to mind of a person holds whatever they ask for."""
    if not resident_id:
        return []
    live = Case.objects.filter(resident_id__in=ids_of([resident_id])[resident_id], closed_at=None)
    return live.order_by("-opened_at").values_list("flags", flat=True).first() or []
