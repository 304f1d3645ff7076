"""Walks a site as one person: every page that a link leads to, one of each kind."""

from collections import deque
from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

from django.urls import Resolver404, get_resolver, resolve, reverse
from django.urls.converters import IntConverter
from django.urls.resolvers import URLPattern, URLResolver
from playwright.sync_api import Page


def kind_of(address: str) -> str:
    """The name of the page at this address, such as residents:resident; empty when there is none."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def walk(page: Page, *starts: str, sending: bool = False) -> Iterator[str]:
    """Open each start, then what it links to. Yields each page's kind while the page is open.

    Downloads and other sites are left out, and so are further pages of a kind that was seen. `sending`: forms are sent
    on the way, by this walk and by those before it, so that a step which one page offers may be over (409).
    """
    answers = (200, 403, 409) if sending else (200, 403)
    waiting, seen, kinds = deque(starts), set(starts), set[str]()
    while waiting:
        address = waiting.popleft()
        kind = kind_of(address)
        if kind in kinds:
            continue
        answer = page.goto(address)
        assert answer is not None
        assert answer.status in answers, f"{address} answered {answer.status}"
        # Refused for this purpose: a page too, which says what to do, but not the one that was asked for.
        arrived = kind_of(page.url) if answer.status == 200 else f"refused {kind}"
        kinds.add(kind)
        if arrived != kind and arrived in kinds:
            continue
        kinds.add(arrived)
        # Before the caller does anything that leads away from the page.
        links = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(a => a.href)")
        yield arrived
        for link in links:
            found = urldefrag(link).url
            parts = urlsplit(found)
            same_site = parts.netloc == urlsplit(address if "//" in address else page.url).netloc
            if parts.scheme == "http" and same_site and found not in seen and "format=csv" not in parts.query:
                seen.add(found)
                waiting.append(found)


def kinds_of_pages() -> dict[str, str]:
    """The name of every address of the site, and one such address, of a thing that is not there."""
    found: dict[str, str] = {}

    def collect(resolver: URLResolver, namespace: str) -> None:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                collect(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
            elif isinstance(entry, URLPattern) and entry.name:
                parts = entry.pattern.converters.items()
                numbers = {name: 999_999 if isinstance(one, IntConverter) else "nothing" for name, one in parts}
                found[namespace + entry.name] = reverse(namespace + entry.name, kwargs=numbers)

    collect(get_resolver(), "")
    return found
