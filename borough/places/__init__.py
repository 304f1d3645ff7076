"""Where things are: the borough's areas and its addresses.

Glossary
--------
area        a piece of the borough with a code and an outline; a small area (LSOA) lies in a ward
small area  the unit in which residents are counted and published, some 1,500 people
residents   on an area: how many people the Census counts there; None where nobody has counted
UPRN        Unique Property Reference Number, one for each addressable property
place       an address with its UPRN, its point and its small area
point       latitude and longitude in degrees (WGS 84)
"""
