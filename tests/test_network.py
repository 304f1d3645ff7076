import socket

import pytest


def test_a_test_cannot_reach_beyond_this_machine() -> None:
    with socket.socket() as far, pytest.raises(AssertionError, match="tried to reach"):
        far.connect(("192.0.2.1", 80))
