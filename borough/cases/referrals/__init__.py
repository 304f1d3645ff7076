"""Tasks handed to services of the directory: asked, answered, chased, passed on, and forgotten when they are over.

Glossary
--------
referral   a task that a service was asked to take on, with the person's recorded consent
covers     whether the consent is for this service alone, or also for similar ones should it say no
partner    somebody who answers for an organisation of the directory, signed in or behind a proved link
link       the address that goes to a service's mailbox; it opens once whoever reads that mailbox has typed its code,
           and from then on in that browser alone
"""
