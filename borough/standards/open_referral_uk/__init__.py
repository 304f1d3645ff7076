"""The directory as Open Referral UK 3.0 publishes it: nine operations, read only, no key, from every origin.

Glossary
--------
pair          a service at a location, which the standard calls service_at_location
listing       a service or pair with its one-to-one fields alone, as lists give it
full          with all that belongs to it, as a single one is given
"""
