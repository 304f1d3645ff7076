"""What the records of one person say together, and why each of them is theirs."""

import duckdb

from borough.residents.linkage.model import Model

# Whom we believe first where two records are equally recent. A source that is not named comes after these.
TRUSTED = (
    "council_tax",
    "electoral_roll",
    "housing_rents",
    "adult_social_care",
    "housing_benefit",
    "children_schools",
    "parking_permits",
    "libraries",
)
# Nobody is helped by reading that two systems are two systems.
_UNSPOKEN = ("source",)
_LEAST_SPOKEN = 0.3


def describe_persons(con: duckdb.DuckDBPyConnection, today: str) -> None:
    """Make the table `persons` (cluster, best fields, left_on) from `loaded` and `clusters`.

    Who someone is (first name, date of birth, sex) goes by what most records say; what changes (surname, address,
    phone, e-mail, language) by the most recent that says anything; address, postcode and UPRN come from one record.
    `left_on` is when the last record ended, or the date of death. `today`: YYYY-MM-DD.
    """
    trust = " ".join(f"when '{source}' then {place}" for place, source in enumerate(TRUSTED))
    con.execute(
        f"""
        create or replace temp table ranked as
        select *, coalesce(ended_on <= '{today}', false) as ended,
               row_number() over (
                   order by coalesce(ended_on <= '{today}', false), started_on desc nulls last,
                            case source {trust} else {len(TRUSTED)} end, source, id
               ) as place
        from loaded join clusters using (id)
        """
    )
    newest = ", ".join(
        f"coalesce(arg_min({name}, place) filter ({name} <> ''), '') as {name}"
        for name in ("surname", "phone", "email", "language")
    )
    home = (
        "arg_min({'address': address, 'postcode': postcode, 'uprn': uprn}, place) filter (uprn <> '' or address <> '')"
    )
    con.execute(
        f"""
        create or replace temp table persons as
        with newest as (
            select cluster, {newest}, {home} as home, bool_and(ended) as ended, max(ended_on) as ended_on,
                   min(deceased_on) as deceased_on
            from ranked group by cluster
        ),
        {_vote("forename", "length(value) < 2")},
        {_vote("dob", "right(value, 5) = '01-01'")},
        {_vote("sex", "false")}
        select cluster, coalesce(forename, '') as forename, surname, dob, coalesce(sex, '') as sex, phone, email,
               language, coalesce(home.address, '') as address, coalesce(home.postcode, '') as postcode,
               coalesce(home.uprn, '') as uprn,
               coalesce(deceased_on, case when ended then ended_on end) as left_on
        from newest left join forename_vote using (cluster) left join dob_vote using (cluster)
             left join sex_vote using (cluster)
        order by cluster
        """
    )
    con.execute("drop table ranked")


def _vote(column: str, doubtful: str) -> str:
    return f"""{column}_vote as (
            select cluster, value as {column} from (
                select cluster, {column} as value, count(*) as votes, min(place) as place
                from ranked where {column} <> '' group by all
            ) qualify row_number() over (partition by cluster order by {doubtful}, votes desc, place) = 1
        )"""


def explain_links(con: duckdb.DuckDBPyConnection, model: Model | None) -> None:
    """Make the table `links` (id, linked_to, weight, reasons) from `edges` and `clusters`.

    For each record its strongest edge to a record of the same person; nulls and [] where it stands alone. `reasons`
    is JSON: [{"field", "says", "weight"}], most telling first, weights in bits.
    """
    if model is None:
        con.execute(
            "create or replace temp table links as select id, null::bigint as linked_to, null::double as weight,"
            " '[]' as reasons from clusters"
        )
        return
    spoken = [comparison for comparison in model.comparisons if comparison.name not in _UNSPOKEN]
    said = ", ".join(
        f"{{'size': -abs(weight_{c.name}), 'field': '{c.name}', 'says': case level_{c.name} "
        + " ".join(f"when {level} then '{c.says(level)}'" for level in range(len(c.levels) + 1))
        + f" end, 'weight': round(weight_{c.name}::double, 1)}}"
        for c in spoken
    )
    con.execute(
        f"""
        create or replace temp table links as
        with inside as (
            select l, r, e.weight from edges e join clusters a on a.id = l join clusters b on b.id = r
            where a.cluster = b.cluster
        ),
        ends as (
            select l as id, r as linked_to, weight, l, r from inside
            union all select r, l, weight, l, r from inside
        ),
        strongest as (
            select * from ends qualify row_number() over (partition by id order by weight desc, linked_to) = 1
        ),
        explained as (
            select s.id, s.linked_to, s.weight, list_sort(list_filter([{said}],
                lambda x: x.says is not null and x.size <= -{_LEAST_SPOKEN})) as said
            from strongest s join edges e on e.l = s.l and e.r = s.r
        )
        select c.id, linked_to, round(weight, 2) as weight,
               coalesce(to_json(list_transform(said,
                   lambda x: {{'field': x.field, 'says': x.says, 'weight': x.weight}}))::varchar, '[]') as reasons
        from clusters c left join explained using (id) order by c.id
        """
    )
