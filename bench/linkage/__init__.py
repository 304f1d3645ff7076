"""Linkage beside its peers; see README.md."""
