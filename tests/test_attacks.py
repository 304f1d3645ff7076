"""Attacks on the door of a live borough, on PostgreSQL, by whoever has the site's own role and its SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.test import Client
from psycopg import errors

from borough.accounts.actions import add_user, make_rehearsal_link
from borough.accounts.policies import CONTACT_WORKER, IG_OFFICER, SYSTEM, Viewer, system_viewer
from borough.cases.models import Case
from borough.common import clock
from borough.common.errors import NotAllowed
from borough.governance.actions import delete_what_is_over, revoke_agreement
from borough.governance.changing.models import Restriction
from borough.governance.door import log_write, open_door, without_the_door
from borough.governance.enforcing import passes
from borough.governance.enforcing.installing import door_faults, install_door
from borough.governance.enforcing.tables import guarded_tables
from borough.governance.ledger.sealing import seal_ledger
from borough.governance.ledger.tests.test_letting_go import LONG_AGO, seal_as_of, write
from borough.governance.ledger.verifying import verify_ledger
from borough.governance.models import Agreement, LedgerEntry, LedgerSubject
from borough.governance.queries import list_looks_at
from borough.messaging.actions import receive_message
from borough.messaging.models import Message, Preference
from borough.messaging.officers import tell_officers_of_break
from borough.messaging.sending import send_due
from borough.residents.models import Household, Resident
from borough.residents.queries import list_contacts, read_resident
from borough.web.rehearsal import add_staff
from tests.site_role import ROLE, make_role

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

ALICE = Viewer(kind="staff", id="UALICE", name="Alice", roles=frozenset({CONTACT_WORKER}))
PURPOSE, VERB = "offer-help", "residents.read_resident"
OPEN = "SELECT pass FROM door.open('staff', 'UALICE', 'Alice', %s, %s, %s, now(), pg_backend_pid())"
LOOK = "SELECT surname FROM residents_resident WHERE id = 'R1'"


@pytest.fixture
def door(open_agreements: None) -> Iterator[None]:
    """The door as a live borough has it, and one resident behind it."""
    make_role()
    install_door(ROLE)
    Resident.objects.create(id="R1", forename="Ada", surname="Okafor", minted_at=clock.now())
    yield
    forget_the_door()


def forget_the_door() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA door CASCADE")
        for table in guarded_tables():
            cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    passes.forget()


@contextmanager
def site_connection() -> Iterator[psycopg.Connection]:
    """A connection of its own, as the site's role, with which an attacker sends what they like."""
    settings = {
        key: value
        for key, value in connection.get_connection_params().items()
        if key in ("dbname", "host", "port", "user", "password")
    }
    with psycopg.connect(**settings, autocommit=True) as raw:
        raw.execute(f"SET SESSION AUTHORIZATION {ROLE}")
        yield raw


