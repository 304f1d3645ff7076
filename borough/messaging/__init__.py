"""Messages to residents and their answers: campaigns, wording, preferences, quiet hours, replies.

Glossary
--------
campaign    one message to many residents, each of whom gets it once at most
message     one text or e-mail, out to a resident or in from one
wording     what a message says, with ((placeholders)) for what differs from person to person
channel     how a message travels: sms or email
preference  whether a resident lets us use a channel; a "no" holds until they say otherwise
quiet hours when we send nothing: before 9am, after 8pm, on Sundays
sender      the system that carries messages, behind the port `MessageSender`
reading     what a reply was taken to mean: help, stop, no, or other, which a person reads
"""
