"""Published writes of cases."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from borough.accounts.policies import VOLUNTEER, Viewer, system_viewer
from borough.cases import queries
from borough.cases.events import CaseClosed, CaseOpened, NeedAnswered
from borough.cases.kinds import CaseKind, kind
from borough.cases.models import (
    ANSWERS,
    CASE_STATES,
    CLOSED,
    REFERRAL_STATES,
    WAITING,
    Case,
    CaseNote,
    CaseStep,
    Referral,
)
from borough.cases.policies import BY_HAND, NEEDS_REASON, check_may_work_on, may_refer, may_set_by_hand, read_answer
from borough.common import clock
from borough.common.clock import LONDON
from borough.common.errors import NotFound, Problem, WrongState
from borough.common.events import announce
from borough.common.identifiers import clean_email, clean_phone, clean_postcode
from borough.common.ids import mint_reference
from borough.directory.queries import read_service
from borough.governance.door import log_write
from borough.messaging.actions import send_message, send_to_address
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
) -> str:
    """Open a case and return its id; the same `source_key` again returns the case that it opened before.

    Either `resident_id`, or a phone number or e-mail address to answer to, must be given.
    """
    declared = kind(service)
    check_may_work_on(by, declared, purpose)
    if need not in declared.needs:
        raise Problem(_("Choose what you need help with."), _("Select one of the options."))
    if not (resident_id or phone or email):
        raise Problem(_("We need a way to answer."), _("Give a phone number or an email address."))
    facts = {"need": need, "text": text, **(answers or {})}
    urgency = declared.triage(facts)
    now = clock.now()
    try:
        with transaction.atomic():
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
                due_on=now.astimezone(LONDON).date() + timedelta(days=declared.target_days[urgency]),
            )
            CaseStep.objects.create(case=case, at=now, by=by.name, new="new")
            log_write(by=by, purpose=purpose, verb="cases.open_case", residents=[resident_id] if resident_id else [])
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
        _note_once(live, by=by, purpose=declared.purpose, text=f"[{message_id}] {message.text}")
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


def take_case(*, by: Viewer, purpose: str, case_id: str, version: int | None = None) -> None:
    """Assign the case to oneself; a new or reopened case is then in hand."""
    assign_case(by=by, purpose=purpose, case_id=case_id, to=by.id, version=version)


def assign_case(*, by: Viewer, purpose: str, case_id: str, to: str, version: int | None = None) -> None:
    """Give the case to a member of staff, by user id. Empty gives it back to everybody."""
    with transaction.atomic():
        case = _lock(case_id, by=by, purpose=purpose, verb="cases.assign_case", version=version)
        case.assigned_to = to
        if to and case.state in ("new", "reopened"):
            _move(case, "in_hand", by=by)
        else:
            _save(case)


def add_note(*, by: Viewer, purpose: str, case_id: str, text: str, flagged: bool = False) -> None:
    """Write on the case. `flagged`: worried about the person; it shows in the queue. Volunteers may write too."""
    if not text.strip():
        raise Problem(_("Write a note first."))
    with transaction.atomic():
        case = _lock(case_id, by=by, purpose=purpose, verb="cases.add_note", volunteers=True)
        CaseNote.objects.create(case=case, at=clock.now(), by=by.name, text=text.strip(), flagged=flagged)
        if flagged:
            case.concern = True
            _save(case)


def settle_concern(*, by: Viewer, purpose: str, case_id: str, text: str) -> None:
    """Say what was done about a worry, and take its flag off the queue."""
    if not text.strip():
        raise Problem(_("Write what you did about it."))
    with transaction.atomic():
        case = _lock(case_id, by=by, purpose=purpose, verb="cases.settle_concern")
        CaseNote.objects.create(case=case, at=clock.now(), by=by.name, text=text.strip())
        case.concern = False
        _save(case)


def identify_resident(*, by: Viewer, purpose: str, case_id: str, resident_id: str, version: int | None = None) -> None:
    """Say which resident the asker is."""
    with transaction.atomic():
        case = _lock(case_id, by=by, purpose=purpose, verb="cases.identify_resident", version=version)
        if case.resident_id:
            raise WrongState(_("This case has its resident already."), _("Open it again to see who."))
        case.resident_id = resident_id
        _save(case)
        log_write(by=by, purpose=purpose, verb="cases.identify_resident", residents=[resident_id])


def change_state(
    *, by: Viewer, purpose: str, case_id: str, to: str, reason: str = "", version: int | None = None
) -> None:
    """Set a state by hand, one of `BY_HAND`. "delivered" also asks whether the need was met."""
    if to not in BY_HAND:
        raise WrongState(_("Nobody sets this state by hand."), _("Make an offer, a referral or record the answer."))
    if to == "delivered":
        record_delivery(by=by, purpose=purpose, case_id=case_id, version=version)
        return
    if to in NEEDS_REASON and not reason.strip():
        raise Problem(_("Say why."), _("Write the reason in a sentence; it stays on the case."))
    with transaction.atomic():
        case = _lock(case_id, by=by, purpose=purpose, verb="cases.change_state", version=version)
        if to == "in_hand" and not may_set_by_hand(case.state, to):
            raise WrongState(
                _("A volunteer or a service has this case."), _("Take the offer back, or write down the answer.")
            )
        _move(case, to, by=by, reason=reason)


def mark_offered(*, by: Viewer, purpose: str, case_ids: Collection[str]) -> list[str]:
    """Say that volunteers were asked. Returns the cases that were waiting; others are left alone."""
    return _move_many(case_ids, WAITING, "offered", by=by, purpose=purpose, verb="cases.mark_offered")


def mark_matched(*, by: Viewer, purpose: str, case_id: str) -> None:
    """A volunteer accepted."""
    with transaction.atomic():
        case = _lock(case_id, by=by, purpose=purpose, verb="cases.mark_matched", volunteers=True)
        _move(case, "matched", by=by)


def hand_back(*, by: Viewer, purpose: str, case_ids: Collection[str], reason: str) -> list[str]:
    """Offers or a referral came to nothing: the team looks again. Returns the cases changed; twice is as once."""
    helping = ("offered", "matched", "referred")
    return _move_many(case_ids, helping, "in_hand", by=by, purpose=purpose, verb="cases.hand_back", reason=reason)


def record_delivery(*, by: Viewer, purpose: str, case_id: str, version: int | None = None) -> None:
    """The help was given; the person is asked whether their need was met."""
    with transaction.atomic():
        case = _lock(case_id, by=by, purpose=purpose, verb="cases.record_delivery", version=version, volunteers=True)
        case.deliveries += 1
        _move(case, "delivered", by=by)
        # Jobs stand above verbs, so a verb names its job. In this transaction: a crash cannot lose the question.
        import_string("borough.cases.tasks.ask_whether_met").enqueue(case.id)


def ask_need_met(*, by: Viewer, case_id: str) -> str | None:
    """Send "was your need met?" with a link. Returns the message's id, None where nobody can be written to.

    Once for each delivery, however often it is called. Not inside a transaction: messaging logs what it reads.
    """
    case = _fetch(case_id)
    declared = kind(case.service)
    check_may_work_on(by, declared, declared.purpose)
    if case.state != "delivered":
        raise WrongState(_("This case is not waiting for an answer."), _("Open it again to see where it stands."))
    return send_case_message(
        by=by,
        case_id=case_id,
        wording="need_met",
        key=f"need-met:{case.id}:{case.deliveries}",
        link=queries.feedback_link(case),
    )


def send_case_message(*, by: Viewer, case_id: str, wording: str, key: str, link: str = "") -> str | None:
    """Send the wording of this name to the person who asked, once for each `key`.

    Returns the message's id, None where nobody can be written to. Not inside a transaction: messaging logs its reads.
    """
    case = _fetch(case_id)
    declared = kind(case.service)
    check_may_work_on(by, declared, declared.purpose)
    words = {"reference": case.reference, **({"link": link} if link else {})}
    about, text = f"case:{case.id}", declared.wording(wording)
    if not case.resident_id:
        return send_to_address(
            by=by,
            name=case.asker_name.split(" ")[0],
            phone=case.asker_phone,
            email=case.asker_email,
            wording=text,
            about=about,
            key=key,
            values=words,
        )
    return send_message(
        by=by,
        purpose=declared.purpose,
        resident_id=case.resident_id,
        wording=text,
        about=about,
        key=key,
        values=words,
    )


def answer_need_met(*, token: str, answer: str, text: str = "") -> None:
    """The person answers by their link. The answer "no" or "partly" reopens the case."""
    case = queries.case_behind(token)
    _record_answer(
        case.id, by=system_viewer("answer by link"), purpose=kind(case.service).purpose, answer=answer, text=text
    )


def record_need_met(*, by: Viewer, purpose: str, case_id: str, answer: str, text: str = "") -> None:
    """A member of staff writes down what the person said about their need: yes, partly or no."""
    check_may_work_on(by, _kind_of(case_id), purpose)
    _record_answer(case_id, by=by, purpose=purpose, answer=answer, text=text)


def record_need_met_by_reply(*, message_id: str, resident_id: str, about: str) -> bool:
    """A reply to "was your need met?". `about` is what the question was about, "case:" and the case's id.

    True if it says yes, partly or no to a case that waits for that; other words become a note on the case.
    """
    # The case has the id that its resident had when it was opened.
    same = ids_of([resident_id])[resident_id]
    case = Case.objects.filter(pk=about.removeprefix("case:"), resident_id__in=same).first()
    if case is None or case.state in CLOSED:
        return False
    by, purpose = system_viewer("replies"), kind(case.service).purpose
    message = read_message(message_id, viewer=by, purpose=purpose)
    answer = read_answer(message.text)
    if not answer or case.state != "delivered":
        _note_once(case, by=by, purpose=purpose, text=f"[{message_id}] {message.text}")
        return False
    _record_answer(case.id, by=by, purpose=purpose, answer=answer, text=message.text)
    return True


def refer_to_service(
    *, by: Viewer, purpose: str, case_id: str, service_id: str, consent: str, version: int | None = None
) -> int:
    """Hand the case to a service of the directory. `consent`: what the person agreed to. Returns the referral's id."""
    if not consent.strip():
        raise Problem(
            _("A referral needs the person's consent."), _("Write what they agreed to, for example on the phone.")
        )
    read_service(service_id)
    with transaction.atomic():
        case = _lock(case_id, by=by, purpose=purpose, verb="cases.refer_to_service", version=version)
        if not may_refer(case.state):
            raise WrongState(_("Somebody is helping with this case already."), _("Take it in hand first."))
        now = clock.now()
        referral = Referral.objects.create(
            case=case, service_id=service_id, consent=consent.strip(), consent_at=now, by=by.name
        )
        _move(case, "referred", by=by)
    return referral.pk


