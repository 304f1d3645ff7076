"""What changed in a source between its last two loads; where a figure jumps it is said in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from borough.residents.file_findings import FIELDS, fill_shares
from borough.residents.labels import LABELS
from borough.residents.models import Load

# A share that moves by so much from one load to the next has jumped, if it also doubled or halved …
JUMP = 0.05
# … or moved by so much.
LEAP = 0.2
FEWEST_ROWS = 50


@dataclass(frozen=True)
class Drift:
    """Shares of the newest load, from 0 to 1: `added` and `changed` of its rows, `gone` of what the source held."""

    added: float
    changed: float
    gone: float
    words: list[str]


def drift_between(now: Load, before: Load) -> Drift:
    """The newest finished load of a source against the one before it."""
    held_before = now.records - now.added + now.gone
    drift = {
        "added": now.added / now.accepted if now.accepted else 0.0,
        "changed": now.changed / now.accepted if now.accepted else 0.0,
        "gone": now.gone / held_before if held_before > 0 else 0.0,
    }
    words: list[str] = []
    if min(now.accepted, before.accepted) >= FEWEST_ROWS:
        words = [*_moved(now, before, drift), *_emptied(now, before)]
    return Drift(**drift, words=words)


def _jumped(now: float, before: float) -> bool:
    away = abs(now - before)
    return away >= LEAP or (away >= JUMP and max(now, before) >= 2 * min(now, before))


def _moved(now: Load, before: Load, drift: dict[str, float]) -> list[str]:
    words = []
    # The first load of all is new from end to end: nothing to compare with.
    first = before.added == before.accepted
    if not first and _jumped(drift["added"], before.added / before.accepted):
        words.append(
            _("%(now)s of the rows are new; the load before it was %(before)s.")
            % {"now": percent(drift["added"]), "before": percent(before.added / before.accepted)}
        )
    if not first and _jumped(drift["changed"], before.changed / before.accepted):
        words.append(
            _("%(now)s of the rows have changed; the load before it was %(before)s.")
            % {"now": percent(drift["changed"]), "before": percent(before.changed / before.accepted)}
        )
    if drift["gone"] >= LEAP:
        words.append(_("%(share)s of the records have gone.") % {"share": percent(drift["gone"])})
    rejected, usual = now.rejected / now.rows, before.rejected / before.rows
    if _jumped(rejected, usual):
        words.append(
            _("%(now)s of the rows were rejected; the load before it was %(before)s.")
            % {"now": percent(rejected), "before": percent(usual)}
        )
    return words


def _emptied(now: Load, before: Load) -> list[str]:
    """Fields that are far more, or far less, often empty. Loads from before fills were counted say nothing."""
    if not now.filled or not before.filled:
        return []
    full, usual = fill_shares(now.filled, now.accepted), fill_shares(before.filled, before.accepted)
    return [
        _("%(field)s is missing from %(now)s of the rows; the load before it was %(before)s.")
        % {"field": LABELS[name], "now": percent(1 - full[name]), "before": percent(1 - usual[name])}
        for name in FIELDS
        if _jumped(1 - full[name], 1 - usual[name])
    ]


def percent(share: float) -> str:
    """A share as a percentage without or with one decimal place: 0.034 → 3.4%."""
    figure = share * 100
    return f"{figure:.0f}%" if figure >= 10 or figure == 0 else f"{figure:.1f}%"
