"""What can agree between two records, how well it can, and how that is said to a person.

A level is an SQL condition on the columns of `people` with _l and _r after their names; levels are tried in order.
The same conditions make Splink's comparisons and our own counts of how often each level occurs.
"""

from collections.abc import Callable
from dataclasses import dataclass

from borough.residents.linkage.standardise import Standard


@dataclass(frozen=True)
class Level:
    """`says` is for the resident's page, so it is in plain words; `common` weighs by how common the value is."""

    condition: str
    says: str
    common: bool = False


@dataclass(frozen=True)
class Comparison:
    """`unknown` is true where nothing can be said of the pair. The last level of all is disagreement.

    `key` is the column whose equality is the first level, where that level is equality of one column.
    """

    name: str
    columns: tuple[str, ...]
    unknown: str
    levels: tuple[Level, ...]
    otherwise: str
    key: str = ""

    def gamma_sql(self) -> str:
        """The number of the level that a pair reaches: the first level has the highest, disagreement 0, unknown -1."""
        whens = "".join(
            f" when {level.condition} then {len(self.levels) - place}" for place, level in enumerate(self.levels)
        )
        return f"case when {self.unknown} then -1{whens} else 0 end"

    def says(self, gamma: int) -> str:
        return self.otherwise if gamma == 0 else self.levels[len(self.levels) - gamma].says


# So many times as common is a name as one of its misspellings, at the least.
COMMONER = 4.0


def comparisons_for(standard: Standard) -> list[Comparison]:
    """The comparisons that these records can bear: those whose columns hold enough."""
    made = [make(standard) for make in _MAKERS] + [
        _other(name) for name in standard.others if standard.has(f"other_{name}")
    ]
    return [comparison for comparison in made if comparison is not None]


def _missing(column: str, because: str = "") -> str:
    # DuckDB works out a costly function once when it stands in the first condition too, so it is named there.
    return f"{because}{column}_l is null or {column}_r is null"


def _equal(column: str) -> str:
    return f"{column}_l = {column}_r"


def _alike(column: str, least: float) -> str:
    # Names can be alike by 0.92 exactly, and then it is a matter of rounding which engine says so; none by 0.9199.
    return f"jaro_winkler_similarity({column}_l, {column}_r) >= {least}"


def _edits(column: str, most: int = 1) -> str:
    return f"damerau_levenshtein({column}_l, {column}_r) <= {most}"


def _slip(column: str) -> str:
    """One of the two is seldom written: a slip of the other, or a spelling few offices have for it."""
    # Min and Ming, Maria and Marta, Zhang and Zheng: two names that many bear are two, however alike.
    tf = f"tf_{column}"
    return f"least({tf}_l, {tf}_r) * {COMMONER} < greatest({tf}_l, {tf}_r)"


def _one_letter(column: str) -> str:
    # Cheap conditions first: most names fail them.
    one_longer = f"length({column}_l) - length({column}_r) between -1 and 1"
    return f"(left({column}_l, 1) = left({column}_r, 1) and {one_longer} and {_edits(column)})"


def _almost(column: str) -> str:
    return f"({_alike(column, 0.9199)} or {_one_letter(column)}) and {_slip(column)}"


# One of the two names exactly, the other from its first letter: it may be a short form.
_SWAPPED = (
    "(forename_l = surname_r and left(surname_l, 1) = initial_r"
    " or surname_l = forename_r and initial_l = left(surname_r, 1))"
)
# Seun is Oluwaseun, and Temi Temitope.
_SHORTENED = (
    "length(forename_l) >= 4 and length(forename_r) >= 4"
    " and (contains(forename_l, forename_r) or contains(forename_r, forename_l))"
)
_BARE_INITIAL = "length(forename_l) = 1 or length(forename_r) = 1"


def _forename(standard: Standard) -> Comparison | None:
    if not standard.has("forename"):
        return None
    levels = [
        Level(_equal("forename"), "Same first name", common=True),
        Level(f"{_equal('forename_full')} or {_SHORTENED}", "First name is a short form of the other"),
        Level(_almost("forename"), "First name spelt almost the same"),
        Level(_equal("forename_sound"), "First name sounds the same"),
    ]
    if standard.has("surname"):
        levels.append(Level(_SWAPPED, "First name and surname swapped"))
    if standard.has("middle_name"):
        levels.append(Level("forename_l = middle_name_r or middle_name_l = forename_r", "First name is a middle name"))
    levels.append(
        Level(f"{_alike('forename', 0.7999)} or left(forename_l, 3) = left(forename_r, 3)", "First name is similar")
    )
    return Comparison(
        name="forename",
        columns=("forename", "forename_full", "forename_sound", "initial", "surname", "middle_name", "tf_forename"),
        unknown=_missing("forename", "jaro_winkler_similarity(forename_l, forename_r) = -1 or ")
        + f" or {_BARE_INITIAL}",
        levels=tuple(levels),
        otherwise="First name is different",
        key="forename",
    )


