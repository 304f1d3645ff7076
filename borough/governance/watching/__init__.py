"""Who looks at whom oddly: flagged at night for an information governance officer, who judges. The looker is not told.

Glossary
--------
flag        looks that may not be for work: very many people, somebody's own home or neighbours, a protected person
home        where a member of staff says they live, so that looks at their own family and neighbours can be told
protected   a resident whom people are curious about, such as a councillor; each look at them is judged
"""
