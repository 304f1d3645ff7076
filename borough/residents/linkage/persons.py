"""What the records of one person say together."""

import duckdb

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


def describe_persons(con: duckdb.DuckDBPyConnection, today: str) -> None:
    """Make the table `persons` (cluster, best fields, left_on) from `loaded` and `clusters`.

    Who someone is (first name, date of birth, sex) goes by what most records say; what changes (surname, address,
    phone, e-mail, language) by the most recent that says anything; address, postcode and UPRN come from one record.
    `left_on` is when the last record ended, or the date of death; `home_since` when the first record at the address
    began. `today`: YYYY-MM-DD.
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
        arrived as (
            select cluster, min(ranked.started_on) as home_since
            from ranked join newest using (cluster) where ranked.uprn = newest.home.uprn group by cluster
        ),
        {_vote("forename", "length(value) < 2")},
        {_vote("dob", "right(value, 5) = '01-01'")},
        {_vote("sex", "false")}
        select cluster, coalesce(forename, '') as forename, surname, dob, coalesce(sex, '') as sex, phone, email,
               language, coalesce(home.address, '') as address, coalesce(home.postcode, '') as postcode,
               coalesce(home.uprn, '') as uprn,
               coalesce(deceased_on, case when ended then newest.ended_on end) as left_on, home_since
        from newest left join arrived using (cluster) left join forename_vote using (cluster)
             left join dob_vote using (cluster) left join sex_vote using (cluster)
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
