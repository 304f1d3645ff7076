"""Decisions about people that a rule takes or helps to take, and how a person can challenge them.

Glossary
--------
rule       data in, decision out: a pure function declared by the room where it lives, with a version
solely     taken by the rule alone, no person taking part in a way that matters (UK GDPR Article 22A)
proposed   what a rule suggests and a person has not decided yet
told       the person was sent what was decided, why, and a link to answer
contested  the person has answered: somebody other than who decided looks again (UK GDPR Article 22C)
"""
