"""Walks a site as one person: every page that a link leads to, a few of each kind."""

from collections import Counter, deque
from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

from django.urls import Resolver404, get_resolver, resolve
from django.urls.resolvers import URLPattern, URLResolver
from playwright.sync_api import Page

EACH_KIND = 2


def kind_of(address: str) -> str:
    """The name of the page at this address, such as residents:resident; empty when there is none."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def walk(page: Page, *starts: str) -> Iterator[str]:
    """Open each start, then what it links to. Yields each page's kind while the page is open.

    Downloads and other sites are left out, and so are further pages of a kind that was seen twice.
    """
    waiting, seen, kinds = deque(starts), set(starts), Counter[str]()
    while waiting:
        address = waiting.popleft()
        kind = kind_of(address)
        if kinds[kind] >= EACH_KIND:
            continue
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, f"{address} answered {answer.status}"
        arrived = kind_of(page.url)
        kinds[kind] += 1
        if arrived != kind:
            if kinds[arrived] >= EACH_KIND:
                continue
            kinds[arrived] += 1
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


def kinds_of_pages() -> set[str]:
    """The names of all addresses of the site."""
    names: set[str] = set()

    def collect(resolver: URLResolver, namespace: str) -> None:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                collect(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
            elif isinstance(entry, URLPattern) and entry.name:
                names.add(namespace + entry.name)

    collect(get_resolver(), "")
    return names
