"""What a resident may do about their own data: see who looked, ask why, complain.

Glossary
--------
own record   the resident's own page of who looked at them and what was worked out; opened by a link, not an account
own link     a signed link to it, good once, sent only to a telephone or e-mail address that was on record before
request      something a resident asks of the information governance team, with a clock
"""
