"""Screenshots at desk and phone width, for eyes: axe does not see what is ugly.

In a journey, `look(page, "name")` saves one when the environment's BOROUGH_LOOK names a folder. From the command line
it opens pages of the database in BOROUGH_HOME, signed in as one role of the rehearsal:

    python -m tests.journeys.look --role analyst --out /tmp/look /residents/ /insight/
"""

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, Route, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK, PHONE = {"width": 1200, "height": 900}, {"width": 360, "height": 740}


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


def stay_on_this_machine(route: Route) -> None:
    """Refuse whatever a page asks of the outside world."""
    host = route.request.url.split("/")[2].rsplit(":", 1)[0]
    if host in ("localhost", "127.0.0.1"):
        route.continue_()
    else:
        route.abort()


def look(page: Page, name: str) -> None:
    """Save this page at both widths under the folder that BOROUGH_LOOK names, if it names one."""
    if folder := os.environ.get("BOROUGH_LOOK"):
        before = page.viewport_size
        for word, size in (("desk", DESK), ("phone", PHONE)):
            page.set_viewport_size(size)
            page.screenshot(path=Path(folder) / f"{name}-{word}.png", full_page=True)
        page.set_viewport_size(before or DESK)


@contextmanager
def serve() -> Iterator[str]:
    """This process's Django on a free port of the loopback, with its static files unhashed. Gives the address."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.wsgi import get_wsgi_application
    from django.test.testcases import LiveServerThread

    thread = LiveServerThread("127.0.0.1", lambda _: StaticFilesHandler(get_wsgi_application()))
    thread.static_handler = lambda handler: StaticFilesHandler(get_wsgi_application())
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    try:
        yield f"http://127.0.0.1:{thread.port}"
    finally:
        thread.terminate()


def say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--role", default="", help="a role of the rehearsal, such as analyst; none is the public")
    parser.add_argument("--purpose", default="", help="code of the purpose, where the role has several")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("addresses", nargs="+")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    os.environ["BOROUGH_LOOK"] = str(asked.out)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "borough.web.settings")
    from django.conf import settings

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    import django

    django.setup()
    from borough.accounts.actions import make_rehearsal_link
    from borough.accounts.queries import list_staff

    with serve() as address, sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport=DESK)
        page.route("**/*", stay_on_this_machine)
        page.on("console", lambda message: say(message.text) if message.type in ("error", "warning") else None)
        if asked.role:
            page.goto(address + make_rehearsal_link(list_staff(roles=[asked.role])[0][0]))
            if "/purpose/" in page.url:
                wanted = f"input[value='{asked.purpose}']" if asked.purpose else "input[type=radio]"
                page.locator(wanted).first.check()
                page.get_by_role("button", name="Continue").click()
        for one in asked.addresses:
            answer = page.goto(address + one)
            say(str(answer.status if answer else "-"), page.url)
            wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            page.set_viewport_size(PHONE)
            narrow = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            page.set_viewport_size(DESK)
            if wide or narrow:
                say("  scrolls sideways:", "desk" if wide else "", "phone" if narrow else "")
            look(page, one.strip("/").replace("/", "_").replace("?", "_") or "home")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
