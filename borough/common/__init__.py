"""What every room stands on: identifiers, the clock, dates in words, events, background jobs. No tables.

Glossary
--------
event      something that happened, told to other rooms after it is committed; carries identifiers only
job        work done in the background; safe to run twice
state table  the states of a thing and the changes allowed between them, in one place
"""
