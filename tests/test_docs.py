"""The reference is what the code says; links lead somewhere; how-tos run (each as tests/test_howtos.py says)."""

import re
from pathlib import Path

import pytest

from docs.generate import REFERENCE, pages

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


REFERENCES = ("settings.md", "commands.md", "states.md", "personal-data.md", "events.md", "open-referral-uk.md")
REFERENCES += ("logs.md", "limits.md", "input.md")


def test_every_page_that_is_made_is_compared() -> None:
    assert set(pages()) == set(REFERENCES)


@pytest.mark.parametrize("name", REFERENCES)
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


def test_every_kind_of_link_is_among_the_ways_in() -> None:
    made = re.compile(r'(?:make_token\(|^(?:\w+_)?LINK = |^KIND = )"([a-z_.:-]+)"', re.M)
    code = [path.read_text() for path in (ROOT / "borough").rglob("*.py") if "tests" not in path.parts]
    kinds = {kind for text in code for kind in made.findall(text) if "links import" in text or "make_token" in text}
    told = re.findall(r"^\|[^|]*\| `([a-z_.:-]+)`:", (REFERENCE / "ways-in.md").read_text(), re.M)
    assert len(told) == len(set(told))
    assert kinds == set(told)


def test_what_the_list_of_keys_says_is_set() -> None:
    from borough.accounts.passwords import SlowScrypt
    from borough.web.settings import ENVIRONMENT

    text = (REFERENCE / "keys.md").read_text()
    assert SlowScrypt.work_factor == 2**16
    assert f"N = 2^16, r = {SlowScrypt.block_size}, p = {SlowScrypt.parallelism}" in text
    secret = {name for name, words in ENVIRONMENT.items() if re.search(r"[Ss]ecret|password|key", words)}
    assert {name for name in secret if f"`{name}`" not in text} <= {"BOROUGH_HOME"}
