"""Another borough co-signs the head of our chain, and we of theirs: whoever makes a chain anew is found out by a
signature on the old one, which is not in their own hands."""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import IG_OFFICER, SYSTEM, Viewer, check_may_work_as
from borough.common import clock
from borough.common.errors import NotAllowed, Problem
from borough.governance.ledger.models import CoSignature, Witness, Witnessed
from borough.governance.ledger.signing import Seen, is_signed, own_public_key, sign
from borough.governance.models import Seal

log = logging.getLogger("borough.ledger")

PATH = "/api/seals/witness"
# The same worker seals meanwhile.
_WAIT_S = 3
_MOST_BYTES = 10_000


class _NoDetours(HTTPRedirectHandler):
    """A witness that moved tells us so by its people, not by leading us elsewhere."""

    def redirect_request(self, *args: Any) -> None:
        return None


_opener = build_opener(_NoDetours)


@dataclass(frozen=True)
class Signed:
    """A head that a witness saw, as kept beside our chain or in an export of it."""

    borough: str
    number: int
    head: str
    at: str
    witness: str
    key: str
    signature: str

    def holds(self) -> bool:
        return is_signed(Seen(self.borough, self.number, self.head, self.at, self.witness), self.signature, self.key)


SIGNED_FIELDS = ("borough", "number", "head", "at", "witness", "key", "signature")


def add_witness(*, by: Viewer, name: str, public_key: str, address: str = "") -> None:
    """Exchange signatures with this borough from now on. `public_key` is what its `borough ledger key` prints."""
    check_may_work_as(by, IG_OFFICER, SYSTEM)
    schemes = ("https://", "http://") if settings.REHEARSAL else ("https://",)
    if address and not address.startswith(schemes):
        raise Problem(_("The address does not begin with https://."), _("Ask the other borough for its address."))
    Witness.objects.update_or_create(
        name=name,
        defaults={"address": address, "public_key": public_key, "added_at": clock.now(), "added_by": by.name},
    )


def co_sign(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Sign a head for the borough that asks. Raises NotAllowed for who is no partner or did not sign, and Problem for a
    head that goes against one that we signed before."""
    seen = Seen(asked["borough"], asked["number"], asked["head"], asked["at"], asked["borough"])
    partner = Witness.objects.filter(public_key=asked["key"]).first()
    if partner is None or not is_signed(seen, asked["signature"], asked["key"]):
        raise NotAllowed(_("We do not sign for you."), _("Have your key added here first."))
    with transaction.atomic():
        signed = Witnessed.objects.filter(key=partner.public_key)
        before = signed.order_by("-number").select_for_update().first()
        same = signed.filter(number=seen.number).first()
        if (same and same.head != seen.head) or (before and not same and before.number > seen.number):
            raise Problem(
                _("We signed another head of your chain before."), _("Verify your ledger: it may have been made anew.")
            )
        if not same:
            Witnessed.objects.create(key=partner.public_key, number=seen.number, head=seen.head, at=clock.now())
    answer = Seen(seen.borough, seen.number, seen.head, clock.now().isoformat(), settings.AUTHORITY.name)
    return {
        "borough": answer.borough,
        "number": answer.number,
        "head": answer.head,
        "at": answer.at,
        "witness": answer.signer,
        "key": own_public_key(),
        "signature": sign(answer),
    }


def ask_witnesses() -> int:
    """Have the newest seal co-signed by every witness that has an address: a worker does it every ten minutes.

    One that does not answer, or not rightly, is asked again the next time. Returns how many signed.
    """
    newest = Seal.objects.order_by("-number").first()
    if newest is None:
        return 0
    signed = 0
    done = set(CoSignature.objects.filter(number=newest.number).values_list("key", flat=True))
    for witness in Witness.objects.exclude(address="").exclude(public_key__in=done):
        try:
            answer = _ask(witness, newest)
        except (OSError, HTTPException, ValueError, KeyError, TypeError) as error:
            log.warning("witness %s did not sign batch %d (%s)", witness.pk, newest.number, type(error).__name__)
            continue
        is_ours = (answer.number, answer.head, answer.key) == (newest.number, newest.head, witness.public_key)
        if not is_ours or not answer.holds():
            log.warning("witness %s signed batch %d wrongly", witness.pk, newest.number)
            continue
        CoSignature.objects.create(**{name: getattr(answer, name) for name in SIGNED_FIELDS})
        signed += 1
    return signed


def all_signed() -> Iterator[Signed]:
    """Every co-signature of our chain, in its order."""
    rows = CoSignature.objects.order_by("number", "id").values_list(*SIGNED_FIELDS)
    return (Signed(*row) for row in rows.iterator(chunk_size=1000))


def faults_of_signatures(signed: Iterable[Signed], heads: Mapping[int, str]) -> Iterator[str]:
    """A fault in words for each co-signature that does not hold, or is of another head than `heads` (batch → head)."""
    for one in signed:
        if not one.holds():
            yield f"batch {one.number}: the co-signature of {one.witness} was changed"
        elif heads.get(one.number) != one.head:
            yield f"batch {one.number}: {one.witness} signed another head: the chain was made anew"


def _ask(witness: Witness, seal: Seal) -> Signed:
    seen = Seen(settings.AUTHORITY.name, seal.number, seal.head, clock.now().isoformat(), settings.AUTHORITY.name)
    body = {
        "borough": seen.borough,
        "number": seen.number,
        "head": seen.head,
        "at": seen.at,
        "key": own_public_key(),
        "signature": sign(seen),
    }
    request = Request(  # noqa: S310 (add_witness took https alone, but for a rehearsal)
        witness.address.rstrip("/") + PATH, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with _opener.open(request, timeout=_WAIT_S) as answer:
        said = json.loads(answer.read(_MOST_BYTES))
    return Signed(**{name: said[name] for name in SIGNED_FIELDS})
