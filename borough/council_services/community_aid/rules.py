"""How urgent a request for community aid is, and which need a text speaks of.

Source: community aid policy of the rehearsal borough, 1 November 2026. A council that adopts this folder replaces
the paragraphs that each rule cites by its own.
"""

import re

from borough.cases.kinds import Facts

# Policy of 1 November 2026, paragraph 2: days from the ask until help is there.
TARGET_DAYS = {"urgent": 1, "soon": 3, "routine": 7}

# Paragraph 3: words that tell of danger or of a cupboard that is empty now, whatever the person asked for.
_URGENT = re.compile(
    r"\b(no food|nothing to eat|not eaten|no milk for (the|my) baby|starving|hungry|"
    r"(ran|run|running|am|are) out of (food|medicine|medication|tablets|insulin)|"
    r"no (medicine|medication|tablets|insulin|inhaler)|none left|insulin|inhaler|"
    r"(fell|fallen)|ca ?n[o']?t cope|emergency)\b"
)

# Paragraph 4: the need that a text names. Food is looked for last: "shopping for food" is shopping.
_NEED_WORDS = {
    "prescriptions": r"prescription|medicine|medication|tablets?|pharmacy|chemist|insulin|inhaler",
    "dog_walking": r"dogs?\b|walk(ing|ed)? (him|her|the dog)",
    "shopping": r"shopping|shops?\b|groceries|supermarket",
    "isolation": r"lonely|alone|loneliness|isolated|to talk|company|chat\b|nobody|no one",
    "food": r"food|eat|hungry|meals?|milk|bread",
}


def triage(facts: Facts) -> str:
    """urgent, soon or routine."""
    said = facts.get("text", "").lower().replace("’", "'")
    if _URGENT.search(said):
        return "urgent"  # paragraph 3
    if facts["need"] == "food":
        return "urgent"  # paragraph 5: too little to eat waits for nobody
    if facts["need"] == "dog_walking":
        return "routine"  # paragraph 6
    return "soon"  # paragraph 6


def recognise_need(text: str) -> str:
    """The need that this text speaks of. Without a clue it is food: paragraph 4, assume what cannot wait."""
    said = text.lower()
    return next((need for need, words in _NEED_WORDS.items() if re.search(rf"\b({words})", said)), "food")
