"""The door as PostgreSQL itself holds it: its functions, the tables that they guard, how they are put there and asked.

Glossary
--------
application's role  the login of the site, its worker and the API: owns nothing, and gets no row without a pass
pass                what an entry in the ledger gives to one connection for a short time: the rows behind the policies
"""