def answer_referral(*, by: Viewer, purpose: str, referral_id: int, to: str) -> None:
    """What the service said: accepted, declined or done. Declined gives the case back; done is a delivery."""
    referral = Referral.objects.filter(pk=referral_id).first()
    if referral is None:
        raise NotFound(_("There is no such referral."))
    with transaction.atomic():
        _lock(referral.case_id, by=by, purpose=purpose, verb="cases.answer_referral")
        referral = Referral.objects.select_for_update().get(pk=referral_id)
        REFERRAL_STATES.check_change(referral.state, to)
        referral.state, referral.answered_at = to, clock.now()
        referral.save(update_fields=["state", "answered_at"])
        if to == "declined":
            hand_back(by=by, purpose=purpose, case_ids=[referral.case_id], reason=_("The service could not take it."))
    if to == "done":
        record_delivery(by=by, purpose=purpose, case_id=referral.case_id)


def _record_answer(case_id: str, *, by: Viewer, purpose: str, answer: str, text: str) -> None:
    if answer not in ANSWERS:
        raise Problem(_("Choose yes, partly or no."))
    with transaction.atomic():
        case = _lock(case_id, by=by, purpose=purpose, verb="cases.record_need_met")
        if case.state != "delivered":
            raise WrongState(_("This was answered already. Thank you."), _("Call us if something has changed."))
        case.need_met = answer
        if text.strip():
            CaseNote.objects.create(case=case, at=clock.now(), by=by.name, text=text.strip())
        announce(NeedAnswered(case_id=case.id, service=case.service, answer=answer))
        _move(case, "met" if answer == "yes" else "reopened", by=by)