def _initial(standard: Standard) -> Comparison | None:
    """Some systems hold a letter only. That one does says nothing, so it is compared by itself."""
    if not standard.has("forename"):
        return None
    return Comparison(
        name="initial",
        columns=("forename", "initial"),
        unknown=f"{_missing('forename')} or not ({_BARE_INITIAL})",
        levels=(Level(_equal("initial"), "First name starts the same"),),
        otherwise="First name starts with another letter",
        key="initial",
    )


def _middle_name(standard: Standard) -> Comparison | None:
    if not standard.has("middle_name"):
        return None
    return Comparison(
        name="middle_name",
        columns=("middle_name", "surname"),
        # Of two surnames the first is often taken for a middle name, which then is none.
        unknown=_missing("middle_name")
        + "".join(
            f" or contains(surname_{one}, middle_name_{other})"
            for one, other in (("l", "r"), ("r", "l"))
            if standard.has("surname")
        ),
        levels=(
            Level(f"{_equal('middle_name')} and length(middle_name_l) > 1", "Same middle name"),
            Level("left(middle_name_l, 1) = left(middle_name_r, 1)", "Middle name starts the same"),
        ),
        otherwise="Middle name is different",
    )


def _surname(standard: Standard) -> Comparison | None:
    if not standard.has("surname"):
        return None
    # What is swapped was counted with the first name, and is not evidence twice.
    swapped = f" or ({_SWAPPED})" if standard.has("forename") else ""
    levels = [
        Level(_equal("surname"), "Same surname", common=True),
        Level(_almost("surname"), "Surname spelt almost the same"),
        Level(f"{_equal('surname_full')} or {_equal('surname_sound')}", "Surname sounds the same"),
    ]
    if standard.has("previous_surname"):
        levels.append(
            Level("surname_l = previous_surname_r or previous_surname_l = surname_r", "Surname is a previous surname")
        )
    part = "contains(surname_l, surname_r) or contains(surname_r, surname_l)"
    if standard.has("middle_name"):
        # Of two surnames the first is taken for a middle name.
        part += " or surname_l = middle_name_r or middle_name_l = surname_r"
        whole = "surname_l = middle_name_r || surname_r or surname_r = middle_name_l || surname_l"
        levels[1] = Level(f"{levels[1].condition} or {whole}", levels[1].says)
    levels += [
        Level(part, "One surname is part of the other"),
        Level(_alike("surname", 0.7999), "Surname is similar"),
    ]
    return Comparison(
        name="surname",
        columns=(
            "surname",
            "surname_full",
            "surname_sound",
            "previous_surname",
            "middle_name",
            "forename",
            "initial",
            "tf_surname",
        ),
        unknown=_missing("surname", "jaro_winkler_similarity(surname_l, surname_r) = -1 or ") + swapped,
        levels=tuple(levels),
        otherwise="Surname is different",
        key="surname",
    )


def _dob(standard: Standard) -> Comparison | None:
    if not standard.has("dob"):
        return None
    same_year = "left(dob_l, 4) = left(dob_r, 4)"
    # Two slips leave the year, the month or the day as it was, and most dates of strangers have none of them in common.
    near = f"({same_year} or substr(dob_l, 6, 2) = substr(dob_r, 6, 2) or right(dob_l, 2) = right(dob_r, 2))"
    return Comparison(
        name="dob",
        columns=("dob",),
        unknown=_missing("dob"),
        levels=(
            Level(_equal("dob"), "Same date of birth", common=True),
            Level(
                "dob_l = left(dob_r, 5) || right(dob_r, 2) || '-' || substr(dob_r, 6, 2)",
                "Day and month of birth swapped",
            ),
            Level(f"{near} and {_edits('dob')}", "Date of birth differs in one digit"),
            # Many systems write 1 January when only the year is known.
            Level(
                f"{same_year} and (right(dob_l, 5) = '01-01' or right(dob_r, 5) = '01-01')",
                "Same year of birth, the day may be unknown",
            ),
            Level(f"{near} and {_edits('dob', 2)}", "Date of birth differs in two digits"),
            Level(same_year, "Same year of birth"),
        ),
        otherwise="Date of birth is different",
        key="dob",
    )


def _age(standard: Standard) -> Comparison | None:
    """Where one record has no date of birth: could whoever was born then have been in the other's system by then?"""
    if not standard.has("dob", "started_on", "source"):
        return None

    def youngest(side: str) -> str:
        sources = [(source.replace("'", "''"), age) for source, age in standard.youngest]
        whens = " ".join(f"when source_{side} = '{source}' then {age}.0" for source, age in sources)
        return f"case {whens} else 0.0 end" if whens else "0.0"

    def grown(dated: str, other: str) -> str:
        begun, born = f"left(cast(started_on_{other} as varchar), 4)", f"left(dob_{dated}, 4)"
        age = f"try_cast({begun} as double) - try_cast({born} as double)"
        return f"(dob_{other} is null and {age} >= {youngest(other)})"

    return Comparison(
        name="age",
        columns=("dob", "started_on", "source"),
        unknown="(dob_l is null) = (dob_r is null) or dob_l is null and started_on_l is null"
        " or dob_r is null and started_on_r is null",
        levels=(Level(f"{grown('l', 'r')} or {grown('r', 'l')}", "Old enough for the other record"),),
        otherwise="Too young for the other record",
    )


