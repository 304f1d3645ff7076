"""The register: organisations, and what an agreement must say before it opens the door.

Glossary
--------
terms      what an agreement says: who, which data, on which ground of law, with which safeguards
ground     a provision that allows a use of data, as a code; `grounds` has them all
missing    a term without which an agreement cannot be approved
renewal    a new draft with the terms of an agreement that nears its review
"""
