"""Lines of a file from outside that could not be taken in, kept whole until somebody has corrected them."""

import hashlib
from collections.abc import Collection
from typing import ClassVar

from django.db import models

from borough.common import clock
from borough.common.csv_files import Rejected
from borough.common.personal_data import PersonalData


class LineReject(models.Model):
    """What each table of rejects holds. A line is there once: a constraint on `sha256`, of the file, and `line`."""

    id = models.BigAutoField(primary_key=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=300)
    row = models.TextField()
    at = models.DateTimeField()

    personal_data: ClassVar[PersonalData]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"reject {self.pk}"

    @classmethod
    def keep(cls, name: str, content: bytes, rejected: Collection[Rejected]) -> None:
        """Keep the lines of a file that could not be taken in; those of the same file again are the same."""
        now, sha256 = clock.now(), hashlib.sha256(content).hexdigest()
        cls._default_manager.bulk_create(
            [
                cls(
                    file_name=name[:200],
                    sha256=sha256,
                    line=line,
                    column=column,
                    reason=reason[:300],
                    row=row[:20_000],
                    at=now,
                )
                for line, column, reason, row in rejected
            ],
            ignore_conflicts=True,
            batch_size=500,
        )
