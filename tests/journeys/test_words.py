"""Nothing that the site says escapes gettext: the pages in a made-up language, where untranslated words stand out."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from borough.accounts.policies import STAFF_ROLES
from tests.journeys.crawl import walk
from tests.journeys.look import DESK
from tests.journeys.test_every_page import starts
from tests.journeys.world import World, build_world

# Where a page speaks for itself. Headings, cells, values and options may hold what people and systems wrote.
SPOKEN = "label, legend, th, dt, button, nav a, .govuk-hint, .govuk-error-message, .govuk-tag"
# What stands in such places but is somebody's words: names of sources, services, residents.
SILENT = ".house-data, .house-data *, nav .govuk-back-link"
REFERENCE = re.compile(r"[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A borough that no other journey has changed, served in the made-up language."""
    with build_world(tmp_path_factory.mktemp("words"), "tests.journeys.settings_pseudo") as built:
        yield built


def plain_words(page: Page) -> list[str]:
    """Texts of the page's own parts in which no bracket stands."""
    texts = page.eval_on_selector_all(
        SPOKEN, "(all, silent) => all.filter(e => !e.matches(silent)).map(e => e.textContent.trim())", SILENT
    )
    spoken = [text for text in texts if any(c.isalpha() for c in REFERENCE.sub("", text))]
    return [f"{page.url}: {text!r}" for text in spoken if "⟦" not in text]


@pytest.mark.parametrize("person", ["", *STAFF_ROLES, "partner"], ids=lambda person: person or "public")
def test_every_word_goes_through_gettext(browser: Browser, elsewhere: World, person: str) -> None:
    page = browser.new_page(base_url=elsewhere.address, viewport=DESK, locale="en-GB")  # type: ignore[arg-type]
    if person:
        page.goto(elsewhere.links[person])
        if "/purpose/" in page.url:
            page.locator("input[type=radio]").first.check()
            page.locator("main button").first.click()
    found = [words for _ in walk(page, *starts(elsewhere, person)) for words in plain_words(page)]
    page.close()
    assert found == []
