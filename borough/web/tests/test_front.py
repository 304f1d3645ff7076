"""`borough front` against real servers of this machine, well and badly set up."""

import ssl
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.certificates import write_certificate

HSTS = "max-age=31536000; includeSubDomains; preload"
INTERMEDIATE = "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_certificate(tmp_path_factory.mktemp("certificate") / "both.pem")


Serve = Callable[..., int]


@pytest.fixture
def serve(certificate: Path) -> Iterator[Serve]:
    servers = []

    def start(answer: Callable[[BaseHTTPRequestHandler], tuple[int, dict[str, str]]], **tls: Any) -> int:
        class Front(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers = answer(self)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None: ...

        server = HTTPServer(("127.0.0.1", 0), Front)
        server.handle_error = lambda *args: None  # type: ignore[method-assign]
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            context.set_ciphers(tls["ciphers"])
            context.minimum_version = tls["oldest"]
            server.socket = context.wrap_socket(server.socket, server_side=True)
        servers.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        return int(server.server_port)

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def well(request: BaseHTTPRequestHandler) -> tuple[int, dict[str, str]]:
    return 200, {"Strict-Transport-Security": HSTS}


def led_on(request: BaseHTTPRequestHandler) -> tuple[int, dict[str, str]]:
    return 301, {"Location": "https://localhost/health"}


def ask(port: int, http_port: int) -> str:
    said = StringIO()
    try:
        call_command("front", "--address", f"https://localhost:{port}", "--http-port", str(http_port), stdout=said)
    except CommandError as error:
        return str(error)
    return said.getvalue()


GOOD = {"ciphers": INTERMEDIATE, "oldest": ssl.TLSVersion.TLSv1_2}


def test_a_server_that_does_what_it_should_is_told_so(
    serve: Serve, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert ask(serve(well, **GOOD), serve(led_on)) == "The server in front does what it should.\n"


def test_a_certificate_that_nobody_trusts_is_found(serve: Serve) -> None:
    said = ask(serve(well, **GOOD), serve(led_on))
    assert said.startswith("The certificate is not trusted: self-signed certificate")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("tls", "says"),
    [
        ({"ciphers": "ALL:@SECLEVEL=0", "oldest": ssl.TLSVersion.TLSv1}, "TLS 1.1 or older"),
        ({"ciphers": f"{INTERMEDIATE}:AES128-SHA", "oldest": ssl.TLSVersion.TLSv1_2}, "weak ciphers"),
        ({"ciphers": f"{INTERMEDIATE}:AES256-GCM-SHA384", "oldest": ssl.TLSVersion.TLSv1_2}, "weak ciphers"),
    ],
)
def test_old_versions_and_weak_ciphers_are_found(serve: Serve, tls: dict[str, Any], says: str) -> None:
    assert says in ask(serve(well, **tls), serve(led_on))


def test_a_forged_header_that_is_believed_is_found(serve: Serve) -> None:
    def believes(request: BaseHTTPRequestHandler) -> tuple[int, dict[str, str]]:
        return well(request) if request.headers["X-Forwarded-Proto"] == "https" else led_on(request)

    assert "is believed" in ask(serve(well, **GOOD), serve(believes))


@pytest.mark.parametrize("headers", [{}, {"Strict-Transport-Security": "max-age=60"}])
def test_a_header_that_was_lost_is_found(serve: Serve, headers: dict[str, str]) -> None:
    assert "use https for a year" in ask(serve(lambda request: (200, headers), **GOOD), serve(led_on))


def test_a_site_that_is_not_there_or_led_in_circles_is_found(serve: Serve) -> None:
    assert "does not answer" in ask(1, 1)
    assert "answered with 301" in ask(serve(led_on, **GOOD), 1)
    with pytest.raises(CommandError, match="not https"):
        call_command("front", "--address", "http://localhost")
