"""The residents index: what each council system holds, and which of its records are about one person.

Glossary
--------
source     a council system that gives us extracts, described by a mapping file
extract    one file from a source
load       one extract taken in, with its counts; a row that cannot be read is a reject and is kept
record     what one source holds of one person
resident   one person, as the records that we believe are theirs; the id never changes meaning
household  the residents at one property (UPRN)
"""
