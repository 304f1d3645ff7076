"""Whether a purpose needs an impact assessment: computed, so that nobody forgets to tick. Pure.

UK GDPR Article 35(3); the ICO's list of processing that always needs one (Article 35(4)); the nine criteria of the
Article 29 Working Party's guidelines WP248, of which two are enough. Read on 22 November 2026.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# A system of so many people is a large scale: WP248 counts people, volume, duration and area; a borough is an area.
LARGE = 5000


@dataclass(frozen=True)
class Declared:
    """What the register says of one purpose."""

    fields: Collection[str]
    sources: Collection[str]
    special: bool
    criminal: bool
    records: int
    children: bool
    profiling: bool
    decides_alone: bool
    significant: bool


@dataclass(frozen=True)
class Criterion:
    """One criterion, and why it is met; `why` is empty when it is not."""

    words: str | Promise
    source: str
    why: str

    @property
    def met(self) -> bool:
        return bool(self.why)


@dataclass(frozen=True)
class Screening:
    """`always`: those of which one is enough. `wp248`: those of which two are."""

    always: Sequence[Criterion]
    wp248: Sequence[Criterion]

    @property
    def needed(self) -> bool:
        return any(one.met for one in self.always) or sum(one.met for one in self.wp248) > 1

    @property
    def reasons(self) -> list[str]:
        return [f"{one.words}: {one.why}" for one in (*self.always, *self.wp248) if one.met]


def screen(declared: Declared) -> Screening:
    """All criteria in their order, met or not."""
    combined = len(declared.sources) > 1
    large = declared.records >= LARGE
    sensitive = declared.special or declared.criminal
    why = {
        "large": _("It uses systems with %(number)s records.") % {"number": f"{declared.records:,}"} if large else "",
        "combined": _("It combines %(number)s systems.") % {"number": len(declared.sources)} if combined else "",
        "special": _("It opens special-category data.") if declared.special else "",
        "criminal": _("It is about criminal offences, or suspicion of them.") if declared.criminal else "",
        "children": _("One of its systems is kept about children.") if declared.children else "",
        "profiling": _("People are scored, or found by signs that are worked out.") if declared.profiling else "",
        "alone": _("A rule decides without a person.") if declared.decides_alone else "",
        "significant": _("A decision by it matters to what somebody gets or pays.") if declared.significant else "",
        "invisible": (
            _("The data was collected by other services, and the person is not asked each time.")
            if declared.sources
            else ""
        ),
    }
    both = f"{why['special']} {why['criminal']}".strip()
    always = [
        Criterion(
            gettext_lazy("Systematic and extensive profiling with significant effects"),
            "UK GDPR Article 35(3)(a)",
            why["profiling"] if declared.profiling and declared.significant else "",
        ),
        Criterion(
            gettext_lazy("Large-scale use of sensitive data"),
            "UK GDPR Article 35(3)(b)",
            f"{both} {why['large']}" if sensitive and large else "",
        ),
        Criterion(gettext_lazy("Public monitoring"), "UK GDPR Article 35(3)(c)", ""),
        Criterion(
            gettext_lazy("Decisions on access to a service, by a rule or sensitive data"),
            _("ICO list: denial of service"),
            why["significant"] if declared.significant and (declared.decides_alone or sensitive) else "",
        ),
        Criterion(
            gettext_lazy("Large-scale profiling"),
            _("ICO list"),
            why["profiling"] if declared.profiling and large else "",
        ),
        Criterion(gettext_lazy("Biometric data"), _("ICO list"), ""),
        Criterion(gettext_lazy("Genetic data"), _("ICO list"), ""),
        Criterion(gettext_lazy("Data matching"), _("ICO list"), why["combined"]),
        Criterion(
            gettext_lazy("Invisible processing"), _("ICO list"), why["invisible"] if combined and sensitive else ""
        ),
        Criterion(gettext_lazy("Tracking of where people are or what they do"), _("ICO list"), ""),
        Criterion(
            gettext_lazy("Targeting children or other vulnerable people"),
            _("ICO list"),
            why["children"] if declared.profiling or declared.decides_alone else "",
        ),
    ]
    wp248 = [
        Criterion(gettext_lazy("Evaluation or scoring"), "WP248 1", why["profiling"]),
        Criterion(
            gettext_lazy("Automated decisions that matter"),
            "WP248 2",
            why["alone"] if declared.decides_alone and declared.significant else "",
        ),
        Criterion(gettext_lazy("Systematic monitoring"), "WP248 3", ""),
        Criterion(gettext_lazy("Sensitive data"), "WP248 4", both),
        Criterion(gettext_lazy("Large scale"), "WP248 5", why["large"]),
        Criterion(gettext_lazy("Matching or combining data sets"), "WP248 6", why["combined"]),
        Criterion(gettext_lazy("Vulnerable people"), "WP248 7", why["children"]),
        Criterion(gettext_lazy("Innovative use or technology"), "WP248 8", ""),
        Criterion(gettext_lazy("It can keep somebody from a right or a service"), "WP248 9", why["significant"]),
    ]
    return Screening(always, wp248)
