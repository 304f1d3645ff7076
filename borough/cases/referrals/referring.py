"""Handing a task to a service: by a worker, by the person themselves, and on to the next service."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import PARTNER, RESIDENT, SYSTEM, Viewer, check_may_work_as, system_viewer
from borough.cases.kinds import CaseKind, kind
from borough.cases.models import CONSENT_COVERS, CONSENT_HOW, Case, CaseNote, Referral, Task
from borough.cases.moving import lock_case, move_tasks, tasks_of_case
from borough.cases.opening import open_case
from borough.cases.policies import is_waiting
from borough.cases.referrals.changing import enqueue, note_for_worker, purpose_of
from borough.cases.referrals.figures import answers_of
from borough.cases.referrals.proving import renew_link, send_link
from borough.cases.referrals.rules import age_band, next_best
from borough.cases.scope import worked_by
from borough.common import clock
from borough.common.errors import NotFound, Problem, WrongState
from borough.common.identifiers import clean_email, clean_phone, clean_postcode, district_of
from borough.common.working_days import add_working_days
from borough.directory.queries import organizations_of, read_service, search_services
from borough.governance.door import open_door
from borough.places.queries import locate_postcode
from borough.residents.queries import list_contacts

SEARCHED = 20


def refer_to_service(
    *,
    by: Viewer,
    purpose: str,
    case_id: str,
    service_id: str,
    consent: str,
    consent_how: str = "phone",
    consent_by: str = "",
    covers: str = "this",
    message: str = "",
    task_id: str = "",
    version: int | None = None,
) -> int:
    """Hand a task of the case, else its first that waits, to a service of the directory. Returns the referral's id.

    `consent` is what the person agreed to, `consent_how` and `covers` codes of CONSENT_HOW and CONSENT_COVERS,
    `consent_by` who took it, else whoever refers. `message` is for the service, once it has accepted.
    """
    if not consent.strip():
        raise Problem(
            _("A referral needs the person's consent."), _("Write what they agreed to, for example on the phone.")
        )
    if consent_how not in CONSENT_HOW or covers not in CONSENT_COVERS:
        raise Problem(_("Say how the person agreed, and to what."), _("Select one of the options."))
    if not read_service(service_id).active:
        raise Problem(_("This service is not running at the moment."), _("Choose another one."))
    open_door(viewer=by, purpose=purpose, verb="cases.refer_to_service")
    found = worked_by(by, purpose).filter(pk=case_id).first()
    if found is None:
        raise NotFound(_("There is no such case."), _("Check the reference."))
    area, band = _area_and_age(found, by=by, purpose=purpose)
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=purpose, verb="cases.refer_to_service", version=version)
        waiting = [task for task in tasks_of_case(case) if is_waiting(task) and task_id in ("", task.id)]
        if not waiting:
            raise WrongState(_("Somebody is helping with this case already."), _("Take it in hand first."))
        referral = Referral(
            service_id=service_id,
            area=area,
            age_band=band,
            consent=consent.strip(),
            consent_how=consent_how,
            consent_by=consent_by.strip() or by.name,
            consent_at=clock.now(),
            covers=covers,
            message=message.strip(),
        )
        return _hand_over(case, waiting[0], referral, by=by)


def refer_oneself(
    *,
    service_id: str,
    kind_code: str,
    need: str,
    name: str,
    phone: str,
    email: str,
    postcode: str,
    form_key: str,
    covers: str,
    text: str = "",
    language: str = "",
    age: str = "",
) -> str:
    """Anybody asks a service for help, without signing in; sending the form is their consent. Returns the reference.

    One `form_key` opens one case. `age` is a code of AGE_BANDS, or empty.
    """
    declared, by = _check_self_referral(kind_code, service_id, covers), system_viewer("ask a service page")
    case_id = _open_own(
        declared,
        by=by,
        need=need,
        form_key=form_key,
        text=text,
        answers={"language": language} if language else {},
        name=name.strip(),
        phone=clean_phone(phone) or "",
        email=clean_email(email) or "",
        postcode=clean_postcode(postcode) or "",
    )
    said = {"area": district_of(clean_postcode(postcode) or ""), "age_band": age, "message": text.strip()}
    words = _("Agreed on our page that %(service)s gets what they wrote, and how to reach them.")
    return _hand_over_own(case_id, service_id, declared, by=by, words=words, covers=covers, **said)


def refer_own_self(
    *, by: Viewer, service_id: str, kind_code: str, need: str, form_key: str, covers: str, text: str = ""
) -> str:
    """As `refer_oneself`, for a resident who is known here: the service gets what the residents index has of them."""
    check_may_work_as(by, RESIDENT)
    declared, house = _check_self_referral(kind_code, service_id, covers), system_viewer("ask a service page")
    case_id = _open_own(declared, by=house, need=need, form_key=form_key, text=text, resident_id=by.id)
    area, band = _area_and_age(Case.objects.get(pk=case_id), by=house, purpose=declared.purpose)
    said = {"area": area, "age_band": band, "message": text.strip()}
    words = _("Agreed on our page that %(service)s gets what they wrote, and who they are and how to reach them.")
    return _hand_over_own(case_id, service_id, declared, by=house, words=words, covers=covers, **said)


def _check_self_referral(kind_code: str, service_id: str, covers: str) -> CaseKind:
    declared = kind(kind_code)
    if not declared.self_referral:
        raise NotFound(_("You cannot ask this service here."), _("Call it, or ask us for help."))
    if not read_service(service_id).active or covers not in CONSENT_COVERS:
        raise Problem(_("This service is not running at the moment."), _("Choose another one."))
    return declared


def _open_own(declared: CaseKind, *, by: Viewer, need: str, form_key: str, text: str, **asker: Any) -> str:
    """Open the case of somebody who asks for themselves on a page, once for each form. Returns its id."""
    return open_case(
        by=by,
        purpose=declared.purpose,
        service=declared.code,
        need=need,
        channel="web",
        source_key=f"web:{form_key}",
        text=text.strip(),
        **asker,
    )


def _hand_over_own(
    case_id: str, service_id: str, declared: CaseKind, *, by: Viewer, words: str, covers: str, **said: str
) -> str:
    """Hand the case of somebody who asked for themselves to the service, once. Returns the case's reference."""
    with transaction.atomic():
        case = lock_case(case_id, by=by, purpose=declared.purpose, verb="cases.refer_to_service")
        task = tasks_of_case(case)[0]
        if is_waiting(task) and not case.referrals.exists():
            referral = Referral(
                service_id=service_id,
                consent=words % {"service": read_service(service_id).name},
                consent_how="online",
                consent_by=by.name,
                consent_at=clock.now(),
                covers=covers,
                **said,
            )
            _hand_over(case, task, referral, by=by)
    return case.reference


