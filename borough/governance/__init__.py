"""The agreement is what opens the data: purposes, agreements, and the ledger of who looked at whom and why.

Glossary
--------
purpose    why somebody looks, such as "offer help"; a code with a plain name
agreement  who decided that which roles may, for a purpose, see which fields from which sources, from when to when
door       the one place where a read or a write of people is checked against a live agreement and logged
ledger     the append-only log of every look, write and refusal; each resident can see their own rows
"""
