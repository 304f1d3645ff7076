"""Requests for help, from the ask to a confirmed outcome.

Glossary
--------
kind       what a council service declares about its cases: needs, target days, who works them, wordings
case       one person's request to one council service
need       what they ask for, such as food or a prescription fetched
urgency    how soon, by the service's own triage rule; it sets the date that the case is due
queue      the cases that are not closed, as those who work them see them
delivered  the help was given, says whoever gave it; met: the person says that their need was met
referral   a case handed to a service of the directory, with the person's consent
"""
