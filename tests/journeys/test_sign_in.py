"""A member of staff signs in with a password and a code, chooses a purpose, and signs out."""

import re
import time

import pyotp
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.look import PHONE, look
from tests.journeys.test_every_page import faults
from tests.journeys.world import PASSWORD, World


def test_first_sign_in_with_an_authenticator_app(visit: Visit, world: World) -> None:
    said = world.run("add-staff", "--email", "new@alderbrook.example", "--name", "New Analyst", "--role", "analyst")
    given = said.partition("password: ")[2].partition("\n")[0]
    page = visit("/staff/")
    expect(page).to_have_title(re.compile("^Sign in"))
    look(page, "sign-in")
    page.get_by_label("Email address").fill("new@alderbrook.example")
    page.get_by_label("Password", exact=True).fill(given)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your authenticator app")
    look(page, "authenticator")
    key = page.locator(".house-key").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(pyotp.TOTP(key).at(time.time()))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose your password")
    look(page, "first-password")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose your purpose")
    look(page, "purpose")
    page.get_by_label("Find who may need help").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What needs you today")
    expect(page.get_by_text("Purpose: Find who may need help")).to_be_visible()
    look(page, "today-analyst")
    page.get_by_role("link", name="your account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    expect(page.get_by_text("Authenticator app set up", exact=True)).to_be_visible()
    expect(page.get_by_text("Chrome on Linux")).to_be_visible()
    look(page, "account")
    page.get_by_role("link", name="Change your password").click()
    page.get_by_role("button", name="Change password").click()
    expect(page).to_have_title(re.compile("^Error: Change your password"))
    look(page, "password")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Help in your area")
    page.goto("/staff/")
    expect(page).to_have_title(re.compile("^Sign in"))


def test_what_was_typed_while_the_session_ended_is_sent_after_signing_in(visit: Visit, world: World) -> None:
    key = world.ask(
        "import pyotp\n"
        "from borough.accounts.actions import add_user\n"
        "from borough.accounts.models import User\n"
        "from borough.common import clock\n"
        f"who = add_user(email='slow@alderbrook.example', name='Slow', role='ig_officer', password={PASSWORD!r})\n"
        "key = pyotp.random_base32()\n"
        "User.objects.filter(pk=who).update(totp_secret=key, totp_confirmed_at=clock.now())\n"
        "print(key)"
    ).split()[-1]

    def sign_in(page: Page) -> None:
        page.get_by_label("Email address").fill("slow@alderbrook.example")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Continue").click()
        page.get_by_label("Code").fill(pyotp.TOTP(key).at(time.time()))
        page.get_by_role("button", name="Sign in").click()
        if "/purpose/" in page.url:
            page.locator("input[type=radio]").first.check()
            page.get_by_role("button", name="Continue").click()

    def end_session(seconds: int = 3600) -> None:
        """As if so long had gone by."""
        world.ask(
            "from importlib import import_module\n"
            "from django.conf import settings\n"
            "from borough.accounts.models import SignIn, User\n"
            "store = import_module(settings.SESSION_ENGINE).SessionStore\n"
            "User.objects.filter(email='slow@alderbrook.example').update(totp_last_step=0)\n"
            "for one in SignIn.objects.filter(user__email='slow@alderbrook.example'):\n"
            "    session = store(one.session_key)\n"
            f"    session['used'] -= {seconds}\n"
            "    session.save()\n"
        )

    page = visit("/staff/")
    page.clock.install()
    sign_in(page)
    page.goto(f"{world.address}/governance/organisations/new/")
    page.get_by_label("Name", exact=True).fill("Friends of the ford")
    end_session()
    # Nobody presses anything: the page goes by itself, with what was typed.
    page.clock.fast_forward("31:00")
    expect(page).to_have_title(re.compile("^Sign in"))
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("You were signed out before this was saved")
    expect(page.get_by_text("Friends of the ford")).to_be_visible()
    assert faults(page, Axe()) == []
    look(page, "typed")
    page.get_by_role("button", name="Send it now").click()
    expect(page).to_have_title(re.compile("^Error:"))
    expect(page.get_by_label("Name", exact=True)).to_have_value("Friends of the ford")
    # A session that another tab used goes on; one that is over takes the page from the screen.
    page.goto(f"{world.address}/governance/agreements/")
    page.clock.fast_forward("31:00")
    expect(page.get_by_role("heading", level=1)).to_have_text("Agreements")
    # Who is warned may stay.
    end_session(1700)
    page.clock.fast_forward("31:00")
    expect(page.get_by_role("alert")).to_contain_text("You will be signed out in 2 minutes")
    assert faults(page, Axe()) == []
    look(page, "stay")
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_role("alert")).to_be_hidden()
    end_session()
    page.clock.fast_forward("31:00")
    expect(page).to_have_title(re.compile("^Sign in"))


def test_a_wrong_password_says_so_first_and_links_to_the_field(visit: Visit) -> None:
    page = visit("/sign-in/")
    page.get_by_label("Email address").fill("nobody@alderbrook.example")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_title(re.compile("^Error: Sign in"))
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Password", exact=True)).to_be_focused()


def test_the_keyboard_skips_to_the_content(visit: Visit) -> None:
    page = visit("/")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to main content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()


def test_the_menu_opens_on_a_phone(visit: Visit) -> None:
    page = visit("/staff/", role="ig_officer", size=PHONE)
    expect(page.get_by_role("link", name="Ledger")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Ledger").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ledger")
