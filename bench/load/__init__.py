"""Many people at once on one site, with processes killed in the middle; afterwards nothing may be lost or doubled."""
