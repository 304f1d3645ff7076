"""Which personal tables the database does not guard yet is written down here, and nowhere by chance."""

from borough.governance.enforcing.tables import NOT_GUARDED, guarded_tables, personal_tables, unguarded_tables

# Guarded by the door in Python alone: some of their rooms' writes read before they open it. So are all tables of this
# room itself, by which it decides and answers residents: what they tell of anybody is asked for by links and officers.
NOT_YET = {
    "cases_backlog",
    "cases_case",
    "cases_casefile",
    "cases_casenote",
    "cases_casereject",
    "cases_casestep",
    "cases_feedback",
    "cases_changedcase",
    "cases_contactattempt",
    "cases_plan",
    "cases_planstep",
    "cases_referral",
    "cases_wellbeing",
    "cases_standing",
    "cases_task",
    "messaging_message",
    "messaging_preference",
}


def test_every_personal_table_is_guarded_or_named() -> None:
    own = {table for table, room in personal_tables() if room == "governance"}
    assert set(unguarded_tables()) == NOT_YET | set(NOT_GUARDED) | own
    assert not NOT_YET & set(NOT_GUARDED)


def test_residents_volunteers_and_what_people_wrote_are_guarded() -> None:
    assert {"residents_resident", "residents_record", "residents_comparable", "residents_searchterm"} <= set(
        guarded_tables()
    )
    assert {"volunteers_volunteer", "volunteers_offer", "directory_suggestion"} <= set(guarded_tables())
    assert len(guarded_tables()) + len(unguarded_tables()) == len(dict(personal_tables()))
