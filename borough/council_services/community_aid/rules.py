"""How urgent a request for community aid is, which need a text speaks of, and who may be sent.

Source: community aid policy of the rehearsal borough, 1 November 2026, after what councils such as Hammersmith & Fulham
ran in 2020. A council that adopts this folder replaces the paragraphs that each rule cites by its own.
"""

import re

from borough.cases.kinds import Facts

# Policy of 1 November 2026, paragraph 2: days from the ask until help is there; working days, but for what is urgent.
TARGET_DAYS = {"urgent": 1, "soon": 3, "routine": 7}
IN_WORKING_DAYS = frozenset({"soon", "routine"})

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

# Paragraph 7: medicine that lasts two days or less does not wait for the next round.
_FEW_DAYS = ("none", "two")
# Paragraph 8: a volunteer who holds medicine, or comes into somebody's life again and again, has a DBS check in date.
CHECKED_NEEDS = frozenset({"prescriptions", "isolation"})


def triage(facts: Facts) -> str:
    """urgent, soon or routine."""
    said = facts.get("text", "").lower().replace("’", "'")
    if _URGENT.search(said):
        return "urgent"  # paragraph 3
    if facts["need"] == "food":
        return "urgent"  # paragraph 5: too little to eat waits for nobody
    if facts["need"] == "prescriptions" and facts.get("medicine_left") in _FEW_DAYS:
        return "urgent"  # paragraph 7
    if facts["need"] == "isolation" and facts.get("talked_to") == "nobody":
        return "urgent"  # paragraph 9: who has spoken to nobody for a week is called the next day
    if facts["need"] == "shopping" and facts.get("food_left") == "today":
        return "urgent"  # paragraph 5 holds for shopping too
    if facts["need"] == "dog_walking":
        return "routine"  # paragraph 6
    return "soon"  # paragraph 6


def recognise_need(text: str) -> str:
    """The need that this text speaks of. Without a clue it is food: paragraph 4, assume what cannot wait."""
    said = text.lower()
    return next((need for need, words in _NEED_WORDS.items() if re.search(rf"\b({words})", said)), "food")
