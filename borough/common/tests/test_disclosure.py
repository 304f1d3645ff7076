from hypothesis import given
from hypothesis import strategies as st

from borough.common.disclosure import HIDDEN_UP_TO, count_words, percentage, protect, total_of

COUNTS = st.integers(0, 5000)


@given(COUNTS)
def test_small_counts_are_hidden_and_others_rounded(count):
    shown = protect(count)
    assert (shown is None) == (count <= 7)
    if shown is not None:
        assert shown % 5 == 0 and abs(shown - count) <= 2 and shown > HIDDEN_UP_TO


@given(st.lists(COUNTS))
def test_totals_tell_nothing_that_the_cells_do_not(counts):
    cells = [protect(count) for count in counts]
    assert total_of(cells) == sum(cell for cell in cells if cell is not None)


def test_every_published_cell_could_be_five_counts():
    # 10 stands for 8 to 12: no published number tells an exact one.
    shown: dict[int, list[int]] = {}
    for count in range(8, 200):
        shown.setdefault(protect(count), []).append(count)
    assert all(len(counts) == 5 for value, counts in shown.items() if value < 195)


@given(COUNTS, COUNTS)
def test_a_share_is_of_published_numbers_only(part, whole):
    share = percentage(protect(part), protect(whole))
    assert share is None if min(part, whole) <= 7 else 0 <= share <= 100


def test_words():
    assert (count_words(None), count_words(10)) == ("7 or fewer", 10)