def refer_somebody(
    *,
    by: Viewer,
    kind_code: str,
    need: str,
    text: str,
    name: str,
    phone: str,
    email: str,
    postcode: str,
    form_key: str,
    consent: str,
    consent_how: str,
) -> str:
    """A partner tells us of somebody who needs help and agreed to it: a case for our team. Returns the reference."""
    check_may_work_as(by, PARTNER)
    if not consent.strip() or consent_how not in CONSENT_HOW:
        raise Problem(_("We need their consent."), _("Write what they agreed to, and how."))
    declared = kind(kind_code)
    if declared.fulfilled_by != "service":
        raise NotFound(_("This service is not offered here."), _("Choose another one."))
    house = system_viewer("referred by a partner")
    case_id = open_case(
        by=house,
        purpose=declared.purpose,
        service=kind_code,
        need=need,
        channel="partner",
        source_key=f"partner:{form_key}",
        text=text.strip(),
        name=name.strip(),
        phone=clean_phone(phone) or "",
        email=clean_email(email) or "",
        postcode=clean_postcode(postcode) or "",
    )
    with transaction.atomic():
        case = lock_case(case_id, by=house, purpose=declared.purpose, verb="cases.refer_somebody")
        if not case.notes.exists():
            words = _("Consent (%(how)s): %(consent)s") % {"how": _(CONSENT_HOW[consent_how]), "consent": consent}
            CaseNote.objects.create(case=case, at=clock.now(), by=by.name, text=words)
    return case.reference


