"""The alert of emergency access tells officers of a reference, and of nobody."""

from typing import Any

import pytest

from borough.accounts.actions import add_user
from borough.accounts.policies import CONTACT_WORKER, IG_OFFICER, Viewer
from borough.common import clock
from borough.common.jobs import run_pending
from borough.governance.actions import break_glass
from borough.messaging.tests.conftest import Post

pytestmark = pytest.mark.django_db


def test_every_officer_is_told_at_once_by_a_reference_alone(alice: Viewer, post: Post, noon: Any) -> None:
    add_user(email="ivy@a.example", name="Ivy", role=IG_OFFICER)
    add_user(email="ian@a.example", name="Ian", role=IG_OFFICER)
    add_user(email="grace@a.example", name="Grace", role=CONTACT_WORKER)
    with clock.at(noon.replace(hour=3)):
        reference = break_glass(by=alice, reason="Ada Lovelace fell.", resident_id="R7K2M9")
        run_pending()
    assert sorted(one.to for one in post.sent) == ["ian@a.example", "ivy@a.example"]
    for one in post.sent:
        assert reference in one.body
        assert not any(word in one.subject + one.body for word in ("Ada", "fell", "R7K2M9", "Alice"))
