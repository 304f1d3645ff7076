"""People who help: what they can do, how far they go, who is asked to help whom.

Glossary
--------
volunteer  somebody who helps neighbours; not a user, comes in by a signed link
skill      a kind of help, the same word that a council service's needs ask for
checked    has a DBS check that is in date
offer      one task offered to one volunteer, who accepts or declines it
capacity   how many tasks a volunteer has in a week at most: offered, accepted and done ones
match      the choice of a volunteer for each waiting task, made for all at once
proposal   a choice that a coordinator looks through before anybody is asked
"""
