"""The program of this adapter, for a Python that has uk-address-matcher: matching.py WRITTEN GAZETTEER FOUND."""

import sys

import duckdb
from uk_address_matcher import AddressMatcher

# Bits. A wrong home makes neighbours of strangers: only what fits well, and far better than the next property.
LEAST_WEIGHT = 5.0
LEAST_AHEAD = 5.0


def main(written: str, gazetteer: str, found: str) -> None:
    con = duckdb.connect()
    con.execute(
        """create table messy as select id as unique_id, address as address_concat, nullif(postcode, '') as postcode
        from read_csv(?, header = true, all_varchar = true)""",
        [written],
    )
    con.execute(
        """create table canonical as select uprn as unique_id, address as address_concat, postcode
        from read_parquet(?)""",
        [gazetteer],
    )
    matcher = AddressMatcher(canonical_addresses=con.table("canonical"), addresses_to_match=con.table("messy"), con=con)
    matches = matcher.match().matches()
    matches.filter(
        f"""resolved_canonical_id is not null and (match_reason like 'exact%'
        or match_weight >= {LEAST_WEIGHT} and distinguishability >= {LEAST_AHEAD})"""
    ).project("unique_id as id, resolved_canonical_id as uprn").write_csv(found, header=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
