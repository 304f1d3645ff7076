"""One suite for everything that carries messages: what messaging relies on holds for each adapter.

The SMTP adapter talks to a real SMTP server on this machine.
"""

import csv
import json
import logging
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler

from borough.adapters import console_messages, rehearsal_residents, smtp_messages
from borough.adapters.console_messages import ConsoleMessages
from borough.adapters.rehearsal_residents import RehearsalResidents
from borough.adapters.smtp_messages import SmtpMessages
from borough.messaging.ports import (
    MessageSender,
    Outgoing,
    PermanentFailure,
    Receipt,
    SendFailure,
    TemporaryFailure,
    UncertainFailure,
    load_sender,
)
from tests.certificates import write_certificate

SECRET = "Mrs Szczepańska needs insulin"


class Mailbox(MessageHandler):
    """An SMTP server's inside: keeps what comes, and answers RCPT and DATA as told."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []
        self.rcpt_answer = "250 OK"
        self.data_answer: str | None = None
        self.hang_up = False

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.rcpt_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt_answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.hang_up:
            server.transport.abort()
        if self.data_answer:
            return self.data_answer
        return await super().handle_DATA(server, session, envelope)

    def handle_message(self, message: Message) -> None:
        self.messages.append(message)


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    box = Mailbox()
    # The controller greets its own port, so it must know it before it starts.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_TIMEOUT = 5
    yield box
    controller.stop()


def test_a_mail_server_whose_certificate_is_wrong_is_told_from_one_that_is_away(
    settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = write_certificate(tmp_path / "both.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True)
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, True
    try:
        with pytest.raises(TemporaryFailure):
            SmtpMessages().send(Outgoing("one", "email", "ada@example.org", SECRET, "Hello"))
        assert [one.getMessage() for one in caplog.records if one.name == "borough.security"] == [
            "wrong_certificate of the mail server"
        ]
        assert box.messages == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        SmtpMessages().send(Outgoing("one", "email", "ada@example.org", SECRET, "Hello"))
        assert len(box.messages) == 1
    finally:
        controller.stop()


@pytest.fixture
def rehearsal(tmp_path: Path) -> Path:
    """A rehearsal of 200 people, each with a phone and an e-mail address."""
    (tmp_path / "truth").mkdir()
    (tmp_path / "manifest.json").write_text(json.dumps({"seed": 7}))
    people = [
        {
            "person": f"P{n}",
            "forename": f"Name{n}",
            "phone": f"+4477009{n:05}",
            "email": f"name{n}@example.org",
            "needs": "shopping" if n % 2 else "",
            "answers": "0.9",
        }
        for n in range(200)
    ]
    _write(tmp_path / "truth" / "people.csv", people)
    _write(tmp_path / "volunteers.csv", [{"name": "Vi", "phone": "+447700800001", "email": "vi@example.org"}])
    return tmp_path


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@dataclass
class Case:
    """An adapter under test: a message that it carries, and how many it has carried where that can be counted."""

    sender: MessageSender
    module: Any
    message: Outgoing
    carried: Callable[[], int] | None = None


ADAPTERS = ["console", "smtp", "rehearsal"]


@pytest.fixture(params=ADAPTERS)
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    text = Outgoing(key="CM1:R1", channel="sms", to="+447700900003", body=f"Hello Name3, reply HELP or NO. {SECRET}")
    email = replace(
        text, channel="email", to="name3@example.org", subject="Do you need help?", stop_link="https://x.example/s"
    )
    if request.param == "console":
        made = Case(ConsoleMessages(), console_messages, text)
    elif request.param == "smtp":
        box = request.getfixturevalue("mailbox")
        made = Case(SmtpMessages(), smtp_messages, email, lambda: len(box.messages))
    else:
        folder = request.getfixturevalue("rehearsal")
        sender = RehearsalResidents(folder)
        made = Case(sender, rehearsal_residents, text, lambda: len(list(sender.pending_replies())))
    yield made
    made.sender.close()


def test_a_message_is_carried_and_receipted(case: Case) -> None:
    assert case.message.channel in case.sender.channels <= {"sms", "email"}
    receipt = case.sender.send(case.message)
    assert isinstance(receipt, Receipt)
    assert 0 < len(receipt.provider_id) <= 200
    if case.carried:
        assert case.carried() == 1


def test_receipts_tell_messages_apart(case: Case) -> None:
    first = case.sender.send(case.message)
    second = case.sender.send(replace(case.message, key="CM1:R2"))
    assert first.provider_id != second.provider_id


def test_a_sender_that_says_idempotent_carries_a_key_once(case: Case) -> None:
    receipts = {case.sender.send(case.message).provider_id for _ in range(3)}
    assert len(receipts) == 1
    if case.carried:
        assert case.carried() == (1 if case.sender.idempotent else 3)


@pytest.mark.parametrize("to", ["", "nowhere", "+44", "a b@example.org", "x@y@z", "name3@example.org\r\nBcc: a@b.org"])
def test_an_address_that_cannot_be_is_refused_for_good(case: Case, to: str) -> None:
    with pytest.raises(PermanentFailure) as failure:
        case.sender.send(replace(case.message, to=to))
    assert failure.value.code == "bad_address"


def test_a_channel_it_does_not_have_is_refused_for_good(case: Case) -> None:
    with pytest.raises(PermanentFailure):
        case.sender.send(replace(case.message, channel="pigeon"))


def test_nothing_personal_leaks(case: Case, caplog: Any, capsys: Any) -> None:
    caplog.set_level(logging.DEBUG)
    # The test's own mail server tells all.
    for server in ("mail.log", "mail.debug"):
        caplog.set_level(logging.CRITICAL, server)
    case.sender.send(case.message)
    with pytest.raises(PermanentFailure) as failure:
        case.sender.send(replace(case.message, to="leak@me@example.org"))
    said = caplog.text + "".join(capsys.readouterr()) + str(failure.value) + repr(case.message)
    for personal in (SECRET, case.message.to, "leak@me", "Name3"):
        assert personal not in said


def test_it_says_first_what_it_must_not_leak(case: Case) -> None:
    assert case.module.__doc__.startswith("Must not leak")


def test_it_can_be_closed_twice_and_used_again(case: Case) -> None:
    case.sender.close()
    case.sender.close()
    assert case.sender.send(case.message).provider_id


def test_settings_name_the_sender(settings: Any) -> None:
    settings.ADAPTERS = {"messages": "borough.adapters.console_messages.ConsoleMessages"}
    assert isinstance(load_sender(), ConsoleMessages)


# --- e-mail, against a real server


EMAIL = Outgoing(
    key="CM1:R1",
    channel="email",
    to="name3@example.org",
    body="Grüße, Name3",
    subject="Help – £",
    stop_link="https://x.example/s",
)


def test_an_email_arrives_whole(mailbox: Mailbox, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Alderbrook Council <help@alderbrook.example>"
    sender = SmtpMessages()
    receipt = sender.send(EMAIL)
    sender.close()
    mail = mailbox.messages[0]
    assert mail["Message-ID"] == receipt.provider_id
    assert mail["Message-ID"].endswith("@alderbrook.example>")
    assert "R1" not in mail["Message-ID"]
    assert mail["List-Unsubscribe"] == "<https://x.example/s>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] == "help@alderbrook.example"
    assert mail["To"] == "name3@example.org"
    assert mail.get_payload(decode=True).decode().strip() == "Grüße, Name3"


def test_one_connection_carries_a_batch(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    connect = smtplib.SMTP.connect
    monkeypatch.setattr(smtplib.SMTP, "connect", lambda self, *a, **k: (opened.append(1), connect(self, *a, **k))[1])
    sender = SmtpMessages()
    for number in range(5):
        sender.send(replace(EMAIL, key=f"k{number}"))
    sender.close()
    assert (len(mailbox.messages), len(opened)) == (5, 1)


@pytest.mark.parametrize(
    ("change", "failure", "code"),
    [
        ({"rcpt_answer": "550 No such user name3@example.org"}, PermanentFailure, "bad_address"),
        ({"rcpt_answer": "451 Try later"}, TemporaryFailure, "bad_address"),
        ({"data_answer": "554 This is spam"}, PermanentFailure, "refused"),
        ({"data_answer": "452 Full"}, TemporaryFailure, "refused"),
        ({"hang_up": True}, UncertainFailure, "line_broke"),
    ],
)
def test_what_the_server_answers_decides_whether_to_try_again(
    mailbox: Mailbox, change: dict[str, Any], failure: type[SendFailure], code: str
) -> None:
    for name, value in change.items():
        setattr(mailbox, name, value)
    sender = SmtpMessages()
    with pytest.raises(failure) as raised:
        sender.send(EMAIL)
    assert raised.value.code == code
    assert raised.value.__cause__ is None
    assert "example.org" not in str(raised.value)
    # The next message goes through: the connection is whole again.
    fresh = Mailbox()
    mailbox.rcpt_answer, mailbox.data_answer, mailbox.hang_up = fresh.rcpt_answer, None, False
    assert sender.send(EMAIL)
    sender.close()


def test_a_server_that_is_not_there_may_come_back(settings: Any) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(TemporaryFailure):
        SmtpMessages().send(EMAIL)


def test_a_subject_cannot_bring_headers_in(mailbox: Mailbox) -> None:
    with pytest.raises(PermanentFailure):
        SmtpMessages().send(replace(EMAIL, subject="a\nBcc: x@example.org"))
    assert mailbox.messages == []


# --- the rehearsal's people


CHECK_IN = (
    "Hello {name}, this is Alderbrook Council. Do you need help? Reply HELP and what you need, or NO. STOP to end."
)


def ask_everybody(folder: Path, order: list[int]) -> dict[str, str]:
    sender = RehearsalResidents(folder)
    for n in order:
        try:
            sender.send(
                Outgoing(key=f"k{n}", channel="sms", to=f"+4477009{n:05}", body=CHECK_IN.format(name=f"Name{n}"))
            )
        except PermanentFailure:
            continue
    return {reply.sender: reply.text for reply in sender.pending_replies()}


def test_people_answer_the_same_in_any_order(rehearsal: Path) -> None:
    first = ask_everybody(rehearsal, list(range(200)))
    (rehearsal / "replies.jsonl").unlink()
    (rehearsal / "replies.read").unlink()
    assert ask_everybody(rehearsal, list(reversed(range(200)))) == first
    assert len(first) > 90


def test_people_who_need_help_ask_for_it_and_the_others_do_not(rehearsal: Path) -> None:
    from borough.messaging.policies import read_reply

    answers = ask_everybody(rehearsal, list(range(200)))
    readings = {sender: read_reply(text) for sender, text in answers.items()}
    helped = [sender for sender, reading in readings.items() if reading == "help"]
    assert len(helped) > 60
    assert all(int(sender[-3:]) % 2 for sender in helped)
    assert set(readings.values()) == {"help", "no", "stop", "other"}


def test_replies_are_given_once_and_each_key_is_answered_once(rehearsal: Path) -> None:
    answers = ask_everybody(rehearsal, list(range(200)))
    assert answers
    assert list(RehearsalResidents(rehearsal).pending_replies()) == []
    assert ask_everybody(rehearsal, list(range(200))) == {}


def test_another_seed_is_another_borough(rehearsal: Path) -> None:
    first = ask_everybody(rehearsal, list(range(200)))
    (rehearsal / "manifest.json").write_text(json.dumps({"seed": 8}))
    rehearsal_residents._model.cache_clear()
    (rehearsal / "replies.jsonl").unlink()
    (rehearsal / "replies.read").unlink()
    assert ask_everybody(rehearsal, list(range(200))) != first


def test_a_shared_phone_is_answered_by_whom_the_message_names(rehearsal: Path) -> None:
    rows = [
        {"person": f"P{n}", "forename": name, "phone": f"+4477009{n:05}", "email": "", "needs": needs, "answers": "1"}
        for n in range(50)
        for name, needs in (("Ada", ""), ("Zed", "dog_walking"))
    ]
    _write(rehearsal / "truth" / "people.csv", rows)
    rehearsal_residents._model.cache_clear()
    sender = RehearsalResidents(rehearsal)
    for n in range(50):
        try:
            sender.send(Outgoing(key=f"k{n}", channel="sms", to=f"+4477009{n:05}", body=CHECK_IN.format(name="Zed")))
        except PermanentFailure:
            continue
    assert sum("dog" in reply.text for reply in sender.pending_replies()) > 40


def test_a_volunteer_opens_the_link_and_chooses(rehearsal: Path) -> None:
    sender = RehearsalResidents(rehearsal)
    sender.send(
        Outgoing(key="o1", channel="sms", to="+447700800001", body="A neighbour needs help. https://x.example/o/abc/")
    )
    visits = list(sender.pending_visits())
    assert [(visit.link, visit.answer) for visit in visits] in (
        [("https://x.example/o/abc/", "accept")],
        [("https://x.example/o/abc/", "decline")],
        [],
    )
    assert list(sender.pending_replies()) == []


def test_residents_say_whether_their_need_was_met(rehearsal: Path) -> None:
    sender = RehearsalResidents(rehearsal)
    for n in range(200):
        body = (
            f"You asked for help. Was your need met? Reply YES, PARTLY or NO, or answer here: https://x.example/f/{n}/"
        )
        try:
            sender.send(Outgoing(key=f"m{n}", channel="sms", to=f"+4477009{n:05}", body=body))
        except PermanentFailure:
            continue
    visits, replies = list(sender.pending_visits()), list(sender.pending_replies())
    assert len(visits) > 50
    assert len(replies) > 50
    assert {visit.answer for visit in visits} == {"yes", "partly", "no"}
    assert sum(visit.answer == "yes" for visit in visits) > 0.7 * len(visits)


def test_a_number_that_nobody_has_is_refused(rehearsal: Path) -> None:
    with pytest.raises(PermanentFailure):
        RehearsalResidents(rehearsal).send(Outgoing(key="k", channel="sms", to="+447700700000", body="Hello"))