def _note_once(case: Case, *, by: Viewer, purpose: str, text: str) -> None:
    """A handler may run twice; the message's id in the text keeps its note single."""
    with transaction.atomic():
        locked = _lock(case.id, by=by, purpose=purpose, verb="cases.add_note")
        if not locked.notes.filter(text=text).exists():
            CaseNote.objects.create(case=locked, at=clock.now(), by=by.name, text=text)


def _kind_of(case_id: str) -> CaseKind:
    return kind(_fetch(case_id).service)


def _fetch(case_id: str) -> Case:
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        raise NotFound(_("There is no such case."), _("Check the reference."))
    return case


def _lock(
    case_id: str, *, by: Viewer, purpose: str, verb: str, version: int | None = None, volunteers: bool = False
) -> Case:
    """The case, locked until the transaction ends, after the checks and the ledger row of a write."""
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NotFound(_("There is no such case."), _("Check the reference."))
    if not (volunteers and by.has_role(VOLUNTEER)):
        check_may_work_on(by, kind(case.service), purpose)
    log_write(by=by, purpose=purpose, verb=verb, residents=[case.resident_id] if case.resident_id else [])
    if version is not None and version != case.version:
        raise WrongState(
            _("Somebody else changed this case while you had it open."), _("Read what changed, then try again.")
        )
    return case


