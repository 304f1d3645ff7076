"""Guided conversations: what to ask by topic, what applies, and what each leads to."""
