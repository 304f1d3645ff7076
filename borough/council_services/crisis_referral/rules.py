"""How urgent a need is that a conversation found, and which need a text speaks of.

Source: crisis referral policy of the rehearsal borough, 1 November 2026. A council that adopts this folder replaces
the paragraphs that each rule cites by its own.
"""

import re

from borough.cases.kinds import Facts

# Policy of 1 November 2026, paragraph 2: days from the conversation until somebody has been reached.
TARGET_DAYS = {"urgent": 1, "soon": 5, "routine": 10}
# Paragraph 7: working days in which a service answers; it is reminded on the way.
ANSWER_DAYS = 5

# Paragraph 3: danger to life or safety, whatever the need is called. Domestic Abuse Act 2021 section 1 says what abuse
# is: also controlling, coercive or economic.
_DANGER = re.compile(
    r"\b(suicid\w*|kill (my|him|her|them)sel(f|ves)|end (it all|my life)|self[- ]?harm\w*|overdose|"
    r"not safe|unsafe|afraid of (him|her|my)|scared of (him|her|my)|hits? me|hurts? me|strangl\w*|threaten\w*)\b"
)
# Paragraph 4: nowhere to sleep. Housing Act 1996 section 188: the council's duty begins the same day.
_NO_ROOF = re.compile(r"\b(tonight|homeless|on the street|sleeping (rough|in (the|my) car)|locked out|bailiffs?)\b")
# Paragraph 5: nothing to eat, heat or take.
_NOTHING_LEFT = re.compile(
    r"\b(no (food|heating|hot water|electric(ity)?|gas|medicine)|nothing to eat|not eaten|"
    r"(ran|run|running) out of (food|credit|gas|electric(ity)?|medicine|money)|cut off|disconnected)\b"
)

# Paragraph 6: the need that a text names; abuse is looked for first, money last.
_NEED_WORDS = {
    "domestic_abuse": r"abus\w*|violen\w*|afraid of|scared of|hits? me|hurts? me|controls? me|refuge",
    "mental_health": r"suicid\w*|depress\w*|anxi\w*|panic|mental|cope|self[- ]?harm",
    "housing": r"evict\w*|homeless|landlord|tenancy|housing|somewhere to (live|stay)|damp|bailiff",
    "food": r"food|eat(ing)?|hungry|meals?",
    "energy": r"heating|electric(ity)?|gas\b|energy|meter|cold",
    "caring": r"car(e|ing) for|carer|look(ing)? after (my|him|her)",
    "debt": r"debts?|arrears|loans?|owe|credit card",
    "work": r"jobs?\b|work\b|redundan\w*|employ\w*",
    "digital": r"internet|online|computer|broadband|data\b",
    "loneliness": r"lonely|alone|loneliness|isolated|nobody to talk",
    "money": r"money|benefits?|universal credit|bills?|rent\b|afford",
}


def triage(facts: Facts) -> str:
    """urgent, soon or routine."""
    said = facts.get("text", "").lower().replace("’", "'")
    if facts["need"] == "domestic_abuse" or _DANGER.search(said):
        return "urgent"  # paragraph 3
    if facts["need"] == "food" or _NO_ROOF.search(said) or _NOTHING_LEFT.search(said):
        return "urgent"  # paragraphs 4 and 5
    if facts["need"] in ("housing", "energy", "debt", "money", "mental_health"):
        return "soon"  # paragraph 6: they get worse by waiting
    return "routine"


def recognise_need(text: str) -> str:
    """The need that this text speaks of; money where it names none: most other needs begin there (paragraph 6)."""
    said = text.lower().replace("’", "'")
    return next((need for need, words in _NEED_WORDS.items() if re.search(rf"\b({words})", said)), "money")
