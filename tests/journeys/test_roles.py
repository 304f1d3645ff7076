"""The day's work of each role, in a browser, one thread of it from end to end."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
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
    page.get_by_label("Community aid").check()
    page.get_by_role("button", name="Draft the messages").click()
    heading(page, "Living alone, journey")
    expect(page.get_by_text("Draft", exact=True)).to_be_visible()
    look(page, "analyst-campaign")


def test_an_open_page_is_asked_for_anew_within_a_second_of_its_door_closing(visit: Visit, world: World) -> None:
    page = visit(f"/cases/{world.facts['waiting']}/", role="contact_worker")
    since = page.locator("script[data-since]").get_attribute("data-since") or ""
    said = ["9999"]
    page.route("**/governance/doors/*", lambda route: route.fulfill(status=200, body=said.pop() if said else ""))
    with page.expect_navigation(timeout=5000):
        pass
    assert (page.locator("script[data-since]").get_attribute("data-since") or "") > since


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
    page.get_by_label("On the phone").check()
    page.get_by_label("This and similar services").check()
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
    page.get_by_role("link", name="All my tasks, and when I can help").click()
    heading(page, "My tasks")
    assert Axe().run(page).response["violations"] == []
    look(page, "volunteer-mine")
    page.set_viewport_size({"width": 1200, "height": 900})
    look(page, "volunteer-mine-desk")
    page.set_viewport_size(PHONE)
    page.get_by_role("button", name="Go off duty").click()
    expect(page.get_by_text("You are off duty: we ask you nothing.")).to_be_visible()
    page.get_by_role("button", name="Go on duty").click()
    page.goto(world.facts["task"])
    page.get_by_label("How many minutes did it take?").fill("45")
    page.get_by_role("button", name="Done").click()
    heading(page, "Thank you")
    page.goto(world.facts["task"])
    heading(page, "This task is finished")


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_a_resident_asks_for_help(visit: Visit, size: dict[str, int] | None) -> None:
    page = visit("/", **({"size": size} if size else {}))
    page.get_by_role("link", name="Ask for help").last.click()
    page.get_by_role("button", name="Ask for help").click()
    expect(page).to_have_title(re.compile("^Error: "))
    look(page, "resident-errors")
    expect(page.get_by_label("What do you need from the shop?")).to_be_hidden()
    page.get_by_label("Food shopping").or_(page.locator("input[value=shopping]")).first.check()
    page.get_by_label("What do you need from the shop?").fill("Bread and milk")
    expect(page.get_by_label("Which pharmacy has it?")).to_be_hidden()
    look(page, "resident-asks")
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
    page.get_by_role("group", name="Was your need met?").get_by_label("Yes").check()
    page.get_by_role("group", name="Did the help arrive?").get_by_label("Yes").check()
    page.get_by_label("What else do you need?").fill("Somebody to walk my dog on Fridays")
    page.get_by_label("Overall, how happy did you feel yesterday?").fill("eleven")
    look(page, "resident-feedback")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("What else do you need?")).to_have_value("Somebody to walk my dog on Fridays")
    page.get_by_label("Overall, how happy did you feel yesterday?").fill("7")
    page.get_by_role("button", name="Send").click()
    heading(page, "Thank you for telling us")
    expect(page.get_by_text("Somebody reads what else you need")).to_be_visible()
    page.goto(world.facts["feedback_once"])
    heading(page, re.compile("answered already"))


def test_a_coordinator_sees_where_help_is_needed_and_what_it_came_to(visit: Visit) -> None:
    page = visit("/staff/", role="coordinator", size=PHONE)
    page.goto("/insight/heat/")
    heading(page, "Requests for help")
    page.get_by_label("Show").select_option(label="Volunteers")
    page.get_by_label("By").select_option(label="Area")
    page.get_by_role("button", name="Change the map").click()
    heading(page, "Volunteers")
    look(page, "coordinator-heat")
    page.get_by_role("link", name="What help came to").click()
    heading(page, "What help came to")
    page.get_by_label("By").select_option(label="Organisation")
    page.get_by_role("button", name="Change the figures").click()
    expect(page.get_by_role("table", name="Needs met")).to_be_visible()
    look(page, "coordinator-outcomes")


def test_a_coordinator_asks_a_volunteer(visit: Visit, world: World) -> None:
    page = visit("/volunteers/", role="coordinator")
    heading(page, re.compile("Volunteers"))
    look(page, "coordinator-volunteers")
    page.get_by_role("button", name="Match all waiting cases").click()
    heading(page, "Proposed matches")
    look(page, "coordinator-proposal")
    page.locator("a[href*='/volunteers/proposals/']").first.click()
    heading(page, "Change who is asked")
    look(page, "coordinator-change-proposed")
    page.get_by_role("button", name="Leave this task out").click()
    expect(page.get_by_text("Left out").first).to_be_visible()
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


def test_an_agreement_goes_from_a_question_to_enforced_and_back_in_one_sitting(visit: Visit) -> None:
    coordinator = visit("/residents/checks/sublets/", role="coordinator", purpose="offer-help")
    expect(coordinator.get_by_text("No agreement opens this list to your role")).to_be_visible()
    page = visit("/governance/may-we-share/", role="ig_officer")
    answers = ("Look into suspected", "Yes, they act", "Alderbrook Council", "Volunteer coordinator", "Date of birth")
    for answer in (*answers, "Public task"):
        page.get_by_label(answer).check()
        page.get_by_role("button", name="Continue").click()
    heading(page, "Not yet: it needs an agreement")
    page.get_by_role("button", name="Start the draft").click()
    expect(page.get_by_text("Incomplete", exact=True)).to_have_count(3)
    look(page, "officer-tasks")
    page.get_by_role("link", name="What it is for").click()
    page.get_by_label("Why is it necessary?").fill("A visit is planned by age.")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("link", name="Why the law allows it").click()
    # What the council relies on for this purpose today was carried over.
    expect(page.get_by_label("The Act and section")).to_have_value(re.compile("Social Housing Fraud"))
    page.get_by_label("Condition for criminal-offence data").select_option("none")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("link", name="How people are protected").click()
    for label in ("Impact assessment", "How long is it kept?", "How is it kept safe?", "rights served?", "How often"):
        page.get_by_label(label).fill("As for the other checks.")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Incomplete", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Check what you wrote").click()
    look(page, "officer-check-answers")
    page.get_by_role("button", name="Approve this agreement").click()
    page.get_by_label("Why is this right?").fill("The visits are agreed.")
    page.get_by_role("button", name="Approve").click()
    notice(page, "The agreement is live.")
    coordinator.reload()
    expect(coordinator.get_by_role("button", name="Continue for this purpose")).to_be_visible()
    page.get_by_role("button", name="Revoke this agreement").click()
    page.get_by_label("Why is this right?").fill("The visits are done.")
    page.get_by_role("button", name="Revoke").click()
    coordinator.reload()
    expect(coordinator.get_by_text("No agreement opens this list to your role")).to_be_visible()


def test_a_rule_proposes_a_person_decides_and_the_resident_challenges(visit: Visit, world: World) -> None:
    page = visit("/residents/checks/discount/", role="analyst", purpose="review-discounts")
    look(page, "analyst-discounts")
    page.get_by_role("button", name="Propose decisions").click()
    heading(page, "Decisions that wait for a person")
    look(page, "analyst-decisions")
    page.locator("td a").last.click()
    heading(page, re.compile("Should the council ask this household"))
    page.get_by_label("We are not asking about your discount").check()
    page.get_by_label("Why?").fill("The other adult is a student, who does not count.")
    page.get_by_label("How many minutes").fill("6")
    look(page, "analyst-decision")
    page.get_by_role("button", name="Decide").click()
    notice(page, "It is decided.")
    theirs = visit(world.facts["decision"], size=PHONE)
    heading(theirs, re.compile("We are asking who lives at your home"))
    expect(theirs.get_by_text("Two records agree on it.")).to_be_visible()
    look(theirs, "resident-decision")
    theirs.get_by_label("Say that it is wrong").check()
    theirs.get_by_label("What should we know?").fill("My son moved out in May.")
    theirs.get_by_role("button", name="Send").click()
    expect(theirs.get_by_role("heading", name="We have your answer")).to_be_visible()
    page.goto("/governance/decisions/")
    page.get_by_text("Challenged", exact=True).first.wait_for()
    page.locator("td a").first.click()
    expect(page.get_by_text("My son moved out in May.")).to_be_visible()
    # Who decided it cannot settle the challenge.
    page.get_by_label("We are not asking about your discount").check()
    page.get_by_label("Why?").fill("Moved out, as they say.")
    page.get_by_label("How many minutes").fill("2")
    page.get_by_role("button", name="Decide").click()
    heading(page, "You decided this before, and the person has challenged it")


def test_pages_that_are_not_for_you_say_so(visit: Visit) -> None:
    page = visit("/governance/ledger/", role="contact_worker")
    heading(page, "You cannot do this with your role")
    page.goto("/cases/CNOTHERE/")
    heading(page, re.compile("no such case|not found", re.IGNORECASE))
