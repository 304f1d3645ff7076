"""A referral from the link worker to the service's phone and back to the resident; a resident who refers themselves."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.look import PHONE, look
from tests.journeys.world import World


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def newest(world: World, key: str) -> str:
    """The newest message whose key begins so, once the jobs that wait have run."""
    return world.ask(
        "from borough.common.jobs import run_pending\n"
        "from borough.messaging.models import Message\n"
        "run_pending()\n"
        f"print(Message.objects.filter(key__startswith={key!r}).latest('id').body)"
    )


def test_a_link_worker_refers_and_the_service_answers_by_link_on_a_phone(visit: Visit, world: World) -> None:
    worker = visit("/residents/", role="link_worker")
    worker.goto(f"/cases/start/?resident={world.facts['to_refer']}")
    heading(worker, "Start a case")
    worker.get_by_label("What do they need?").select_option("crisis_referral:food")
    worker.get_by_role("button", name="Start the case").click()
    heading(worker, "Conversation")
    worker.get_by_label("There is no food at home now").check()
    worker.get_by_label("Skips meals so that others can eat").check()
    look(worker, "link-worker-talk")
    worker.get_by_role("button", name="Save the conversation").click()
    heading(worker, "What it leads to")
    look(worker, "link-worker-next")
    worker.locator(".house-card a").first.click()
    worker.get_by_label("What did the person agree to?").fill("Name, number and need")
    worker.get_by_label("On the phone").check()
    worker.get_by_label("This service alone").check()
    worker.get_by_label("What should the service know?").fill("Two children, no cooker")
    look(worker, "link-worker-refer")
    worker.get_by_role("button", name="Refer", exact=True).click()
    expect(worker.get_by_text("The service is asked by email.")).to_be_visible()
    found = re.search(r"https?://\S+/referrals/link/\S+", newest(world, "referral-link:"))
    assert found is not None
    page = visit("/", size=PHONE)
    page.goto(found[0])
    heading(page, "A referral for you")
    look(page, "service-prove")
    page.get_by_role("button", name="Send the code").click()
    code = re.search(r"\b\d{6}\b", newest(world, "referral-code:"))
    assert code is not None
    page.get_by_label("The code from the mailbox").fill(code[0])
    page.get_by_role("button", name="Show the referral").click()
    heading(page, "Can you help this person?")
    expect(page.get_by_text("no cooker")).to_have_count(0)
    look(page, "service-decide")
    page.get_by_role("button", name="Yes, we will help").click()
    heading(page, "Food")
    expect(page.get_by_text("Two children, no cooker")).to_be_visible()
    look(page, "service-accepted")
    assert "receipt_accepted" in world.ask(
        "from borough.common.jobs import run_pending\n"
        "from borough.messaging.models import Message\n"
        "run_pending()\n"
        "print(Message.objects.filter(key__startswith='receipt_accepted:').latest('id').key)"
    )
    # Passed on to somebody else it opens nothing, and says what to do.
    other = visit("/")
    other.goto(found[0])
    heading(other, re.compile("another browser"))
    expect(other.get_by_role("button", name="Send a new link to the service's mailbox")).to_be_visible()
    look(other, "service-forwarded")
    page.get_by_role("link", name="Say what came of it").click()
    page.get_by_label("Help was given").check()
    page.get_by_label("In a few words").fill("A parcel for three days")
    page.get_by_role("button", name="Send").click()
    heading(page, "Thank you for telling us")
    worker.reload()
    expect(worker.get_by_text("A parcel for three days")).to_be_visible()


def test_a_resident_finds_a_service_and_asks_it_for_help(visit: Visit, world: World) -> None:
    page = visit("/services/?need=company", size=PHONE)
    page.locator(".house-card a").first.click()
    page.get_by_role("link", name="Ask this service for help").or_(
        page.get_by_role("button", name="Ask this service for help")
    ).click()
    look(page, "resident-ask-service")
    page.get_by_label("Company and new people").check()
    page.get_by_label("Your name").fill("Bea Byron")
    page.get_by_label("Phone number").fill("07700 900124")
    page.get_by_label("Postcode").fill("XA1 1AA")
    page.get_by_label("In which language").select_option("Polish")
    page.get_by_label("Ask me first").check()
    page.get_by_label("I agree that you give this service").check()
    page.get_by_role("button", name="Ask for help").click()
    heading(page, "We passed your request on")
    look(page, "resident-asked-service")
    receipt = newest(world, "receipt:")
    assert "przekazaliśmy" in receipt
    page.goto(re.findall(r"https?://\S+/referrals/agreed/\S+", receipt)[0])
    heading(page, "Take your agreement back?")
    page.get_by_role("button", name="Take it back").click()
    heading(page, "You took your agreement back")