def _address(standard: Standard) -> Comparison | None:
    home, place = standard.has("uprn"), standard.has("postcode")
    if not (home or place or standard.has("address")):
        return None
    levels: list[Level] = []
    known: list[str] = []
    if home:
        levels.append(Level(_equal("uprn"), "Same property (UPRN)"))
        known.append("uprn")
    if place:
        if standard.has("house_number"):
            levels.append(
                Level("postcode_l = postcode_r and house_number_l = house_number_r", "Same postcode and house number")
            )
        known.append("postcode")
    if standard.has("address"):
        if not home:
            levels.append(Level(_equal("address"), "Same address"))
            levels.append(Level(_alike("address", 0.9199), "Address written almost the same"))
        else:
            levels.append(
                Level(f"{_equal('address')} or ({_equal('outcode')} and {_alike('address', 0.9499)})", "Same address")
            )
        known.append("address")
    if place:
        levels.append(Level(_equal("postcode"), "Same postcode"))
        levels.append(Level(_equal("outcode"), "Same postal district"))
    columns: tuple[str, ...] = ("uprn", "postcode", "house_number", "address", "outcode")
    unknown = " and ".join(f"({_missing(column)})" for column in known)
    if home and place and standard.has("started_on", "ended_on"):
        # Somebody who had left one address before they came to the other may live at both.
        columns += ("started_on", "ended_on")
        left_before = "ended_on_l <= started_on_r or ended_on_r <= started_on_l"
        unknown += f" or (postcode_l <> postcode_r and uprn_l <> uprn_r and ({left_before}))"
    return Comparison(
        name="address",
        columns=columns,
        unknown=unknown,
        levels=tuple(levels),
        otherwise="Address is different",
        key="uprn" if home else "",
    )


def _sex(standard: Standard) -> Comparison | None:
    if not standard.has("sex"):
        return None
    return Comparison("sex", ("sex",), _missing("sex"), (Level(_equal("sex"), "Same sex"),), "Sex is different")


def _source(standard: Standard) -> Comparison | None:
    """A system seldom holds one person twice at a time, so that two of its records are evidence of two people; but
    when somebody moves or renews, one ends as the other begins."""
    if not standard.has("source"):
        return None
    same = _equal("source")
    levels = [Level(same, "Two records in one system at one time")]
    columns: tuple[str, ...] = ("source",)
    if standard.has("started_on", "ended_on"):
        columns += ("started_on", "ended_on")
        follows = "(started_on_r - ended_on_l between {0} or started_on_l - ended_on_r between {0})"
        levels = [
            Level(f"{same} and {follows.format('0 and 7')}", "One record begins when the other ends"),
            Level(f"{same} and {follows.format('0 and 99999')}", "One record follows the other"),
            *levels,
        ]
        if standard.has("home"):
            # Whoever moves ends an account at one home the day before another system knows them at the next.
            moves = f"home_l <> home_r and {follows.format('1 and 1')}"
            levels.insert(0, Level(moves, "One begins at a home the day after the other ended at another"))
            columns += ("home",)
    return Comparison("source", columns, _missing("source"), tuple(levels), "Held by two systems")


def _identifier(column: str, title: str) -> Comparison:
    return Comparison(
        name=column,
        columns=(column,),
        unknown=_missing(column),
        levels=(Level(_equal(column), f"Same {title}"), Level(_edits(column), f"{title} differs in one character")),
        otherwise=f"{title} is different",
        key=column,
    )


def _nino(standard: Standard) -> Comparison | None:
    return _identifier("nino", "National Insurance number") if standard.has("nino") else None


def _nhs_number(standard: Standard) -> Comparison | None:
    return _identifier("nhs_number", "NHS number") if standard.has("nhs_number") else None


def _phone(standard: Standard) -> Comparison | None:
    if not standard.has("phone"):
        return None
    same = Level(_equal("phone"), "Same phone number")
    return Comparison("phone", ("phone",), _missing("phone"), (same,), "phone number is different", key="phone")


def _email(standard: Standard) -> Comparison | None:
    if not standard.has("email"):
        return None
    return Comparison(
        name="email",
        columns=("email",),
        unknown=_missing("email"),
        levels=(
            Level(_equal("email"), "Same email address"),
            Level(_alike("email", 0.9399), "Email address almost the same"),
        ),
        otherwise="Email address is different",
        key="email",
    )


def _other(name: str) -> Comparison:
    return _identifier(f"other_{name}", name.replace("_", " "))


_MAKERS: tuple[Callable[[Standard], Comparison | None], ...] = (
    _forename,
    _initial,
    _middle_name,
    _surname,
    _dob,
    _age,
    _sex,
    _address,
    _phone,
    _email,
    _nino,
    _nhs_number,
    _source,
)