def pass_on_referral(*, by: Viewer, referral_id: int) -> int | None:
    """A service could not take it, or not help after all: hand the task to the next best, where the consent covers it;
    else tell the worker. Of one that had accepted the worker is told in any case, since they thought it settled.

    Returns the new referral's id. Twice is as once. Not inside a transaction: it reads where the person lives.
    """
    check_may_work_as(by, SYSTEM)
    open_door(viewer=by, purpose=purpose_of(referral_id), verb="cases.pass_on_referral")
    over = Referral.objects.select_related("case").get(pk=referral_id)
    if over.state not in ("declined", "no_answer", "could_not") or over.followed_by.exists():
        return None
    declared = kind(over.case.service)
    service_id = "" if over.covers == "this" else _choose_next(over, declared, by=by)
    with transaction.atomic():
        case = lock_case(over.case_id, by=by, purpose=declared.purpose, verb="cases.pass_on_referral")
        task = Task.objects.filter(pk=over.task_id).first()
        if over.followed_by.exists() or task is None or (task.state, task.owner_id) != ("rejected", over.service_id):
            return None
        if not service_id:
            task.owner_kind, task.owner_id = "team", ""
            move_tasks([case], [task], "requested", by=by)
            note_for_worker(case, _why_not(over), by=by)
            return None
        if over.state == "could_not":
            note_for_worker(case, _went_on(over, service_id), by=by)
        kept = ("area", "age_band", "consent", "consent_how", "consent_by", "consent_at", "covers", "message")
        following = Referral(service_id=service_id, follows=over, **{name: getattr(over, name) for name in kept})
        return _hand_over(case, task, following, by=by)


def send_referral(*, by: Viewer, referral_id: int) -> None:
    """Mail the service its link. Once, however often it is called."""
    check_may_work_as(by, SYSTEM)
    open_door(viewer=by, purpose=purpose_of(referral_id), verb="cases.send_referral")
    with transaction.atomic():
        referral = Referral.objects.select_for_update().get(pk=referral_id)
        if referral.state != "requested":
            return
        link = referral.links.filter(closed_at__isnull=True).first() or renew_link(referral)
    send_link(link, by=by)


def _hand_over(case: Case, task: Task, referral: Referral, *, by: Viewer) -> int:
    declared, now = kind(case.service), clock.now()
    referral.case, referral.task, referral.need, referral.by = case, task, task.need, by.name
    referral.organization_id = organizations_of([referral.service_id]).get(referral.service_id, "")
    referral.asked_at, referral.answer_by = now, add_working_days(clock.today(), declared.answer_days)
    referral.save(force_insert=True)
    task.owner_kind, task.owner_id = "organisation", referral.service_id
    move_tasks([case], [task], "requested", by=by)
    enqueue("send", referral.pk)
    enqueue("receipt", referral.pk, "receipt")
    return int(referral.pk)


def _area_and_age(case: Case, *, by: Viewer, purpose: str) -> tuple[str, str]:
    if not case.resident_id:
        return district_of(case.asker_postcode), ""
    contact = list_contacts([case.resident_id], viewer=by, purpose=purpose).get(case.resident_id)
    if contact is None:
        return "", ""
    return district_of(contact.postcode), age_band(contact.born_on, clock.today())


def _choose_next(over: Referral, declared: CaseKind, *, by: Viewer) -> str:
    case = over.case
    postcode = case.asker_postcode
    if case.resident_id:
        contact = list_contacts([case.resident_id], viewer=by, purpose=declared.purpose).get(case.resident_id)
        postcode = contact.postcode if contact else ""
    found = search_services(declared.words_for(over.need), near=locate_postcode(postcode), limit=SEARCHED)
    # One that nobody can write to would let its time pass unasked.
    ids = [one.id for one in found if one.email]
    asked = set(Referral.objects.filter(task=over.task_id).values_list("service_id", flat=True))
    return next_best(ids, asked, answers_of(ids))


def _went_on(over: Referral, service_id: str) -> str:
    text = _("%(service)s had accepted this and could not help after all. We asked %(other)s instead.")
    return text % {"service": read_service(over.service_id).name, "other": read_service(service_id).name}


def _why_not(over: Referral) -> str:
    service = read_service(over.service_id).name
    if over.covers == "this":
        text = _("%(service)s cannot take this. The person agreed to this service alone: ask whether another may.")
    else:
        text = _("%(service)s cannot take this, and we found no other to ask. Look for one with the person.")
    return text % {"service": service}
