"""How hard a rehearsal is to link. `DEFAULT` is a borough as found; `HARDER` has less to go by, and more that misleads.

A setting only adds to what the default draws: the same seed gives the same default borough whatever settings there are.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from borough.common.errors import Problem
from borough.synthetic.clerk import Quality
from borough.synthetic.names import GROUPS, NamingGroup, Pick
from borough.synthetic.person import Household

# Numbers of offices that give their own for the people whom they look after: 01632 is for drama only, and no household
# of a rehearsal is given one from 900000.
AGENTS = 40


@dataclass(frozen=True)
class Setting:
    """Rates from 0 to 1 unless said.

    lost_dobs, lost_identifiers: of those that an office holds, the share that it lacks here.
    former_names: times as often that an office still has the name before marriage.
    renamed: adults who changed their surname otherwise, after a divorce or by deed.
    one_phone: households of two or more that have one number among them all.
    agents: adults who give the number of a support worker, a warden or a letting agent: one of 40.
    surnames: by naming group, how many of its surnames are in use.
    """

    name: str
    lost_dobs: float = 0.0
    lost_identifiers: float = 0.0
    former_names: float = 1.0
    renamed: float = 0.0
    one_phone: float = 0.0
    agents: float = 0.0
    surnames: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def quality(self, usual: Quality) -> Quality:
        """The quality of an office's records under this setting."""
        maiden = min(0.9, usual.maiden * self.former_names)
        return replace(usual, dob=usual.dob * (1 - self.lost_dobs), maiden=maiden)

    def groups(self) -> dict[str, NamingGroup]:
        """The naming groups, with the surnames in use."""
        return {
            code: replace(group, surnames=Pick(group.surnames.words[: self.surnames[code]]))
            if code in self.surnames
            else group
            for code, group in GROUPS.items()
        }


DEFAULT = Setting("default")
HARDER = Setting(
    "harder",
    lost_dobs=0.3,
    lost_identifiers=0.5,
    former_names=2.5,
    renamed=0.04,
    one_phone=0.35,
    agents=0.04,
    surnames=MappingProxyType({"somali": 8, "bengali": 6, "pakistani": 6, "indian": 8, "chinese": 6, "akan": 8}),
)
SETTINGS: dict[str, Setting] = {setting.name: setting for setting in (DEFAULT, HARDER)}


def setting_called(name: str) -> Setting:
    """The setting of this name. Raises Problem where there is none."""
    if name not in SETTINGS:
        raise Problem(f"There is no setting {name}.", f"Choose one of: {', '.join(SETTINGS)}.")
    return SETTINGS[name]


def unsettle(households: list[Household], setting: Setting, rng: random.Random) -> None:
    """Change the surnames and telephones of households that have a home. `rng` is the setting's own."""
    groups = setting.groups()
    for household in households:
        for person in household.people:
            if person.age >= 20 and not person.maiden and rng.random() < setting.renamed:
                person.maiden, person.surname = person.surname, groups[person.group.code].surnames(rng)
            if person.age >= 18 and rng.random() < setting.agents:
                person.mobile = agent_number(rng.randrange(AGENTS))
        first = next((person.mobile for person in household.people if person.mobile), "")
        if len(household.people) > 1 and first and rng.random() < setting.one_phone:
            for person in household.people:
                person.mobile = first


def agent_number(place: int) -> str:
    """The telephone of an office that gives it for others."""
    return f"01632{990_000 + place}"
