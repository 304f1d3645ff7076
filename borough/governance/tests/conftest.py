"""A browser for each role."""

from collections.abc import Callable

import pytest
from django.test import Client

from borough.accounts.actions import add_user, make_rehearsal_link


@pytest.fixture
def sign_in(open_agreements: None) -> Callable[..., Client]:
    """sign_in(role): a browser of a new member of staff; `name` tells two of one role apart."""

    def client_of(role: str, name: str = "") -> Client:
        client = Client()
        user = add_user(email=f"{name or role}@a.example", name=(name or role).title(), role=role)
        client.get(make_rehearsal_link(user))
        return client

    return client_of
