"""Break-glass: in an emergency a member of staff opens what they otherwise may not, at once, and answers for it after.

Glossary
--------
break     one opening: by whom, why, for one resident or a search; it ends after an hour
review    what somebody else in the information governance team makes of it: justified or not
"""
