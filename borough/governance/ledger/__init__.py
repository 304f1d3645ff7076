"""The ledger's seal: what was written is fixed within seconds, and whoever changes it later is found out.

Entries are sealed in batches of a thousand: one hash over them all (Merkle 1979), chained to the batch before it.
Sealing follows the writing and does not hold it up.
"""
