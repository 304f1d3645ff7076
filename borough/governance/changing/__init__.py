"""What a resident may have changed about their own data: corrected, deleted, or no longer used.

Glossary
--------
correction   what is wrong with one field, sent to each source that holds the resident, until the source says that it
             put it right or will not; until then it lies over what the source sends
erasure      all that need not be kept is deleted; its tombstone, outside of the database, has a restored backup do it
             again
restriction  what is held stays and nobody finds it nor opens it, but for the resident, their rights and an emergency
"""
