"""Searches that find nothing: counted by word, small area and day, for those who commission services."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from borough.accounts.policies import ANALYST, COORDINATOR, LINK_WORKER, Viewer, check_may_work_as
from borough.common import clock
from borough.common.disclosure import protect
from borough.common.errors import NotFound
from borough.directory.models import Gap, ServiceWord
from borough.directory.policies import SAME_NEED, stem, typed_words
from borough.places.hexagons import Hexagon, cell_of, join_small
from borough.places.queries import area_middles, small_areas_of_postcodes

MOST_WORDS = 8
READERS = (ANALYST, COORDINATOR, LINK_WORKER)


@dataclass(frozen=True)
class GapView:
    """`times` is protected: None means 7 or fewer. `small_area` is "" for all of the borough together."""

    word: str
    small_area: str
    times: int | None


def note_gap(need: str, postcode: str) -> None:
    """Count a search that found nothing. Nothing of who searched is known here, and none of its words stay together."""
    day, area = clock.today(), small_areas_of_postcodes([postcode]).get(postcode, "")
    for word in typed_words(need)[:MOST_WORDS]:
        # A row at a time, so that two searches at once both count.
        row, is_new = Gap.objects.get_or_create(day=day, word=word, small_area=area)
        if not is_new:
            Gap.objects.filter(pk=row.pk).update(times=F("times") + 1)


@dataclass(frozen=True)
class GapMap:
    """`hexagons` that may be shown; `nowhere`: how many searches gave no postcode of the borough, None where few."""

    hexagons: list[Hexagon]
    nowhere: int | None


def gaps_by_hexagon(*, viewer: Viewer, word: str = "") -> GapMap:
    """How often something was searched for in vain in the last year, each search in the middle of its small area.

    With `word`, that one alone; it has to be one that `list_gaps` shows. A search of several words counts as several.
    """
    check_may_work_as(viewer, *READERS)
    if word and word not in {one.word for one in list_gaps(viewer=viewer)}:
        raise NotFound(_("Nobody searched for this in vain, or too few."), _("Choose a word from the list."))
    rows = Gap.objects.filter(**({"word": word} if word else {}))
    middles = area_middles("small_area")
    counts: Counter[str] = Counter()
    nowhere = 0
    for area, times in rows.values_list("small_area").annotate(Sum("times")).order_by():
        if area in middles:
            counts[cell_of(*middles[area])] += times
        else:
            nowhere += times
    return GapMap(join_small(counts), protect(nowhere))


def list_gaps(*, viewer: Viewer, by_area: bool = False) -> list[GapView]:
    """What was searched for in vain in the last year, most often first: for the borough, or for each small area.

    A word shows itself only when it is one of the directory's own or was searched for more than 7 times: a name that
    somebody typed stays unseen.
    """
    check_may_work_as(viewer, *READERS)
    columns = ("word", "small_area") if by_area else ("word",)
    counted = list(Gap.objects.values(*columns).annotate(total=Sum("times")).order_by("-total", *columns))
    in_all: dict[str, int] = defaultdict(int)
    for row in counted:
        in_all[row["word"]] += row["total"]
    ours = {stem(word) for word in SAME_NEED} | set(
        ServiceWord.objects.filter(word__in=in_all).values_list("word", flat=True)
    )
    views = [GapView(row["word"], row.get("small_area", ""), protect(row["total"])) for row in counted]
    return [
        view
        for view in views
        if (view.word in ours or protect(in_all[view.word]) is not None) and not (by_area and view.times is None)
    ]
