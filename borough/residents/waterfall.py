"""Draws reasons as a waterfall: each bar begins where the one before it ended, so that all of them make the weight.

On the server, so that it shows without JavaScript; the table under it says the same to a screen reader. Colours are
presentation attributes, as the site's policy allows no inline styles, and a sign stands at each bar.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate

from django.utils.translation import gettext as _

WIDTH, LABELS, FIGURES = 820, 350, 70
ROW, BAR = 30, 18
FOR, AGAINST, TOTAL, LINE = "#0b4a80", "#a8321a", "#505a5f", "#b1b4b6"


@dataclass(frozen=True)
class Bar:
    """A reason in words and its bits: above 0 it speaks for one person."""

    words: str
    bits: float

    @property
    def figure(self) -> str:
        """+3.2 or −1.5, with a true minus sign."""
        return f"{self.bits:+.1f}".replace("-", "−")


def draw_waterfall(bars: Sequence[Bar], *, title: str, total: str) -> str:
    """The SVG element: one row for each bar and one for their sum, named `total`. Texts are escaped here."""
    ends = list(accumulate((bar.bits for bar in bars), initial=0.0))
    low, high = min(ends), max(ends)
    scale = (WIDTH - LABELS - FIGURES) / max(high - low, 1.0)

    def x(bits: float) -> float:
        return round(LABELS + (bits - low) * scale, 1)

    height = ROW * (len(bars) + 1) + 10
    rows = [
        (bar, start, end, FOR if bar.bits > 0 else AGAINST)
        for bar, start, end in zip(bars, ends, ends[1:], strict=False)
    ]
    rows.append((Bar(total, ends[-1]), 0.0, ends[-1], TOTAL))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="review-waterfall" role="img" viewBox="0 0 {WIDTH} {height}" '
        f'aria-labelledby="waterfall-title"><title id="waterfall-title">{escape(title)}</title>',
        f'<line x1="{x(0)}" y1="0" x2="{x(0)}" y2="{height}" stroke="{LINE}"/>',
    ]
    for place, (bar, start, end, colour) in enumerate(rows):
        top = place * ROW + 5
        left, width = x(min(start, end)), max(abs(end - start) * scale, 1.0)
        bold = ' font-weight="700"' if colour == TOTAL else ""
        parts.append(
            f'<text x="{LABELS - 10}" y="{top + 14}" text-anchor="end" font-size="14"{bold}>{escape(bar.words)}</text>'
            f'<rect x="{left}" y="{top}" width="{width:.1f}" height="{BAR}" fill="{colour}"/>'
            f'<text x="{left + width + 6:.1f}" y="{top + 14}" font-size="14"{bold}>{bar.figure}</text>'
        )
    return "".join([*parts, "</svg>"])


def chance_words(weight: float) -> str:
    """A weight in bits as odds: about 1,000 to 1 for, even, about 8 to 1 against."""
    odds = 2 ** min(abs(weight), 40)
    if odds < 1.5:
        return _("about even")
    shown = f"{float(f'{odds:.2g}'):,.0f}"
    return (_("about %(odds)s to 1 for one person") if weight > 0 else _("about %(odds)s to 1 against one person")) % {
        "odds": shown
    }
