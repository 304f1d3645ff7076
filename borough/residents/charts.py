"""Draws shares as bars, on the server: readable without JavaScript, with the figures in the table under it.

Colours are presentation attributes, as the site's policy allows no inline styles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, ROW, BAR = 360, 38, 10
FULL, GROUND, RANGE = "#0b4a80", "#d9dde0", "#0b0c0c"
# So many letters stand beside the figure.
LONGEST = 44


@dataclass(frozen=True)
class Bar:
    """A share from 0 to 1 in words and as a bar; `low` and `high` draw where it lies."""

    label: str
    share: float
    figure: str
    low: float | None = None
    high: float | None = None


def draw_bars(bars: Sequence[Bar], *, title: str) -> str:
    """The SVG element: each label over its bar, so that letters are large enough on a phone. Texts are escaped here."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="quality-bars" role="img" '
        f'viewBox="0 0 {WIDTH} {ROW * len(bars)}" aria-labelledby="bars-title">'
        f'<title id="bars-title">{escape(title)}</title>'
    ]
    for place, bar in enumerate(bars):
        top = place * ROW
        label = bar.label if len(bar.label) <= LONGEST else f"{bar.label[: LONGEST - 1].rstrip()}…"
        parts.append(
            f'<text x="0" y="{top + 14}" font-size="13">{escape(label)}</text>'
            f'<text x="{WIDTH}" y="{top + 14}" font-size="13" text-anchor="end">{escape(bar.figure)}</text>'
            f'<rect x="0" y="{top + 19}" width="{WIDTH}" height="{BAR}" fill="{GROUND}"/>'
            f'<rect x="0" y="{top + 19}" width="{_x(bar.share)}" height="{BAR}" fill="{FULL}"/>'
        )
        if bar.low is not None and bar.high is not None:
            ends = f'x1="{_x(bar.low)}" x2="{_x(bar.high)}" y1="{top + 24}" y2="{top + 24}"'
            parts.append(
                f'<line {ends} stroke="#ffffff" stroke-width="6"/><line {ends} stroke="{RANGE}" stroke-width="2"/>'
            )
    parts.append("</svg>")
    return "".join(parts)


def _x(share: float) -> float:
    return round(max(0.0, min(1.0, share)) * WIDTH, 1)
