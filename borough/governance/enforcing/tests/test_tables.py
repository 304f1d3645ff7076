"""Which personal tables the database does not guard yet is written down here, and nowhere by chance."""

import re

from django.apps import apps

from borough.governance.enforcing.tables import (
    NOT_GUARDED,
    WITHOUT_THE_DOOR,
    guarded_tables,
    personal_tables,
    unguarded_tables,
)

# Guarded by the door in Python alone: the tables by which this room decides and answers residents. What they tell of
# anybody is asked for by links and officers.
OWN_ROOM = "governance"

# What views show though it is declared as of a person, of nobody by name: whether the need of a case was met, yes or
# not known, which is counted; which task was offered; and days on which some volunteer's checks end, without any id.
COUNTED_OR_DUE = {
    "cases_case": {"need_met"},
    "volunteers_offer": {"task_id"},
    "volunteers_volunteer": {"dbs_expires_on", "drives_expires_on"},
}


def test_every_personal_table_is_guarded_or_named() -> None:
    own = {table for table, room in personal_tables() if room == OWN_ROOM}
    assert set(unguarded_tables()) == set(NOT_GUARDED) | own


def test_residents_volunteers_and_what_people_wrote_are_guarded() -> None:
    assert {"residents_resident", "residents_record", "residents_comparable", "residents_searchterm"} <= set(
        guarded_tables()
    )
    assert {"volunteers_volunteer", "volunteers_offer", "directory_suggestion"} <= set(guarded_tables())
    assert {"messaging_message", "messaging_preference"} <= set(guarded_tables())
    assert len(guarded_tables()) + len(unguarded_tables()) == len(dict(personal_tables()))


def test_what_is_read_without_the_door_tells_nothing_of_a_person() -> None:
    models = {model._meta.db_table: model for model in apps.get_models()}
    for table, query in WITHOUT_THE_DOOR.items():
        declared = models[table].personal_data.fields  # type: ignore[attr-defined]
        personal = {field for field, category in declared.items() if category != "staff"}
        shown = set(re.findall(r"\w+", query[len("SELECT ") : query.index(" FROM ")]))
        assert table in guarded_tables()
        assert shown & personal == COUNTED_OR_DUE.get(table, set()), table
