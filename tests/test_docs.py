"""The reference is what the code says; links lead somewhere; how-tos run (each as tests/test_howtos.py says)."""

import re
from pathlib import Path

import pytest

from docs.generate import REFERENCE, pages

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize(
    "name",
    ["settings.md", "commands.md", "states.md", "personal-data.md", "events.md", "open-referral-uk.md", "logs.md"],
)
def test_the_reference_is_what_the_code_says(name: str) -> None:
    assert (REFERENCE / name).read_text() == pages()[name], "run: python -m docs.generate"


def test_every_setting_is_documented() -> None:
    from borough.web.settings import ENVIRONMENT

    source = (ROOT / "borough/web/settings.py").read_text()
    read = set(re.findall(r'environ\.get\(["\'](\w+)["\']', source))
    assert read | {"DATABASE_URL"} == set(ENVIRONMENT)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{page.name} links to {target}, which is not there"
