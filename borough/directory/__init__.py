"""The help there is: organisations, their services and where they are, in the words of Open Referral UK.

Glossary
--------
organization  who runs services: the council itself, a charity, a surgery
service       one kind of help that an organization gives
location      a place where it is given
term          a word of a taxonomy that says what the service is for
reject        an entry of an imported file that could not be read, kept with its reason
"""
