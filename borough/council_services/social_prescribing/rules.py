"""How soon somebody hears who asks for something that does them good, and which need a text speaks of.

Source: social prescribing policy of the rehearsal borough, 1 November 2026. A council that adopts this folder replaces
the paragraphs that each rule cites by its own.
"""

import re

from borough.cases.kinds import Facts

# Policy of 1 November 2026, paragraph 2: days from the ask until they have heard from a service.
TARGET_DAYS = {"urgent": 2, "soon": 14, "routine": 21}
# Paragraph 4: working days in which a service answers.
ANSWER_DAYS = 10

# Paragraph 3: this is not the way to help in a crisis; a person reads it the same day.
_CRISIS = re.compile(
    r"\b(suicid\w*|kill mysel\w*|end (it all|my life)|self[- ]?harm\w*|ca ?n[o']?t (cope|go on)|not safe|no food|"
    r"nothing to eat|homeless|evict\w*)\b"
)

# Paragraph 5: the need that a text names.
_NEED_WORDS = {
    "bereavement": r"died|death|bereave\w*|grief|griev\w*|lost my (husband|wife|partner|mum|mother|dad|father|son)",
    "carers": r"carer|car(e|ing) for|look(ing)? after my",
    "money": r"money|benefits?|debts?|bills?",
    "learning": r"learn\w*|english|class(es)?|course|computer|digital|online",
    "work": r"jobs?\b|work\b|volunteering",
    "activity": r"exercise|active|walk\w*|sport|swim\w*|danc\w*|yoga|gym|falls?\b",
    "food": r"cook\w*|meals?|lunch|eat\w*",
    "families": r"child\w*|baby|toddler|family|parents?",
    "wellbeing": r"anxi\w*|depress\w*|low\b|stress\w*|sleep\w*|mental|wellbeing|worr\w*",
    "company": r"lonely|alone|company|friends?|people|chat|isolated|group",
}


def triage(facts: Facts) -> str:
    """urgent, soon or routine."""
    said = facts.get("text", "").lower().replace("’", "'")
    if _CRISIS.search(said):
        return "urgent"  # paragraph 3
    return "soon" if facts["need"] in ("bereavement", "carers", "money", "wellbeing") else "routine"  # paragraph 2


def recognise_need(text: str) -> str:
    """The need that this text speaks of; company where it names none (paragraph 5)."""
    said = text.lower().replace("’", "'")
    return next((need for need, words in _NEED_WORDS.items() if re.search(rf"\b({words})", said)), "company")
