"""What every journey has: a small borough that is being served, and a browser that complains."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.journeys.look import CHROMIUM, DESK, launch, stay_on_this_machine
from tests.journeys.world import World, build_world

Visit = Callable[..., Page]
_used: list[str] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("chromium")
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium: apt-get install chromium"))


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with build_world(tmp_path_factory.mktemp("journeys")) as built:
        yield built


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


def open_own_page(page: Page, world: World) -> None:
    """As the resident whose page it is: by a link that works once, and their date of birth."""
    _used.append(world.facts["own_links"].split()[len(_used)])
    page.goto(_used[-1])
    for name, part in zip(("year", "month", "day"), world.facts["born_on"].split("-"), strict=True):
        page.locator(f"#id_born_on-{name}").fill(part)
    page.get_by_role("button", name="Show my page").click()
    assert page.url.endswith("/my-record/")


@pytest.fixture
def visit(browser: Browser, world: World) -> Iterator[Visit]:
    """visit("/path", role="analyst", phone=True): a page in a browser of that person's own.

    The test fails if any page asked another site for something, broke the content policy, or raised a script error.
    """
    complaints: list[str] = []
    contexts = []

    def listen(page: Page) -> None:
        def note(message: ConsoleMessage) -> None:
            # A page that is not found is some journeys' aim; everything else on the console is a fault.
            if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
                complaints.append(f"{page.url}: {message.text}")

        def note_failure(request: Request) -> None:
            # A page that is left while its icon loads aborts it.
            if request.failure != "net::ERR_ABORTED":
                complaints.append(f"{page.url}: could not get {request.url}")

        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("requestfailed", note_failure)

    def open_page(path: str = "/", *, role: str = "", purpose: str = "", size: dict[str, int] = DESK) -> Page:
        context = browser.new_context(base_url=world.address, viewport=size, locale="en-GB")  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.route("**/*", stay_on_this_machine)
        listen(page)
        if role == "resident":
            open_own_page(page, world)
        elif role:
            page.goto(world.links[role])
            if "/purpose/" in page.url:
                page.locator(f"input[value='{purpose}']" if purpose else "input[type=radio]").first.check()
                page.get_by_role("button", name="Continue").click()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
