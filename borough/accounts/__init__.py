"""Who signs in: staff of the council and of its partners, and what kind of work each does.

Glossary
--------
user      somebody with a sign-in; staff have a second factor
role      a kind of work (analyst, contact worker, link worker …), the unit that agreements and verbs speak of
sign-in   a browser in which a user is signed in; they see theirs, and end them
event     what happened with an account: a sign-in, a wrong password, a new one (AccountEvent)
viewer    who is asking, in any call: a user, a volunteer or resident behind a signed link, or a job of the system
"""
