"""Every page that somebody can reach, as each of them: accessible, readable on a phone, its error links landing."""

from collections import Counter

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from borough.accounts.policies import STAFF_ROLES
from tests.journeys.conftest import Visit
from tests.journeys.crawl import kinds_of_pages, walk
from tests.journeys.look import DESK, PHONE, look
from tests.journeys.world import World

# Who walks, and for which purpose where they have several.
PEOPLE = [
    ("", ""),
    ("resident", ""),
    ("analyst", "confirm-electors"),
    ("analyst", "clerical-review"),
    ("analyst", "review-discounts"),
    *((role, "") for role in STAFF_ROLES),
    ("analyst", "residents-index"),
    ("partner", ""),
]
NAMES = [" ".join(one).strip() or "public" for one in PEOPLE]
# Addresses that are no page, or that change something when they are opened, with the test that covers them.
NOT_WALKED = {
    "accounts:first_password": "test_sign_in",
    "accounts:rehearsal_sign_in": "every visit of a member of staff",
    "accounts:second_factor": "test_sign_in",
    "accounts:sign_out": "test_sign_in",
    "accounts:still": "for a script: test_sign_in",
    "accounts:typed": "test_sign_in: what was typed while the session ended",
    "api:api-root": "for systems: borough/web/tests/test_api.py",
    "api:openapi-json": "for systems: borough/web/tests/test_api.py",
    "cases:file": "a download: borough/cases/tests/test_minding.py",
    "cases:find": "leads on to the case",
    "cases:here": "for a script: borough/cases/tests/test_minding.py",
    **{
        f"open_referral_uk:{name}": "for systems: borough/standards/open_referral_uk/tests"
        for name in ("about", "api-root", "openapi-json", "pair", "pairs", "service", "services")
    },
    **{
        f"open_referral_uk:{name}": "for systems: borough/standards/open_referral_uk/tests"
        for name in ("taxonomies", "taxonomy", "term", "terms")
    },
    "governance:doors": "for a script: borough/governance/tests/test_pages.py",
    "referrals:link_answer": "the pages of referrals:answer, behind a link: test_referrals",
    "residents:review_next": "leads on to a pair",
    "transparency:register_json": "for systems: borough/governance/tests/test_transparency.py",
    "transparency:rule_json": "for systems: borough/governance/tests/test_transparency.py",
    "volunteers:mine": "test_roles: a volunteer takes a task on a phone",
    "web:brand": "borough/web/tests/test_brand.py",
    "web:health": "borough/web/tests/test_pages.py",
}
# Forms that may be sent empty, and then are done with.
NO_ERRORS = ("volunteers:could_not", "messaging:preferences", "referrals:referral")
# What stands at the end of a form, and a search that finds something.
PUBLIC = ("/", "/services/?need=food", "/cases/ask/done/", "/cases/answer/done/", "/volunteers/task/done/", "/sign-in/")
PUBLIC += ("/my-record/asked/", "/my-record/complained/", "/my-record/closed/", "/my-record/shown-later/")
PUBLIC += ("/volunteers/join/done/",)
RESIDENT = ("/my-record/",)
STAFF = ("/staff/", "/governance/purpose/")
PARTNER = ("/referrals/",)

# How many people's walks have come to each kind of page. Two different people's are examined: a page that four roles
# share differs little, and axe takes a second for each.
_walked: Counter[str] = Counter()
EXAMINED = 2


def starts(world: World, person: str) -> list[str]:
    own = {"": PUBLIC, "resident": RESIDENT, "partner": PARTNER}
    paths = own.get(person, STAFF) + tuple(world.addresses.get(person, ()))
    return [world.address + path for path in paths]


def faults(page: Page, axe: Axe) -> list[str]:
    """What is wrong with the page as it stands at this width."""
    found = [
        f"axe: {one['id']}: {node['html'][:200]}"
        for one in axe.run(page).response["violations"]
        for node in one["nodes"][:3]
    ]
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} main headings")
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    return [f"{page.url} at {(page.viewport_size or DESK)['width']} px: {fault}" for fault in found]


@pytest.mark.parametrize(("person", "purpose"), PEOPLE, ids=NAMES)
def test_axe_finds_nothing_on_any_page(visit: Visit, world: World, person: str, purpose: str) -> None:
    page, axe, found = visit("/", role=person, purpose=purpose), Axe(), list[str]()
    for kind in walk(page, *starts(world, person)):
        _walked[kind] += 1
        if _walked[kind] > EXAMINED:
            continue
        for size in (DESK, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            found += faults(page, axe)
        page.set_viewport_size(DESK)  # type: ignore[arg-type]
        look(page, f"{person or 'public'}-{kind.replace(':', '-')}")
    assert found == []


def test_every_page_was_walked_by_somebody(visit: Visit) -> None:
    """A page that no link leads to is one that nobody finds. Runs after the walks above."""
    if not _walked:
        pytest.skip("the walks did not run in this session")
    page = visit("/", role="coordinator")
    missed = {kind: path for kind, path in kinds_of_pages().items() if kind not in _walked}
    # An address that takes forms alone is no page.
    pages = {kind for kind, path in missed.items() if page.context.request.get(path).status != 405}
    assert sorted(pages - set(NOT_WALKED)) == []
    assert set(NOT_WALKED) <= set(kinds_of_pages())


@pytest.mark.parametrize(("person", "purpose"), PEOPLE, ids=NAMES)
def test_error_links_land_on_a_control(visit: Visit, world: World, person: str, purpose: str) -> None:
    """Send every form of every page empty; each link of the error summary that comes back focuses a control."""
    page, found, met = visit("/", role=person, purpose=purpose), list[str](), set[str]()
    for kind in walk(page, *starts(world, person), sending=True):
        if kind in NO_ERRORS:
            continue
        address = page.url
        for place in range(page.locator("main form[method=post]").count()):
            form = page.locator("main form[method=post]").nth(place)
            boxes = form.locator("input:not([type=hidden]), textarea, select")
            if not boxes.count() or f"{kind}{place}" in met:
                continue
            met.add(f"{kind}{place}")
            page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true })")
            for box in form.locator("input[type=text], input[type=email], textarea").all():
                # Questions that show only under a certain answer cannot be filled before it.
                if box.is_visible():
                    box.fill("")
            form.locator("button:not([type=button])").first.click()
            found += dead_links(page)
            page.goto(address)
    assert found == []


def dead_links(page: Page) -> list[str]:
    dead = []
    links = page.locator(".govuk-error-summary a")
    if links.count() and not page.title().startswith("Error:"):
        dead.append(f"{page.url}: the title does not start with Error:")
    for link in links.all():
        target = (link.get_attribute("href") or "").removeprefix("#")
        link.click()
        focused = page.evaluate("document.activeElement.id")
        if not target or focused != target:
            dead.append(f"{page.url}: {link.inner_text()!r} leads to #{target}, but the focus is at #{focused}")
    return dead
