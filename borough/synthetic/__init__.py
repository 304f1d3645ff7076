"""The rehearsal borough."""
