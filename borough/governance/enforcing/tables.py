"""Which tables the database gives to nobody who has not passed the door: all that declare residents' personal data.

A room is guarded once every one of its reads passes the door.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model

GUARDED_ROOMS = ("cases", "directory", "insight", "messaging", "residents", "volunteers")

# What the house may also open where no agreement is live, with an entry in the ledger as ever: to keep a "no" that
# comes in, and to send what an officer must know. By the door's letterbox nothing but messages goes in or out.
LETTERBOX_ROOM = "messaging"

# Tables of the guarded rooms, or of none, that hold personal data and stay as they are, each with the reason.
NOT_GUARDED: dict[str, str] = {
    "governance_ledgersubject": "the ledger itself: ids alone, written by the door and by nobody else",
    "directory_service": "the published telephone of a service",
    "directory_confirmation": "the mailbox of a service, as its listing or its organisation publishes it",
    "directory_servicereject": "a row of a published list of services",
}


# What may be read of a guarded table without the door, as a view of the same name in the schema `door`.
WITHOUT_THE_DOOR = {
    # Which id stands for one that is nobody's any more. Whoever knows one learns the other, and no more of anybody.
    "residents_resident": "SELECT id, retired_into_id, retired_at FROM public.residents_resident "
    "WHERE retired_into_id IS NOT NULL",
    # Which service a case is of, since that names the purpose for which its door opens; and how far it got, for counts.
    # Of whom and of what it is, who works on it and what they said stays shut.
    "cases_case": "SELECT id, reference, service, state, deliveries, "
    "CASE need_met WHEN 'yes' THEN 'yes' ELSE '' END AS need_met FROM public.cases_case",
    # How many found help.
    "cases_casestep": "SELECT id, case_id, new, owner_kind FROM public.cases_casestep",
    # Whether two volunteers are to go, by the id of the second; what was asked for stays shut.
    "cases_task": "SELECT id, case_id, state, companion_id, one_missing FROM public.cases_task",
    # What the house's rounds look for every few minutes: they open no door where nothing is due.
    "cases_feedback": "SELECT id, case_id, delivery, asked_at, chased_at, chased_by, asked_by_hand_at, answered_at "
    "FROM public.cases_feedback",
    "cases_standing": "SELECT id, case_id, until, opened_until, ended_at FROM public.cases_standing",
    "cases_backlog": "SELECT id, service, state, by_id FROM public.cases_backlog",
    # What was handed to which service, until when: for its link, before anybody has shown that it is theirs.
    "cases_referral": "SELECT id, case_id, task_id, service_id, organization_id, state, asked_at, answer_by, "
    "reminders, forgotten_at FROM public.cases_referral",
    # How an offer to a volunteer stands, by ids: a link says which offer it is of, and only who knows whose it is can
    # open the door as them; and what regular work has to do is asked twice a minute.
    "volunteers_offer": "SELECT id, volunteer_id, task_id, purpose, state, expires_at, answer_minutes, passed_on "
    "FROM public.volunteers_offer",
    # How far each campaign got, and whether replies wait: of which messages, without whose they are or what they say.
    "messaging_message": "SELECT id, campaign_id, direction, channel, state, problem, reading, answers_id, waits_since "
    "FROM public.messaging_message",
    # The days on which checks end, of nobody by name or id: whether somebody is to be reminded.
    "volunteers_volunteer": "SELECT dbs_expires_on, drives_expires_on, active FROM public.volunteers_volunteer",
}


def guarded_tables() -> list[str]:
    """The tables behind the policies, by name."""
    return sorted(table for table, room in personal_tables() if room in GUARDED_ROOMS and table not in NOT_GUARDED)


def unguarded_tables() -> list[str]:
    """The tables with residents' personal data that are not behind the policies, by name."""
    return sorted({table for table, _ in personal_tables()} - set(guarded_tables()))


def personal_tables() -> Iterator[tuple[str, str]]:
    """(table, room) of every model that declares anything of a person who is not staff."""
    for model in apps.get_models():
        declared = getattr(model, "personal_data", None)
        if declared and set(declared.fields.values()) - {"staff"}:
            yield model._meta.db_table, model._meta.app_label


def room_of(table: str) -> str:
    """The room of a table that holds personal data."""
    return dict(personal_tables())[table]


def house_tables() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
