"""Must not leak a word beyond the rehearsal's own folder: its people are made up, its code would carry real ones too.

Phones and mailboxes of the made-up residents and volunteers. What they answer waits in the folder until the rehearsal
brings it to the house by the doors that real answers take: `pending_replies` are messages for
`messaging.actions.receive_message`, `pending_visits` are links that somebody opened, and what they chose there.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from borough.adapters.rehearsal_residents.behaviour import BehaviourModel
from borough.common import clock
from borough.common.identifiers import clean_email, clean_phone
from borough.messaging.ports import Outgoing, PermanentFailure, Receipt


@dataclass(frozen=True)
class PendingReply:
    """A message on its way to us, with the arguments of `receive_message`."""

    channel: str
    sender: str
    text: str
    provider_id: str
    at: datetime


@dataclass(frozen=True)
class PendingVisit:
    """Somebody opened the link in their message. `answer`: yes, partly or no (residents); accept or decline."""

    link: str
    answer: str
    visit_id: str
    at: datetime


class RehearsalResidents:
    """`folder` is what `write_rehearsal` wrote; by default `rehearsal` in the house's home."""

    channels = frozenset({"sms", "email"})
    idempotent = True

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or settings.HOME / "rehearsal"
        people = self.folder / "truth" / "people.csv"
        self._model = _model(self.folder, people.stat().st_mtime_ns)

    def send(self, outgoing: Outgoing) -> Receipt:
        clean = {"sms": clean_phone, "email": clean_email}.get(outgoing.channel)
        address = clean(outgoing.to) if clean else None
        if address is None or not self._model.is_in_use(address):
            raise PermanentFailure("bad_address")
        name = "rehearsal-" + hashlib.sha256(outgoing.key.encode()).hexdigest()[:24]
        answer = self._model.answer(address, f"{outgoing.subject}\n{outgoing.body}")
        if answer is not None:
            at = clock.now() + timedelta(minutes=answer.minutes)
            if answer.link:
                visit = PendingVisit(link=answer.link, answer=answer.text, visit_id=name, at=at)
                self._write("visits", asdict(visit))
            else:
                reply = PendingReply(outgoing.channel, address, answer.text, name, at)
                self._write("replies", asdict(reply))
        return Receipt(name)

    def close(self) -> None:
        """Each answer is written when it is given; nothing is held open."""

    def pending_replies(self) -> Iterator[PendingReply]:
        """The messages that came since the last time this was read to its end."""
        for row in self._read("replies", "provider_id"):
            yield PendingReply(**row)

    def pending_visits(self) -> Iterator[PendingVisit]:
        """The links opened since the last time this was read to its end."""
        for row in self._read("visits", "visit_id"):
            yield PendingVisit(**row)

    def say_how_they_are(self, case_id: str, *, helped: bool) -> dict[str, int]:
        """What the person of this case answers to the questions about wellbeing, on the phone or on their page."""
        return self._model.say_how_they_are(case_id, helped=helped)

    def _write(self, box: str, row: dict[str, Any]) -> None:
        line = json.dumps({**row, "at": row["at"].isoformat()}, ensure_ascii=False)
        # One short write at the end of the file: two workers do not cut into each other's lines.
        with (self.folder / f"{box}.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def _read(self, box: str, name: str) -> Iterator[dict[str, Any]]:
        path, mark = self.folder / f"{box}.jsonl", self.folder / f"{box}.read"
        if not path.exists():
            return
        start = int(mark.read_text()) if mark.exists() else 0
        seen: set[str] = set()
        with path.open("rb") as file:
            for line in iter(file.readline, b""):
                row = json.loads(line)
                # The same message tried twice was answered once.
                if row[name] not in seen and file.tell() > start:
                    yield {**row, "at": datetime.fromisoformat(row["at"])}
                seen.add(row[name])
            mark.write_text(str(file.tell()))


@lru_cache(maxsize=2)
def _model(folder: Path, changed_ns: int) -> BehaviourModel:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return BehaviourModel.from_files(
        seed=int(manifest["seed"]),
        people=folder / "truth" / "people.csv",
        volunteers=folder / "volunteers.csv",
        services=folder / "services.json",
    )
