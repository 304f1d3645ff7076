"""Was the need met? Asked of the person after help was given, and what they answer."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer, system_viewer
from borough.cases import queries
from borough.cases.events import NeedAnswered
from borough.cases.kinds import CaseKind, kind
from borough.cases.models import ANSWERS, ASKED, CLOSED, Case, CaseNote, Feedback
from borough.cases.moving import lock_case, settle, tasks_of_case
from borough.cases.opening import open_case
from borough.cases.policies import asked_again, check_may_work_on, read_answer
from borough.cases.scope import kind_of
from borough.cases.wellbeing_records import keep_wellbeing
from borough.cases.working import note_once, reopen
from borough.common import clock
from borough.common.errors import NotFound, Problem, WrongState
from borough.common.events import announce
from borough.governance.door import open_door
from borough.messaging.actions import send_message, send_to_address
from borough.messaging.queries import read_message
from borough.residents.queries import ids_of, list_contacts


def ask_need_met(*, by: Viewer, case_id: str) -> str | None:
    """Send "was your need met?" with a link. Returns the message's id, None where nobody can be written to.

    Once for each delivery, however often it is called. Not inside a transaction: messaging logs what it reads.
    """
    case, _declared = _open(case_id, by=by, verb="cases.ask_need_met")
    if case.state != "delivered":
        raise WrongState(_("This case is not waiting for an answer."), _("Open it again to see where it stands."))
    key = first_key(case)
    sent = send_case_message(by=by, case_id=case_id, wording="need_met", key=key, link=queries.feedback_link(case))
    now = clock.now()
    by_hand = {} if sent else {"chased_at": now, "chased_by": way_by_hand(case, by=by)}
    Feedback.objects.get_or_create(case=case, delivery=case.deliveries, defaults={"asked_at": now, **by_hand})
    return sent


def first_key(case: Case) -> str:
    """The key of the message that asks about the latest delivery."""
    return f"need-met:{case.id}:{case.deliveries}"


def way_by_hand(case: Case, *, by: Viewer) -> str:
    """How staff can ask somebody whom no message reaches: phone, letter or nobody."""
    if _is_silent(case):
        return "nobody"
    if not case.resident_id:
        return "phone" if case.asker_phone else "nobody"
    found = list_contacts([case.resident_id], viewer=by, purpose=kind(case.service).purpose)
    contact = next(iter(found.values()), None)
    if contact is None:
        return "nobody"
    return "phone" if contact.phone else "letter" if contact.address else "nobody"


def send_case_message(
    *,
    by: Viewer,
    case_id: str,
    wording: str,
    key: str,
    link: str = "",
    values: Mapping[str, str] | None = None,
    unlike: str = "",
) -> str | None:
    """Send the wording of this name to the person who asked, in their language, once for each `key`; `unlike` as for
    `send_message`.

    Returns the message's id, None where nobody can be written to, or where it would put them in danger: somebody who
    hurts them may read it. Not inside a transaction: messaging logs its reads.
    """
    case, declared = _open(case_id, by=by, verb="cases.send_case_message")
    if _is_silent(case):
        return None
    words = {"reference": case.reference, **({"link": link} if link else {}), **(values or {})}
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
            unlike=unlike,
            language=case.answers.get("language", ""),
        )
    return send_message(
        by=by,
        purpose=declared.purpose,
        resident_id=case.resident_id,
        wording=text,
        about=about,
        key=key,
        values=words,
        unlike=unlike,
    )


def answer_need_met(
    *,
    token: str,
    answer: str,
    text: str = "",
    arrived: str = "",
    what_else: str = "",
    wellbeing: Mapping[str, int] | None = None,
) -> None:
    """The person answers by their link. The answer "no" or "partly" reopens the case.

    `arrived` is yes or no, `what_else` they need opens a case of its own, `wellbeing` are answers by item.
    """
    case = queries.case_behind(token)
    by, purpose = queries.BY_LINK, kind(case.service).purpose
    _record_answer(
        case.id, by=by, purpose=purpose, answer=answer, text=text, arrived=arrived, what_else=what_else, said=wellbeing
    )


def record_need_met(
    *,
    by: Viewer,
    purpose: str,
    case_id: str,
    answer: str,
    text: str = "",
    arrived: str = "",
    what_else: str = "",
    wellbeing: Mapping[str, int] | None = None,
) -> None:
    """A member of staff writes down what the person said about their need: as `answer_need_met`."""
    check_may_work_on(by, kind_of(case_id), purpose)
    _record_answer(
        case_id, by=by, purpose=purpose, answer=answer, text=text, arrived=arrived, what_else=what_else, said=wellbeing
    )


def record_need_met_by_reply(*, message_id: str, resident_id: str, about: str) -> bool:
    """A reply to "was your need met?". `about` is what the question was about, "case:" and the case's id.

    True if it says yes, partly or no to a case that waits for that; other words become a note on the case.
    """
    # The case has the id that its resident had when it was opened.
    same, case_id = ids_of([resident_id])[resident_id], about.removeprefix("case:")
    try:
        by, purpose = system_viewer("replies"), kind_of(case_id).purpose
    except NotFound:
        return False
    open_door(viewer=by, purpose=purpose, verb="cases.record_need_met_by_reply")
    case = Case.objects.filter(pk=case_id, resident_id__in=same).first()
    if case is None or case.state in set(CLOSED) - set(ASKED):
        return False
    message = read_message(message_id, viewer=by, purpose=purpose)
    answer = read_answer(message.text)
    if not answer or case.state not in ASKED:
        note_once(case, by=by, purpose=purpose, text=f"[{message_id}] {message.text}")
        return False
    _record_answer(case.id, by=by, purpose=purpose, answer=answer, text=message.text)
    return True


def _record_answer(
    case_id: str,
    *,
    by: Viewer,
    purpose: str,
    answer: str,
    text: str,
    arrived: str = "",
    what_else: str = "",
    said: Mapping[str, int] | None = None,
) -> None:
    if answer not in ANSWERS:
        raise Problem(_("Choose yes, partly or no."))
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=purpose, verb="cases.record_need_met")
        if case.state not in ASKED:
            raise WrongState(_("This was answered already. Thank you."), _("Call us if something has changed."))
        case.need_met = answer
        if text.strip():
            CaseNote.objects.create(case=case, at=clock.now(), by=by.name, text=text.strip())
        case.save(update_fields=["need_met"])
        now, heard = clock.now(), {"arrived": arrived if arrived in ANSWERS else "", "what_else": what_else.strip()}
        Feedback.objects.update_or_create(
            case=case,
            delivery=case.deliveries,
            defaults={"answered_at": now, **heard},
            create_defaults={"asked_at": now, "answered_at": now, **heard},
        )
        if said:
            keep_wellbeing(case, "after", said, by=by)
        announce(NeedAnswered(case_id=case.id, service=case.service, answer=answer))
        if answer == "yes":
            settle([case], by=by)
        else:
            reopen(case, asked_again(tasks_of_case(case), answer), by=by)
        if what_else.strip():
            _open_follow_up(case, what_else.strip(), by=by, purpose=purpose)


def _open_follow_up(case: Case, text: str, *, by: Viewer, purpose: str) -> None:
    """What else they need is a case of its own, for a person to look at; once for each delivery."""
    open_case(
        by=by,
        purpose=purpose,
        service=case.service,
        need=kind(case.service).recognise_need(text),
        channel=case.channel,
        source_key=f"what-else:{case.id}:{case.deliveries}",
        resident_id=case.resident_id,
        text=text,
        name=case.asker_name,
        phone=case.asker_phone,
        email=case.asker_email,
        postcode=case.asker_postcode,
    )


def _is_silent(case: Case) -> bool:
    """Whether writing to the person could put them in danger."""
    silent = kind(case.service).silent_needs
    return bool(silent) and (case.need in silent or any(task.need in silent for task in tasks_of_case(case)))


def _open(case_id: str, *, by: Viewer, verb: str) -> tuple[Case, CaseKind]:
    """The case and its kind, for whoever works on it, for the purpose of its kind."""
    declared = kind_of(case_id)
    check_may_work_on(by, declared, declared.purpose)
    open_door(viewer=by, purpose=declared.purpose, verb=verb)
    return Case.objects.get(pk=case_id), declared
