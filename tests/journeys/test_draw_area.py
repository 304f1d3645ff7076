"""An emergency: the team draws the ground that must be left, by pointer or by keyboard, and has the list of people."""

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.look import PHONE, look

CHECK = "/residents/checks/incident/"


def people(page: Page) -> int:
    return int(page.locator(".house-figure__number").first.inner_text().replace(",", ""))


def test_an_area_is_drawn_with_the_pointer_and_kept(visit: Visit) -> None:
    page = visit(CHECK, role="analyst", purpose="respond-to-emergency")
    area = page.get_by_role("application", name="Map: draw an area")
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box
    for x, y in ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)):
        area.click(position={"x": box["width"] * x, "y": box["height"] * y})
    expect(page.get_by_text("Corners: 4.")).to_be_visible()
    look(page, "draw-area-desk")
    page.get_by_role("button", name="Show the list").click()
    whole = people(page)
    assert whole > 0
    # The area is still there, to go on from: without its last corner it is a triangle with fewer people.
    expect(page.get_by_text("Corners: 4.")).to_be_visible()
    look(page, "draw-area-found")
    page.get_by_role("button", name="Take the last corner away").click()
    page.get_by_role("button", name="Show the list").click()
    expect(page.locator(".house-figure__number").first).not_to_have_text(f"{whole:,}")
    expect(page.get_by_text("Corners: 3.")).to_be_visible()
    assert 0 < people(page) < whole


def test_an_area_is_drawn_with_the_keyboard_on_a_phone(visit: Visit) -> None:
    page = visit(CHECK, role="analyst", purpose="respond-to-emergency", size=PHONE)
    area = page.get_by_role("application", name="Map: draw an area")
    area.focus()
    page.keyboard.press("+")
    for key, times in (("ArrowUp", 25), ("ArrowRight", 25), ("ArrowDown", 50), ("ArrowLeft", 50)):
        for _ in range(times):
            page.keyboard.press(key)
        page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    expect(page.get_by_text("Corners: 3.")).to_be_visible()
    look(page, "draw-area-phone")
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_text("No corner is set.")).to_be_visible()
    page.get_by_role("button", name="Show the list").click()
    # Nothing was drawn and nothing typed: it says what is missing.
    expect(page.get_by_text("Say where it is.").first).to_be_visible()
