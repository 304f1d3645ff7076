"""Draws shares as bars, as SVG on the server: readable without JavaScript, with a table of the same under it. Pure."""

from collections.abc import Sequence
from html import escape

from borough.places.drawing import COLOURS, HIDDEN_COLOUR

# Small enough to be read on a phone, where the picture is as wide as the page.
WIDTH, ROW, ROOM = 480, 58, 420


def draw_bars(rows: Sequence[tuple[str, float | None]], *, title: str, description: str, hidden: str) -> str:
    """The SVG element of (label, percent) rows; None is a row that says `hidden`. Texts are escaped here.

    Colours are presentation attributes: the site's policy allows no inline styles. Empty when there are no rows.
    """
    if not rows:
        return ""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="insight-bars" role="img" '
        f'viewBox="0 0 {WIDTH} {ROW * len(rows)}" '
        f'aria-labelledby="bars-title bars-desc"><title id="bars-title">{escape(title)}</title>'
        f'<desc id="bars-desc">{escape(description)}</desc><g font-size="14" fill="#0b0c0c">'
    ]
    for at, (label, share) in enumerate(rows):
        top = at * ROW
        words = hidden if share is None else f"{share:.0f}%"
        length = round(ROOM * share / 100) if share is not None else 0
        parts += [
            f'<text x="0" y="{top + 16}">{escape(label)}</text>',
            f'<rect x="0" y="{top + 24}" width="{ROOM}" height="22" fill="{HIDDEN_COLOUR}"/>',
            f'<rect x="0" y="{top + 24}" width="{length}" height="22" fill="{COLOURS[3]}"/>',
            f'<text x="{ROOM + 8}" y="{top + 40}">{escape(words)}</text>',
        ]
    return "".join([*parts, "</g></svg>"])
