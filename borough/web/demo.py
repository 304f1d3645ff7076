"""The whole loop on a made-up borough: from council extracts to help delivered, through the same verbs as real work.

The rehearsal takes place over the three working days before today, so that the site then shows finished work, and no
message waits for a quiet hour to end. Residents and volunteers are played by `adapters/rehearsal_residents`, which
sees only what their phones would see.
"""

from collections.abc import Callable

Progress = Callable[[int, int], None]
