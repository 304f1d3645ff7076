"""How data flows for one purpose, as SVG drawn on the server: from which systems, for what, to whom.

Colours and lines are presentation attributes: the site's policy allows no inline styles. The table under it on the
page says the same in words.
"""

from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

WIDTH, ROW, BOX_HEIGHT, BOX_WIDTH, TOP = 900, 52, 40, 250, 10
INK, LINE, FILL, MIDDLE = "#0b0c0c", "#505a5f", "#ffffff", "#f3f2f1"
# So many letters fit a line of a box.
LETTERS = 30


def draw_flow(sources: Sequence[str], purpose: str, recipients: Sequence[str], words: str) -> SafeString:
    """A picture of three columns. `words` is what a screen reader says of it."""
    rows = max(len(sources), len(recipients), 1)
    height = rows * ROW + 2 * TOP
    middle = height / 2
    left, centre, right = 0, (WIDTH - BOX_WIDTH) / 2, WIDTH - BOX_WIDTH
    parts = []
    for number, name in enumerate(sources):
        y = _place(number, len(sources), height)
        parts += [_line(left + BOX_WIDTH, y, centre, middle), _box(left, y, name, FILL)]
    for number, name in enumerate(recipients):
        y = _place(number, len(recipients), height)
        parts += [_line(centre + BOX_WIDTH, middle, right, y), _box(right, y, name, FILL)]
    parts.append(_box(centre, middle, purpose, MIDDLE))
    return mark_safe(  # noqa: S308 - every word is escaped
        f'<svg class="governance-flow" role="img" aria-label="{escape(words)}" viewBox="0 0 {WIDTH} {height}">'
        f"{''.join(parts)}</svg>"
    )


def _place(number: int, count: int, height: float) -> float:
    return height * (number + 0.5) / count


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    bend = (x1 + x2) / 2
    path = f"M{x1:g} {y1:g}C{bend:g} {y1:g} {bend:g} {y2:g} {x2:g} {y2:g}"
    return f'<path d="{path}" fill="none" stroke="{LINE}" stroke-width="2"/>'


def _box(x: float, y: float, words: str, fill: str) -> str:
    lines = _broken(words)
    first = y - 8 * (len(lines) - 1) + 5
    texts = "".join(
        f'<text x="{x + BOX_WIDTH / 2:g}" y="{first + 16 * number:g}" text-anchor="middle" font-size="15" fill="{INK}">'
        f"{escape(line)}</text>"
        for number, line in enumerate(lines)
    )
    box = f'<rect x="{x + 1:g}" y="{y - BOX_HEIGHT / 2:g}" width="{BOX_WIDTH - 2}" height="{BOX_HEIGHT}"'
    return f'{box} fill="{fill}" stroke="{INK}" stroke-width="2"/>{texts}'


def _broken(words: str) -> list[str]:
    """In two lines at most; what is longer ends in an ellipsis: the table has all of it."""
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + len(word) >= LETTERS:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1][: LETTERS - 1]}…"]
    return lines
