"""What every council system of the rehearsal states of itself: columns, mapping, and how it writes its rows."""

import random
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from borough.synthetic.clerk import Quality
from borough.synthetic.person import Household, Person
from borough.synthetic.setting import DEFAULT, Setting

Row = tuple[list[str], Person]

# One row in a thousand is damaged, as a real export's are: the truth leaves those out.
DAMAGED = 0.001


class System(ABC):
    """One council system. `mapping` is its mapping file without the key, the header that all share and the encoding."""

    code: ClassVar[str]
    title: ClassVar[str]
    owner: ClassVar[str]
    refresh: ClassVar[str]
    encoding: ClassVar[str] = "utf-8"
    delimiter: ClassVar[str] = ","
    columns: ClassVar[tuple[str, ...]]
    key: ClassVar[tuple[str, ...]]
    # Where the date of birth stands, and an impossible one in this system's format.
    dob_column: ClassVar[str]
    impossible_dob: ClassVar[str]
    # Columns with a National Insurance or an NHS number.
    identifiers: ClassVar[tuple[str, ...]] = ()
    mapping: ClassVar[str]
    quality: Quality

    def __init__(self, setting: Setting = DEFAULT) -> None:
        self.setting = setting
        self.quality = setting.quality(type(self).quality)

    @abstractmethod
    def rows(self, household: Household, rng: random.Random) -> Iterator[Row]:
        """The rows that this system holds for a household."""

    def key_of(self, values: list[str]) -> list[str]:
        """The parts of the row's key, in the order of the mapping."""
        return [values[self.columns.index(column)] for column in self.key]

    def lose_identifiers(self, values: list[str], rng: random.Random) -> list[str]:
        """The row without the identifiers that the setting takes away."""
        lost = {column for column in self.identifiers if rng.random() < self.setting.lost_identifiers}
        return ["" if column in lost else value for column, value in zip(self.columns, values, strict=True)]

    def damage(self, values: list[str], rng: random.Random) -> list[str]:
        """The row with one thing that no loader should take: an impossible date, no key, or an end torn off."""
        values = list(values)
        kind = rng.randrange(3)
        if kind == 0:
            values[self.columns.index(self.dob_column)] = self.impossible_dob
        elif kind == 1:
            values[self.columns.index(self.key[0])] = ""
        else:
            values = values[: len(values) // 2]
        return values

    def mapping_file(self) -> str:
        """The mapping file in TOML."""
        keys = ", ".join(f'"{column}"' for column in self.key)
        head = [
            f'source = "{self.code}"',
            f'title = "{self.title}"',
            f'owner = "{self.owner}"',
            f'refresh = "{self.refresh}"',
            'extract = "full"',
        ]
        if self.encoding != "utf-8":
            head.append(f'encoding = "{self.encoding}"')
        if self.delimiter != ",":
            head.append(f'delimiter = "{self.delimiter}"')
        return "\n".join([*head, f"key = [{keys}]", "", self.mapping.strip(), ""])
