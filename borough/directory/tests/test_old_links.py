"""Links that were mailed before each had a row of its own carry the id of their question. They go on working."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse

from borough.common import clock
from borough.common.links import make_token
from borough.directory.answering import LINK
from borough.directory.models import Confirmation, ConfirmationLink, Service
from borough.directory.tests.test_kept_true import DAY, START, Mailbox, asked_after, directory, mailbox

__all__ = ["directory", "mailbox"]

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = ("directory", "0008_links_to_listings")


@pytest.fixture
def back() -> Iterator[Any]:
    """The tables as they were before the links that were out were given rows; whatever happens, forward at the end."""
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes("directory")
    executor.migrate([BEFORE])

    def forward() -> None:
        again = MigrationExecutor(connection)
        again.migrate(newest)

    yield forward
    forward()


def asked(chased: datetime | None = None) -> tuple[str, str]:
    """A question as it was kept then, without a link of its own: (id, the path that was mailed)."""
    asked_after(183)
    ConfirmationLink.objects.all().delete()
    question = Confirmation.objects.get()
    Confirmation.objects.update(chased_at=chased)
    return question.pk, reverse("directory:still_right", args=[make_token(LINK, question.pk)])


def test_a_link_that_was_out_asks_for_a_code_and_confirms(client: Client, mailbox: Mailbox, back: Any) -> None:
    _id, path = asked()
    with clock.at(START + 190 * DAY):
        # Not kept, it would open nothing.
        assert client.get(path).status_code == 404
        back()
        page = client.get(path).content.decode()
        assert "b…@example.org" in page
        assert "Food bank" not in page
        mailbox.open(client, path)
        assert "Your listing is confirmed" in client.post(path, {"confirm": "yes"}, follow=True).content.decode()
        assert Service.objects.get(pk="S1").confirmed_at == START + 190 * DAY


def test_it_is_as_old_as_the_letter_that_it_stood_in(mailbox: Mailbox, back: Any) -> None:
    question, _path = asked(chased=START + 366 * DAY)
    back()
    assert list(ConfirmationLink.objects.values_list("nonce", "made_at")) == [(question, START + 366 * DAY)]


def test_a_question_that_was_answered_has_no_link(mailbox: Mailbox, back: Any) -> None:
    asked()
    apps.get_model("directory", "Confirmation").objects.update(answered_at=START + 184 * DAY)
    back()
    assert not ConfirmationLink.objects.exists()
