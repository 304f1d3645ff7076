"""Another borough's signature on our chain: exchanged over http, checked offline, and what it finds out."""

import json
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from borough.accounts.policies import Viewer
from borough.common.errors import NotAllowed, Problem
from borough.governance.actions import add_witness, co_sign
from borough.governance.door import open_door
from borough.governance.ledger.exporting import export_ledger, verify_export
from borough.governance.ledger.models import CoSignature, Witness
from borough.governance.ledger.sealing import seal_ledger
from borough.governance.ledger.signing import Seen, is_signed, own_public_key, sign
from borough.governance.ledger.verifying import verify_ledger
from borough.governance.ledger.witnessing import ask_witnesses
from borough.governance.models import Seal


@pytest.fixture
def chain(system: Viewer, settings: Any, tmp_path: Path) -> None:
    settings.SEAL_KEY = tmp_path / "seal_key"
    look(system)


def look(system: Viewer) -> None:
    open_door(viewer=system, purpose="residents-index", verb="residents.load_extract").saw(["R1"])
    seal_ledger()


def said(number: int = 1, head: str = "a" * 64, **changes: Any) -> dict[str, Any]:
    """What a borough sends that asks for a signature: this one, to itself."""
    seen = Seen("Alderbrook", number, head, "2026-11-28T12:00:00+00:00", "Alderbrook")
    asked = {"borough": seen.borough, "number": number, "head": head, "at": seen.at}
    return asked | {"key": own_public_key(), "signature": sign(seen)} | changes


@pytest.mark.django_db(transaction=True)
def test_a_seal_is_signed_over_http_and_verified_without_the_database(
    chain: None, system: Viewer, live_server: Any, tmp_path: Path, capsys: Any
) -> None:
    add_witness(by=system, name="Alderbrook", public_key=own_public_key(), address=live_server.url)
    assert ask_witnesses() == 1
    assert ask_witnesses() == 0
    assert verify_ledger().co_signed == {(CoSignature.objects.get().witness, own_public_key()): 1}
    file = tmp_path / "ledger.jsonl"
    export_ledger(file)
    call_command("ledger", "verify", str(file))
    assert f"Co-signed up to batch 1 by {CoSignature.objects.get().witness}, whose key must be {own_public_key()}" in (
        capsys.readouterr().out
    )
    lines = file.read_text().splitlines()
    forged = json.loads(lines[-1]) | {"head": "b" * 64}
    file.write_text("\n".join([*lines[:-1], json.dumps(forged)]) + "\n")
    with pytest.raises(CommandError, match=r"batch 1: the co-signature of .* was changed"):
        call_command("ledger", "verify", str(file))


def test_a_chain_made_anew_is_found_by_the_signature_on_the_old_one(chain: None, tmp_path: Path) -> None:
    old = Seal.objects.get()
    answer = Seen("Alderbrook", 1, "c" * 64, "2026-11-28T12:00:00+00:00", "Elsewhere")
    CoSignature.objects.create(
        borough=answer.borough,
        number=1,
        head=answer.head,
        at=answer.at,
        witness=answer.signer,
        key=own_public_key(),
        signature=sign(answer),
    )
    assert verify_ledger().faults == ["batch 1: Elsewhere signed another head: the chain was made anew"]
    file = tmp_path / "ledger.jsonl"
    export_ledger(file)
    assert verify_export(file).faults == verify_ledger().faults
    assert old.head != answer.head


def test_two_heads_of_one_batch_are_not_both_signed_nor_an_older_batch(chain: None, system: Viewer) -> None:
    add_witness(by=system, name="Alderbrook", public_key=own_public_key())
    first = co_sign(said())
    seen = Seen(first["borough"], 1, first["head"], first["at"], first["witness"])
    assert is_signed(seen, first["signature"], own_public_key())
    assert co_sign(said())["head"] == first["head"]
    co_sign(said(number=3))
    for other in (said(head="b" * 64), said(number=2)):
        with pytest.raises(Problem, match="another head"):
            co_sign(other)


@pytest.mark.parametrize("forged", [{"head": "b" * 64}, {"number": 2}, {"key": "x" * 44}, {"signature": "AAAA"}])
def test_what_is_not_signed_by_a_partner_is_not_signed_by_us(
    forged: dict[str, Any], chain: None, system: Viewer
) -> None:
    add_witness(by=system, name="Alderbrook", public_key=own_public_key())
    with pytest.raises(NotAllowed):
        co_sign(said() | forged)


def test_a_stranger_is_answered_with_a_refusal_and_nonsense_by_field(chain: None) -> None:
    stranger = Client().post("/api/seals/witness", json.dumps(said()), content_type="application/json")
    assert stranger.status_code == 403
    nonsense = Client().post("/api/seals/witness", json.dumps(said(head="x")), content_type="application/json")
    assert nonsense.status_code == 422


@pytest.mark.parametrize("answer", [{}, {"head": "b" * 64}, "no"])
def test_a_witness_that_answers_wrongly_is_not_believed(
    answer: Any, chain: None, system: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_witness(by=system, name="Elsewhere", public_key=own_public_key(), address="http://localhost:1")
    assert ask_witnesses() == 0
    from borough.governance.ledger import witnessing

    right = co_sign(said(head=Seal.objects.get().head))

    class Answer:
        def __enter__(self) -> "Answer":
            return self

        def __exit__(self, *error: object) -> None: ...

        def read(self, most: int) -> bytes:
            return json.dumps(right | answer if isinstance(answer, dict) and answer else answer).encode()

    monkeypatch.setattr(witnessing._opener, "open", lambda *args, **kwargs: Answer())
    assert ask_witnesses() == 0
    assert not CoSignature.objects.exists()


def test_a_witness_that_leads_elsewhere_is_not_followed(chain: None, system: Viewer) -> None:
    asked: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://localhost:{server.server_port}"
        add_witness(by=system, name="Elsewhere", public_key=own_public_key(), address=address)
        assert ask_witnesses() == 0
        server.shutdown()
    assert asked == ["/api/seals/witness"]


def test_a_live_borough_is_asked_over_https_alone(chain: None, system: Viewer, settings: Any) -> None:
    settings.REHEARSAL = False
    with pytest.raises(Problem, match="https"):
        add_witness(by=system, name="Elsewhere", public_key="x", address="http://elsewhere.example")
    settings.REHEARSAL = True
    with pytest.raises(Problem, match="https"):
        add_witness(by=system, name="Elsewhere", public_key="x", address="file:///etc/passwd")
    assert not Witness.objects.exists()


def test_a_co_signature_cannot_be_changed(chain: None) -> None:
    answer = Seen("Alderbrook", 1, "c" * 64, "2026-11-28T12:00:00+00:00", "Elsewhere")
    kept = CoSignature.objects.create(
        borough="Alderbrook", number=1, head=answer.head, at=answer.at, witness="Elsewhere", key="k", signature="s"
    )
    for change in ("UPDATE governance_cosignature SET head = ''", "DELETE FROM governance_cosignature"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    kept.refresh_from_db()
    assert replace(answer).head == kept.head
