"""Each model says which of its fields are about a person, of what category, and how long a row is kept.

A test walks all models: one that declares nothing fails.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# special: UK GDPR Article 9; criminal: Article 10.
Category = Literal["identity", "contact", "address", "circumstances", "special", "criminal", "staff"]


@dataclass(frozen=True)
class PersonalData:
    """`keep` says in words how long a row is kept and from when.

    Where the words begin with a time ("6 years after it ends"), or end with "at most" one, `since` names the column
    that it counts from, or a path to it. Every night the rows whose time is over are deleted (governance/keeping).
    """

    keep: str
    fields: Mapping[str, Category] = field(default_factory=dict)
    since: str = ""


def not_personal(keep: str = "as long as the service runs", *, since: str = "") -> PersonalData:
    return PersonalData(keep=keep, since=since)
