"""The rehearsal borough: files as a council's systems would export them, about people who do not exist.

It knows no other room. The demo loads what it writes through the same door as a real extract.

Glossary
- extract: the file that one council system exports, with that system's own columns, formats and faults.
- mapping: the TOML file beside an extract that says what its columns mean.
- truth: who each row is really about (`truth/`). Nothing reads it but evaluation and the simulated residents.
- small area: about 1,600 residents; a census LSOA on real geography.
- naming group: the naming tradition that a family follows, by which linkage is measured for fairness.
- slip: a mistake that a clerk or a system makes with a name, a date or an address.
"""

from borough.synthetic.rehearsal import Manifest, write_rehearsal

__all__ = ["Manifest", "write_rehearsal"]
