"""A council's colours, as a stylesheet of its own: the policy forbids inline styles."""

from functools import cache
from hashlib import sha256

from django.conf import settings
from django.urls import reverse

from borough.web.authorities import Authority

WHITE, BLACK = "#ffffff", "#000000"


def brand_css(authority: Authority) -> str:
    """GOV.UK Frontend's custom properties in this council's colours. Focus, error and success stay GOV.UK's."""
    brand, link = authority.brand_colour, authority.link_colour
    properties = {
        "--govuk-brand-colour": brand,
        "--govuk-template-background-colour": mix(brand, WHITE, 0.95),
        "--govuk-surface-background-colour": mix(brand, WHITE, 0.95),
        "--govuk-surface-border-colour": mix(brand, WHITE, 0.5),
        "--govuk-link-colour": link,
        "--govuk-link-hover-colour": mix(link, BLACK, 0.4),
    }
    return ":root{" + "".join(f"{name}:{value};" for name, value in properties.items()) + "}\n"


@cache
def brand_address() -> str:
    """Where the stylesheet is; the address changes with the colours, so that browsers may keep it for ever."""
    version = sha256(brand_css(settings.AUTHORITY).encode()).hexdigest()[:12]
    return f"{reverse('web:brand')}?v={version}"


def mix(colour: str, other: str, share: float) -> str:
    """`colour` (as #rrggbb) with this share of the other colour."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(one * (1 - share) + two * share):02x}" for one, two in pairs)


def contrast(one: str, two: str) -> float:
    """WCAG 2.2 contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _channels(colour: str) -> tuple[int, int, int]:
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (n / 255 for n in _channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
