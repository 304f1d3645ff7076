"""Cases that wait in another system, brought in from a CSV file: looked over before anything is opened.

Glossary
--------
backlog   a file as it was uploaded, and how far its cases are opened
reject    a line that could not be taken in, kept whole with its reason
"""
