"""Social prescribing: residents find something near them that does them good, and refer themselves to it."""