@contextmanager
def as_the_site() -> Iterator[None]:
    """The house's own code, signed in to the database as the site is."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET SESSION AUTHORIZATION {ROLE}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET SESSION AUTHORIZATION")


def open_for(raw: psycopg.Connection, role: str = CONTACT_WORKER, purpose: str = PURPOSE, verb: str = VERB) -> str:
    return str(raw.execute(OPEN, [[role], purpose, verb]).fetchone()[0] or "")


def last() -> LedgerEntry:
    return LedgerEntry.objects.latest("id")


# With one's own SQL


def test_no_guarded_table_gives_a_row_without_an_entry(door: None) -> None:
    # In one test: emptying the tables after each would take minutes.
    with site_connection() as site:
        for table in guarded_tables():
            assert site.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
            assert site.execute(f"SELECT * FROM {table} LIMIT 1").fetchone() is None, table
            assert site.execute(f"DELETE FROM {table}").rowcount == 0, table


def test_with_an_entry_the_row_comes(door: None) -> None:
    with site_connection() as site:
        assert open_for(site)
        assert site.execute(LOOK).fetchone() == ("Okafor",)
    assert (last().kind, last().viewer_id, last().verb, last().purpose) == ("opened", "UALICE", VERB, PURPOSE)


def test_read_then_roll_back_shows_nothing(door: None) -> None:
    with site_connection() as site:
        site.execute("BEGIN")
        assert open_for(site)
        assert site.execute(LOOK).fetchone() is None
        site.execute("ROLLBACK")
        assert site.execute(LOOK).fetchone() is None


def test_a_pass_whose_entry_was_rolled_back_to_a_savepoint_is_worth_nothing(door: None) -> None:
    with site_connection() as site:
        site.execute("BEGIN")
        site.execute("CREATE TEMP TABLE something_that_commits (id int)")
        site.execute("SAVEPOINT before")
        taken = open_for(site)
        site.execute("ROLLBACK TO before")
        site.execute("COMMIT")
        site.execute("SELECT set_config('door.pass', %s, false)", [taken])
        assert site.execute(LOOK).fetchone() is None


def test_read_then_disconnect_leaves_the_entry(door: None) -> None:
    with site_connection() as site:
        open_for(site)
        site.execute(LOOK)
        with pytest.raises(psycopg.Error):
            site.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert (last().kind, last().viewer_id) == ("opened", "UALICE")


@pytest.mark.parametrize(
    "forged", ["1", "garbage", "1.00000000-0000-0000-0000-000000000000", "9" * 40, "-1.x", "1.' OR true --"]
)
def test_a_forged_pass_is_worth_nothing_and_tells_nothing(forged: str, door: None) -> None:
    with site_connection() as site:
        site.execute("SELECT set_config('door.pass', %s, false)", [forged])
        # No error either: it would come only where there is a row.
        for who in ("R1", "RNOBODY"):
            assert site.execute("SELECT 1 FROM residents_resident WHERE id = %s", [who]).fetchone() is None


def test_the_pass_of_another_connection_is_worth_nothing(door: None) -> None:
    with site_connection() as one, site_connection() as other:
        taken = open_for(one)
        other.execute("SELECT set_config('door.pass', %s, false)", [taken])
        assert other.execute(LOOK).fetchone() is None
        assert one.execute(LOOK).fetchone() == ("Okafor",)


def test_a_pass_runs_out(door: None) -> None:
    with site_connection() as site:
        taken = open_for(site)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE door.pass SET until = clock_timestamp()")
        assert site.execute(LOOK).fetchone() is None
        with pytest.raises(errors.InsufficientPrivilege):
            site.execute("SELECT door.log(%s, 'read', array['R1'], false, 1, now())", [taken])


@pytest.mark.parametrize(
    ("role", "purpose", "verb"),
    [
        ("ig_officer", PURPOSE, VERB),
        ("", PURPOSE, VERB),
        (CONTACT_WORKER, "find-need", VERB),
        (CONTACT_WORKER, "", VERB),
        (CONTACT_WORKER, PURPOSE, "governance.list_looks_at"),
        (CONTACT_WORKER, PURPOSE, "residents.run_check.sublets"),
        (CONTACT_WORKER, PURPOSE, ""),
    ],
)
def test_who_has_no_agreement_gets_no_pass_and_a_denied_entry(role: str, purpose: str, verb: str, door: None) -> None:
    with site_connection() as site:
        assert open_for(site, role, purpose, verb) == ""
        assert site.execute(LOOK).fetchone() is None
    assert (last().kind, last().purpose, last().verb) == ("denied", purpose, verb)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE governance_ledgerentry SET viewer_id = 'x'",
        "DELETE FROM governance_ledgerentry",
        "TRUNCATE governance_ledgerentry, governance_ledgersubject",
        "DELETE FROM governance_ledgersubject",
        "INSERT INTO governance_ledgersubject (entry_id, resident_id) VALUES (1, 'R1')",
        "INSERT INTO governance_ledgerentry (at, kind, viewer_kind, viewer_id, viewer_name, purpose, agreement, verb,"
        " people, everyone) VALUES (now(), 'read', 'x', 'x', 'x', 'x', 'x', 'x', 0, false)",
        "UPDATE governance_seal SET entries = 1",
        "DELETE FROM governance_seal",
        "SELECT * FROM door.pass",
        "INSERT INTO door.pass SELECT 1, gen_random_uuid(), pg_backend_pid(), '3', 'x', now(), 'infinity'",
        "ALTER TABLE residents_resident DISABLE ROW LEVEL SECURITY",
        "DROP POLICY door ON residents_resident",
        "CREATE OR REPLACE FUNCTION door.is_open() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "CREATE OR REPLACE FUNCTION door.letterbox_is_open() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT null::timestamptz'",
        "SET row_security = off; SELECT * FROM residents_resident",
        "ALTER TABLE governance_ledgerentry DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "COPY residents_resident TO '/tmp/residents'",
    ],
)
def test_the_site_may_not_change_the_ledger_nor_take_the_door_away(statement: str, door: None) -> None:
    with site_connection() as site, pytest.raises((errors.InsufficientPrivilege, errors.SyntaxError)):
        site.execute(statement)


def test_a_name_of_ones_own_does_not_get_into_the_doors_functions(door: None) -> None:
    with site_connection() as site:
        site.execute("CREATE TEMP TABLE governance_agreement (reference text, state text, review_on date)")
        site.execute("CREATE TEMP TABLE pass (entry bigint)")
        site.execute("SET search_path = pg_temp, public, door")
        assert open_for(site, "ig_officer") == ""
        assert site.execute("SELECT count(*) FROM public.residents_resident").fetchone() == (0,)


def test_no_function_sees_a_row_before_the_door_does(door: None) -> None:
    seen: list[str] = []
    with site_connection() as site:
        site.add_notice_handler(lambda said: seen.append(str(said.message_primary)))
        site.execute(
            "CREATE FUNCTION pg_temp.tell(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 "
            "AS $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$"
        )
        site.execute("SELECT 1 FROM residents_resident WHERE pg_temp.tell(surname)")
        # Nor an error that only a row could make.
        site.execute("SELECT 1 FROM residents_resident WHERE 1 / (length(surname) - 6) > 0")
    assert seen == []


def test_a_unique_key_does_not_tell_who_is_there(door: None) -> None:
    add = "INSERT INTO residents_household (id, uprn, size, shared) VALUES (%s, '', 1, false)"
    Household.objects.create(id="H1", began_on=clock.today())
    said = []
    with site_connection() as site:
        for number in ("H1", "H2"):
            with pytest.raises(psycopg.Error) as refused:
                site.execute(add, [number])
            said.append(str(refused.value))
    assert said[0] == said[1]


def test_an_entry_is_on_the_disk_whatever_the_session_says(door: None) -> None:
    with site_connection() as site:
        site.execute("SET synchronous_commit = off")
        taken = open_for(site)
        site.execute("BEGIN")
        site.execute("SELECT door.log(%s, 'read', array['R1'], false, 1, now())", [taken])
        assert site.execute("SHOW synchronous_commit").fetchone() == ("on",)
        site.execute("COMMIT")


def test_a_plain_setting_that_outlives_its_transaction_opens_nothing_for_the_next_of_the_pool(door: None) -> None:
    with site_connection() as site:
        open_for(site)
        site.execute("RESET ALL")
        assert site.execute(LOOK).fetchone() is None


def test_a_revoked_agreement_closes_the_pass_that_is_out(door: None) -> None:
    with site_connection() as site:
        open_for(site)
        revoke_agreement(by=system_viewer("test"), reference="help-contact-centre", reason="The pilot ended.")
        assert site.execute(LOOK).fetchone() is None


# Through the house


def test_the_house_as_the_sites_role_reads_and_leaves_an_entry_of_whom(door: None) -> None:
    with as_the_site():
        assert read_resident("R1", viewer=ALICE, purpose=PURPOSE).name == "Ada Okafor"
    entry = last()
    assert (entry.kind, entry.people, entry.viewer_name) == ("read", 1, "Alice")
    assert LedgerEntry.objects.get(pk=entry.opening).kind == "opened"
    assert [subject.resident_id for subject in entry.subjects.all()] == ["R1"]


def test_whose_data_is_not_to_be_used_is_shown_to_nobody_but_who_answers_for_it(door: None) -> None:
    Restriction.objects.create(resident_id="R1", since=clock.now(), because="Contested", set_by="Ivy")
    with as_the_site(), pytest.raises(NotAllowed):
        read_resident("R1", viewer=ALICE, purpose=PURPOSE)
    assert (last().kind, last().viewer_name) == ("opened", "Alice")
    with as_the_site():
        officer = Viewer(kind="staff", id="UIVY", name="Ivy", roles=frozenset({IG_OFFICER}))
        assert list_looks_at("R1", viewer=officer, purpose="oversight") == []


def test_an_exception_after_the_read_leaves_the_opening(door: None) -> None:
    with as_the_site(), pytest.raises(ZeroDivisionError):
        open_door(viewer=ALICE, purpose=PURPOSE, verb=VERB)
        assert Resident.objects.get(pk="R1").surname == "Okafor"
        raise ZeroDivisionError
    assert (last().kind, last().viewer_id) == ("opened", "UALICE")


def test_a_read_inside_a_transaction_is_refused_before_it_is_shown(door: None) -> None:
    with as_the_site(), pytest.raises(RuntimeError), transaction.atomic():
        list_contacts(["R1"], viewer=ALICE, purpose=PURPOSE)
    assert last().kind == "opened"


def test_what_a_write_read_before_it_was_rolled_back_is_still_in_the_ledger(door: None) -> None:
    system = Viewer(kind="system", id="job", name="job", roles=frozenset({SYSTEM}))
    with as_the_site(), pytest.raises(ZeroDivisionError), transaction.atomic():
        log_write(by=system, purpose="residents-index", verb="residents.link_records", residents=["R1"])
        assert Resident.objects.select_for_update().get(pk="R1").surname == "Okafor"
        raise ZeroDivisionError
    assert (last().kind, last().viewer_id) == ("opened", "job")
    assert not LedgerSubject.objects.exists()


def test_a_refusal_inside_a_transaction_that_is_rolled_back_stays(door: None) -> None:
    with as_the_site(), pytest.raises(NotAllowed), transaction.atomic():
        log_write(by=ALICE, purpose="find-need", verb="insight.score_residents", residents=["R1"])
    assert (last().kind, last().viewer_id) == ("denied", "UALICE")


def test_revoking_between_opening_and_showing_shows_nothing(door: None) -> None:
    with as_the_site():
        opening = open_door(viewer=ALICE, purpose=PURPOSE, verb=VERB)
        Agreement.objects.filter(pk="help-contact-centre").update(state="revoked")
        with pytest.raises(NotAllowed):
            opening.saw(["R1"])


@pytest.mark.parametrize("days", [-400, 400])
def test_the_databases_clock_decides_and_not_the_web_servers(days: int, door: None) -> None:
    with as_the_site(), clock.at(clock.now() + timedelta(days=days)):
        open_door(viewer=ALICE, purpose=PURPOSE, verb=VERB).saw(["R1"])
    assert abs(last().at - clock.now()) < timedelta(minutes=1)
    ends = clock.today()
    Agreement.objects.filter(pk="help-contact-centre").update(starts_on=ends - timedelta(days=9), review_on=ends)
    with as_the_site(), clock.at(clock.now() - timedelta(days=1)), pytest.raises(NotAllowed):
        open_door(viewer=ALICE, purpose=PURPOSE, verb=VERB)


def test_the_night_takes_what_is_over_from_the_ledger_though_the_site_may_delete_nothing_of_it(door: None) -> None:
    write("R1", "R2")
    seal_as_of(LONG_AGO + timedelta(seconds=5))
    with as_the_site():
        read_resident("R1", viewer=ALICE, purpose=PURPOSE)
        seal_ledger()
        assert delete_what_is_over(by=system_viewer("deletion"))["governance.LedgerEntry"] == (2, 0)
        verdict = verify_ledger()
    assert (verdict.faults, verdict.let_go) == ([], 1)
    assert LedgerSubject.objects.filter(resident_id="R1").count() == 1


def test_a_full_disk_shows_nothing(door: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.full() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER disk_full BEFORE INSERT ON governance_ledgerentry FOR EACH ROW "
            "WHEN (NEW.kind = 'read') EXECUTE FUNCTION pg_temp.full()"
        )
    try:
        with as_the_site(), pytest.raises(OperationalError, match="could not extend file"):
            read_resident("R1", viewer=ALICE, purpose=PURPOSE)
        client = Client(raise_request_exception=False)
        client.get(make_rehearsal_link(add_staff()[CONTACT_WORKER]))
        client.post("/governance/purpose/", {"purpose": PURPOSE})
        page = client.get("/residents/R1/")
        assert page.status_code == 500
        assert b"Okafor" not in page.content
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER disk_full ON governance_ledgerentry")


def test_without_the_door_a_case_is_a_number_and_whose_service_it_is(door: None) -> None:
    Case.objects.create(
        id="C1", reference="CA-1", service="community_aid", need="food", urgency="soon", channel="phone",
        source_key="t", resident_id="R1", text="I am hungry", opened_at=clock.now(), due_on=clock.today(),
    )  # fmt: skip
    with as_the_site():
        assert not Case.objects.exists()
        with without_the_door():
            assert Case.objects.values_list("reference", "service").get() == ("CA-1", "community_aid")
            for shut in ("text", "resident_id", "need", "assigned_to", "concern"):
                with pytest.raises(ProgrammingError):
                    Case.objects.values_list(shut).get()


# By the letterbox


LETTERBOX = "SELECT door.open_letterbox('system', 'x', 'x', 'messaging.receive_message', now(), pg_backend_pid())"
WORDS = "SELECT body FROM messaging_message"


@pytest.fixture
def message(door: None) -> Message:
    return Message.objects.create(
        direction="out", state="sent", channel="sms", resident_id="R1", address="+447700900001", body="Dear Ada",
        at=clock.now(), sent_at=clock.now(), key="m1",
    )  # fmt: skip


def test_the_letterbox_opens_messages_alone_and_leaves_an_entry(message: Message) -> None:
    Agreement.objects.update(state="revoked")
    with site_connection() as site:
        assert site.execute(WORDS).fetchone() is None
        taken = str(site.execute(LETTERBOX).fetchone()[0])
        assert site.execute(WORDS).fetchone() == ("Dear Ada",)
        site.execute("SELECT set_config('door.pass', %s, false)", [taken])
        for table in guarded_tables():
            if not table.startswith("messaging_"):
                assert site.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
        with pytest.raises(errors.InsufficientPrivilege):
            site.execute("SELECT door.log(%s, 'read', array['R1'], false, 1, now())", [taken])
    entry = last()
    assert (entry.kind, entry.verb, entry.agreement) == ("opened", "messaging.receive_message", "letterbox")


def test_a_letterbox_that_was_opened_and_rolled_back_or_by_another_shows_nothing(message: Message) -> None:
    with site_connection() as site, site_connection() as other:
        site.execute("BEGIN")
        taken = str(site.execute(LETTERBOX).fetchone()[0])
        assert site.execute(WORDS).fetchone() is None
        site.execute("ROLLBACK")
        assert site.execute(WORDS).fetchone() is None
        taken = str(site.execute(LETTERBOX).fetchone()[0])
        other.execute("SELECT set_config('door.letterbox', %s, false)", [taken])
        assert other.execute(WORDS).fetchone() is None
        with connection.cursor() as cursor:
            cursor.execute("UPDATE door.pass SET until = clock_timestamp()")
        assert site.execute(WORDS).fetchone() is None


def test_a_stop_is_obeyed_and_an_officer_alerted_where_no_agreement_is_live(message: Message, settings: Any) -> None:
    settings.ADAPTERS = {"messages": "borough.adapters.console_messages.ConsoleMessages"}
    add_user(email="ivy@a.example", name="Ivy", role=IG_OFFICER)
    Agreement.objects.update(state="revoked")
    with as_the_site(), clock.at(clock.now() + timedelta(minutes=1)):
        receive_message(channel="sms", sender="07700 900001", text="STOP", provider_id="p1")
        tell_officers_of_break("EA-1")
        # Not inside the transaction that took them in: the confirmation and the alert go out in a job.
        send_due(campaign_id="", first=0, last=10**9)
        with pytest.raises(NotAllowed):
            read_resident("R1", viewer=ALICE, purpose=PURPOSE)
    assert set(Preference.objects.values_list("resident_id", "allowed")) == {("R1", False)}
    assert set(Message.objects.exclude(pk=message.pk).values_list("address", "state")) == {
        ("+447700900001", "received"),
        ("+447700900001", "sent"),
        ("ivy@a.example", "sent"),
    }


def test_without_the_door_a_message_is_one_of_so_many(message: Message) -> None:
    with as_the_site():
        assert not Message.objects.exists()
        with without_the_door():
            assert Message.objects.values_list("state", "channel").get() == ("sent", "sms")
            for shut in ("resident_id", "address", "subject", "body", "key", "about"):
                with pytest.raises(ProgrammingError):
                    Message.objects.values_list(shut).get()


# What watches that the door is there


def test_the_check_finds_nothing_for_the_sites_role_and_names_every_way_around_it(door: None) -> None:
    with as_the_site():
        assert list(door_faults()) == []
    assert any("superuser" in fault for fault, _ in door_faults())
    with connection.cursor() as cursor:
        for undo, said in (
            ("ALTER TABLE residents_record DISABLE ROW LEVEL SECURITY", "residents_record"),
            (f"GRANT DELETE ON governance_ledgerentry TO {ROLE}", "may change the ledger"),
            ("COMMENT ON SCHEMA door IS 'older'", "not the one"),
        ):
            cursor.execute(undo)
            with as_the_site():
                assert any(said in fault for fault, _ in door_faults()), said
            install_door(ROLE)
            with as_the_site():
                assert list(door_faults()) == []


def test_the_door_gives_what_the_pure_rule_gives(door: None) -> None:
    """The rule is written twice: as SQL for the door, and in policies for everything else."""
    from borough.governance.policies import opens, serves

    today = clock.today()
    agreements = list(Agreement.objects.select_related("purpose"))
    roles = sorted({role for one in agreements for role in one.roles})
    verbs = [VERB, "cases.read_case", "insight.score_residents", "governance.list_looks_at", "residents.run_check.died"]
    with site_connection() as site:
        for role in roles:
            viewer = Viewer(kind="staff", id="U", name="N", roles=frozenset({role}))
            for purpose in sorted({one.purpose_id for one in agreements}):
                for verb in verbs:
                    rule = [
                        one.reference
                        for one in sorted(agreements, key=lambda one: one.reference)
                        if one.purpose_id == purpose and serves(one, verb) and opens(one, viewer, today)
                    ]
                    found = site.execute(
                        "SELECT agreement FROM door.open('staff', 'U', 'N', %s, %s, %s, now(), pg_backend_pid())",
                        [[role], purpose, verb],
                    ).fetchone()
                    assert found == (rule[0] if rule else None,), (role, purpose, verb)