def _move_many(
    case_ids: Collection[str], old: Collection[str], to: str, *, by: Viewer, purpose: str, verb: str, reason: str = ""
) -> list[str]:
    """Move those of the cases that are in one of the states `old`, in four statements however many they are."""
    now = clock.now()
    with transaction.atomic():
        found = Case.objects.select_for_update().filter(pk__in=list(case_ids), state__in=old).order_by("id")
        cases = list(found.only("id", "state", "resident_id", "service"))
        for service in {case.service for case in cases}:
            if not by.has_role(VOLUNTEER):
                check_may_work_on(by, kind(service), purpose)
        for state in {case.state for case in cases}:
            CASE_STATES.check_change(state, to)
        moved = [case.id for case in cases]
        Case.objects.filter(pk__in=moved).update(state=to, version=F("version") + 1)
        CaseStep.objects.bulk_create(
            [CaseStep(case=case, at=now, by=by.name, old=case.state, new=to, reason=reason) for case in cases],
            batch_size=1000,
        )
        log_write(by=by, purpose=purpose, verb=verb, residents=[case.resident_id for case in cases if case.resident_id])
    return moved


def _move(case: Case, to: str, *, by: Viewer, reason: str = "") -> None:
    CASE_STATES.check_change(case.state, to)
    CaseStep.objects.create(case=case, at=clock.now(), by=by.name, old=case.state, new=to, reason=reason.strip())
    case.state = to
    case.closed_at = clock.now() if to in CLOSED else None
    if reason.strip() and to in CLOSED:
        case.outcome = reason.strip()
    _save(case)
    if to in CLOSED:
        announce(CaseClosed(case_id=case.id, service=case.service, state=to))


def _save(case: Case) -> None:
    case.version += 1
    case.save()
