"""What is told of a cohort before it is frozen: below a size, only that it is small. Counts: common/disclosure.py."""

from django.utils.translation import gettext as _

# Below this the size of a cohort is not told to anybody who builds rules.
SMALLEST_COHORT = 10


def size_words(size: int) -> str | int:
    """The size of a cohort before it is frozen."""
    return _("fewer than 10") if size < SMALLEST_COHORT else size
