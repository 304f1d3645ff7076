"""The day's work of each role, in a browser, one thread of it from end to end."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.look import PHONE, look
from tests.journeys.world import World


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def notice(page: Page, text: str) -> None:
    expect(page.locator(".govuk-notification-banner").first).to_contain_text(text)


def test_an_analyst_chooses_residents_and_prepares_messages(visit: Visit) -> None:
    page = visit("/insight/cohorts/", role="analyst", purpose="find-need")
    page.get_by_role("link", name="Choose residents").or_(page.get_by_role("button", name="Choose residents")).click()
    page.locator("select[name*=lives_alone]").select_option(index=1)
    page.get_by_role("button", name="Count residents").click()
    expect(page.locator(".house-figure__number").first).to_have_text(re.compile(r"^[\d,]+$"))
    page.get_by_label("Name of the cohort").fill("Living alone, journey")
    page.get_by_role("button", name="Keep as a draft").click()
    heading(page, "Living alone, journey")
    expect(page.get_by_text("Residents in this cohort")).to_have_count(0)
    page.get_by_role("button", name="Freeze and show names").click()
    expect(page.get_by_role("table", name="Residents in this cohort")).to_be_visible()
    page.get_by_role("button", name="Prepare messages").or_(page.get_by_role("link", name="Prepare messages")).click()
    page.get_by_role("button", name="Draft the messages").click()
    heading(page, "Living alone, journey")
    expect(page.get_by_text("Draft", exact=True)).to_be_visible()
    look(page, "analyst-campaign")


def test_a_contact_worker_finds_a_resident_and_works_on_a_case(visit: Visit, world: World) -> None:
    page = visit("/staff/", role="contact_worker")
    page.get_by_role("link", name=re.compile("nobody has taken")).click()
    heading(page, "Cases")
    page.goto(f"/cases/{world.facts['waiting']}/")
    page.get_by_role("button", name="Assign to me").click()
    page.get_by_label("Add a note").fill("Prefers mornings")
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_text("Prefers mornings")).to_be_visible()
    name = page.locator("dd").first.inner_text()
    page.get_by_role("link", name="Open the resident's page").click()
    heading(page, re.compile(re.escape(name), re.IGNORECASE))
    look(page, "worker-resident")
    page.get_by_role("link", name="Residents").first.click()
    page.locator("input[name=q]").fill(name)
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name=re.compile(re.escape(name), re.IGNORECASE)).first).to_be_visible()


def test_a_link_worker_refers_a_case_to_a_service(visit: Visit, world: World) -> None:
    page = visit(f"/cases/{world.facts['taken']}/", role="link_worker")
    page.get_by_role("button", name="Refer to a service").or_(
        page.get_by_role("link", name="Refer to a service")
    ).click()
    look(page, "link-worker-services")
    page.locator("main a[href*='/refer/']").first.click()
    page.get_by_label("What did the person agree to?").fill("Agreed on the phone that we pass on name and number.")
    page.get_by_role("button", name=re.compile("Refer")).click()
    expect(page.get_by_role("heading", name="Referrals")).to_be_visible()
    look(page, "link-worker-case")


def test_a_volunteer_takes_a_task_on_a_phone(visit: Visit, world: World) -> None:
    page = visit(world.facts["task"], size=PHONE)
    heading(page, "Can you help a neighbour?")
    expect(page.get_by_text("Reference")).to_have_count(0)
    look(page, "volunteer-offer")
    page.get_by_role("button", name="Yes, I will help").click()
    heading(page, "The task is yours")
    page.get_by_label("The last 4 digits of your phone number").fill("0000")
    page.get_by_role("button", name="Show me where to go").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_label("The last 4 digits of your phone number").fill(world.facts["task_digits"])
    page.get_by_role("button", name="Show me where to go").click()
    expect(page.get_by_text(re.compile(r"CA-\w{4}-\w{4}"))).to_be_visible()
    look(page, "volunteer-task")
    page.get_by_role("button", name="Done").click()
    heading(page, "Thank you")
    page.goto(world.facts["task"])
    heading(page, "This task is finished.")


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_a_resident_asks_for_help(visit: Visit, size: dict[str, int] | None) -> None:
    page = visit("/", **({"size": size} if size else {}))
    page.get_by_role("link", name="Ask for help").last.click()
    page.get_by_role("button", name="Ask for help").click()
    expect(page).to_have_title(re.compile("^Error: "))
    look(page, "resident-errors")
    page.get_by_label("Food shopping").or_(page.locator("input[value=shopping]")).first.check()
    page.get_by_label("Your name").fill("Ada Byron")
    page.get_by_label("Phone number").fill("07700 900123")
    page.get_by_label("Postcode").fill("XA1 1AA")
    page.get_by_role("button", name="Ask for help").click()
    heading(page, "We have your request")
    expect(page.get_by_text(re.compile(r"CA-\w{4}-\w{4}"))).to_be_visible()
    look(page, "resident-asked")
    page.get_by_role("link", name="Find other help near you").click()
    heading(page, re.compile("help", re.IGNORECASE))


def test_a_resident_says_whether_the_need_was_met(visit: Visit, world: World) -> None:
    page = visit(world.facts["feedback_once"], size=PHONE)
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Send").click()
    heading(page, "Thank you for telling us")
    page.goto(world.facts["feedback_once"])
    heading(page, re.compile("answered already"))


def test_a_coordinator_asks_a_volunteer(visit: Visit, world: World) -> None:
    page = visit("/volunteers/", role="coordinator")
    heading(page, re.compile("Volunteers"))
    look(page, "coordinator-volunteers")
    page.goto(f"/volunteers/cases/{world.facts['unmatched']}/")
    look(page, "coordinator-offers")
    page.locator("form[action$='/offer/'] button").first.click()
    expect(page.get_by_text(re.compile("Waiting for an answer")).first).to_be_visible()


def test_an_officer_sees_who_looked_and_revokes(visit: Visit) -> None:
    page = visit("/governance/ledger/", role="ig_officer")
    expect(page.get_by_role("table")).to_contain_text("residents.")
    look(page, "officer-ledger")
    page.get_by_role("link", name="Agreements", exact=True).click()
    page.get_by_role("link", name="Volunteers who accepted a task").click()
    expect(page.get_by_role("button", name="Revoke this agreement")).to_be_visible()
    page.get_by_role("button", name="Revoke this agreement").click()
    page.get_by_role("button", name="Revoke").click()
    expect(page).to_have_title(re.compile("^Error: "))
    page.go_back()


def test_pages_that_are_not_for_you_say_so(visit: Visit) -> None:
    page = visit("/governance/ledger/", role="contact_worker")
    heading(page, "You cannot do this with your role.")
    page.goto("/cases/CNOTHERE/")
    heading(page, re.compile("no such case|not found", re.IGNORECASE))
