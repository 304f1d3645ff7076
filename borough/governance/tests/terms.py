"""Terms that are whole: an agreement with them can be approved by whoever drafted it."""

from borough.governance.register.drafting import Terms

WHOLE: Terms = {
    "roles": ["link_worker"],
    "fields": ["name"],
    "sources": ["council_tax"],
    "parties": ["council"],
    "controllers": "sole",
    "necessity": "Without a name nobody can be asked for.",
    "lawful_basis": "6-1-e",
    "legal_power": "Care Act 2014 section 2",
    # Not used while nothing special is opened; there for tests that open more.
    "article_9": "9-2-h",
    "schedule_1": "2",
    "article_10": "none",
    "dpia": "None needed: a test.",
    "retention": "Until the test ends.",
    "security": "Made-up people.",
    "rights": "The council answers.",
    "frequency": "Once",
}
