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
# Of these what most records say, and what of them is doubtful.
_VOTED = {"forename": "length(value) < 2", "dob": "right(value, 5) = '01-01'", "sex": "false"}
_SAID = (
    *_VOTED,
    "surname",
    "phone",
    "email",
    "language",
    "address",
    "postcode",
    "uprn",
    "started_on",
    "ended_on",
    "deceased_on",
)


def describe_persons(con: duckdb.DuckDBPyConnection, today: str) -> None:
    """Make the table `persons` (cluster, best fields, left_on) from `loaded` and `clusters`.

    Who someone is (first name, date of birth, sex) goes by what most records say; what changes (surname, address,
    phone, e-mail, language) by the most recent that says anything; address, postcode and UPRN come from one record.
    `left_on` is when the last record ended, or the date of death; `home_since` when the first record at the address
    began. `today`: YYYY-MM-DD.
    """
    trust = " ".join(f"when '{source}' then {place}" for place, source in enumerate(TRUSTED))
    # Sorted by short columns alone: long ones would be carried along.
    con.execute(
        f"""
        create or replace temp table ranked as
        with sources as (
            select source, row_number() over (order by case source {trust} else {len(TRUSTED)} end, source) as trust
            from (select distinct source from loaded)
        ),
        told as (
            select id, trust, try_cast(started_on as date) as started, coalesce(ended_on <= '{today}', false) as ended
            from loaded join sources using (source)
        ),
        places as (
            select id, ended, row_number() over (order by ended, started desc nulls last, trust, id) as place from told
        )
        select cluster, place, ended, {", ".join(_SAID)}
        from loaded join clusters using (id) join places using (id)
        """
    )
    newest = ", ".join(
        f"coalesce(arg_min({name}, place) filter ({name} <> ''), '') as {name}"
        for name in ("surname", "phone", "email", "language")
    )
    agreed = ", ".join(
        f"min({name}) filter ({name} <> '') as one_{name}, max({name}) filter ({name} <> '') as other_{name}"
        for name in _VOTED
    )
    con.execute(
        f"""
        create or replace temp table persons as
        with newest as (
            select cluster, {newest}, {agreed}, bool_and(ended) as ended, max(ended_on) as ended_on,
                   min(deceased_on) as deceased_on, min(place) filter (uprn <> '' or address <> '') as home_place
            from ranked group by cluster
        ),
        homes as (
            select r.cluster, address, postcode, uprn from ranked r join newest on place = home_place
        ),
        arrived as (
            select cluster, min(started_on) as home_since from ranked join homes using (cluster, uprn) group by cluster
        ),
        {", ".join(map(_vote, _VOTED))}
        select cluster, coalesce(forename, one_forename, '') as forename, surname, coalesce(dob, one_dob) as dob,
               coalesce(sex, one_sex, '') as sex, phone, email, language, coalesce(address, '') as address,
               coalesce(postcode, '') as postcode, coalesce(uprn, '') as uprn,
               coalesce(deceased_on, case when ended then ended_on end) as left_on, home_since
        from newest left join homes using (cluster) left join arrived using (cluster)
             left join forename_vote using (cluster) left join dob_vote using (cluster)
             left join sex_vote using (cluster)
        order by cluster
        """
    )
    con.execute("drop table ranked")


def _vote(column: str) -> str:
    """The value of those whose records say several."""
    return f"""{column}_vote as (
            select cluster, value as {column} from (
                select cluster, r.{column} as value, count(*) as votes, min(place) as place
                from ranked r join newest using (cluster) where r.{column} <> '' and one_{column} <> other_{column}
                group by all
            ) qualify row_number() over (partition by cluster order by {_VOTED[column]}, votes desc, place) = 1
        )"""
