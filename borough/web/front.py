"""Whether the web server in front does what a live borough leaves to it: asked as a stranger would, from outside.

TLS 1.2 or newer alone, with ciphers that keep what was said secret when the key is lost (forward secrecy) and cannot be
changed on the way; a certificate that this machine trusts, as browsers would; no forged header believed.
"""

import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

_WAIT_S = 10
# Without forward secrecy, or without authentication of what is encrypted: none of Mozilla's intermediate ones.
_WEAK = "AES128-SHA:AES256-SHA:AES128-SHA256:AES128-GCM-SHA256:AES256-GCM-SHA384:ECDHE-RSA-AES128-SHA:@SECLEVEL=0"
_YEAR_S = 31_536_000


def front_faults(base_url: str, *, http_port: int = 80) -> Iterator[tuple[str, str]]:
    """(what is wrong, what to do) of the server that answers at this address; nothing where all is well."""
    parts = urlsplit(base_url)
    host, port = parts.hostname or "", parts.port or 443
    if parts.scheme != "https":
        yield f"{base_url} is not https.", "Set BOROUGH_BASE_URL to the address that residents use."
        return
    if said := _certificate_fault(host, port):
        yield said, "Get a certificate that browsers trust, for this name, and have it renewed by itself."
    if _answers(host, port, _context(newest=ssl.TLSVersion.TLSv1_1)):
        yield "The server speaks TLS 1.1 or older.", "Allow TLS 1.2 and 1.3 alone."
    if _answers(host, port, _context(newest=ssl.TLSVersion.TLSv1_2, ciphers=_WEAK)):
        yield "The server takes weak ciphers in TLS 1.2.", "Take those that Mozilla's guideline calls intermediate."
    yield from _headers_faults(host, port)
    yield from _http_faults(host, http_port)


def _certificate_fault(host: str, port: int) -> str:
    try:
        with socket.create_connection((host, port), _WAIT_S) as line:
            ssl.create_default_context().wrap_socket(line, server_hostname=host).close()
    except ssl.SSLCertVerificationError as error:
        return f"The certificate is not trusted: {error.verify_message}."
    except OSError as error:
        return f"{host}:{port} does not answer in TLS ({type(error).__name__})."
    return ""


def _context(*, newest: ssl.TLSVersion, ciphers: str = "ALL:@SECLEVEL=0") -> ssl.SSLContext:
    # Asks what the server would take: whom it belongs to is asked elsewhere.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers(ciphers)
    context.minimum_version, context.maximum_version = ssl.TLSVersion.MINIMUM_SUPPORTED, newest
    return context


def _answers(host: str, port: int, context: ssl.SSLContext) -> bool:
    try:
        with socket.create_connection((host, port), _WAIT_S) as line:
            context.wrap_socket(line, server_hostname=host).close()
    except OSError:
        return False
    return True


def _headers_faults(host: str, port: int) -> Iterator[tuple[str, str]]:
    line = HTTPSConnection(host, port, timeout=_WAIT_S, context=_context(newest=ssl.TLSVersion.MAXIMUM_SUPPORTED))
    try:
        line.request("GET", "/health")
        answer = line.getresponse()
    except (OSError, HTTPException):
        yield "The site does not answer at /health.", "Start it, and have the server in front pass requests on."
        return
    finally:
        line.close()
    if answer.status != 200:
        yield (
            f"/health is answered with {answer.status}.",
            "Have the server in front set X-Forwarded-Proto: https, and look at BOROUGH_HOSTS.",
        )
    said = answer.headers.get("Strict-Transport-Security", "")
    age = next((part.strip()[8:] for part in said.split(";") if part.strip().startswith("max-age=")), "")
    if not age.isdigit() or int(age) < _YEAR_S:
        yield (
            "Browsers are not told to use https for a year.",
            "Have the server in front leave the site's header as it is.",
        )


def _http_faults(host: str, port: int) -> Iterator[tuple[str, str]]:
    """Asked by http as a stranger who says that it came by https: whoever is believed is answered and not led on."""
    line = HTTPConnection(host, port, timeout=_WAIT_S)
    try:
        line.request("GET", "/health", headers={"X-Forwarded-Proto": "https"})
        answer = line.getresponse()
    except (OSError, HTTPException):
        # Nobody listens for http: all the better.
        return
    finally:
        line.close()
    if not (300 <= answer.status < 400 and answer.headers.get("Location", "").startswith("https://")):
        yield (
            "A request by http that says X-Forwarded-Proto: https is believed.",
            "Have the server in front set that header itself, whatever came in.",
        )
