"""Every council's colours are readable, and reach the pages without an inline style."""

import pkgutil
from importlib import import_module

import pytest
from django.conf import settings
from django.test import Client

from borough.web import authorities
from borough.web.authorities import Authority
from borough.web.brand import BLACK, WHITE, brand_css, contrast, mix

EVERY = [
    import_module(f"{authorities.__name__}.{found.name}").AUTHORITY
    for found in pkgutil.iter_modules(authorities.__path__)
]


@pytest.mark.parametrize("authority", EVERY, ids=lambda one: one.code)
def test_colours_of_every_authority_can_be_read(authority: Authority) -> None:
    # WCAG 2.2, 1.4.3: text on white, white text on the header, links on the tint of the navigation.
    assert contrast(authority.link_colour, WHITE) >= 4.5
    assert contrast(authority.brand_colour, WHITE) >= 4.5
    assert contrast(authority.link_colour, mix(authority.brand_colour, WHITE, 0.95)) >= 4.5


def test_contrast_and_mix_agree_with_the_standard() -> None:
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast("#767676", WHITE) == pytest.approx(4.54, abs=0.01)
    assert mix("#000000", WHITE, 0.5) == "#808080"


def test_the_stylesheet_is_kept_for_ever_under_an_address_of_its_own(client: Client, db: None) -> None:
    page = client.get("/").content.decode()
    address = page.split('<link rel="stylesheet" href="/brand.css')[1].split('"')[0]
    answer = client.get("/brand.css" + address)
    assert address.startswith("?v=")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.content.decode() == brand_css(settings.AUTHORITY)
