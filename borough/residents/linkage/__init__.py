"""Who is who: records that no key joins, brought together as people.

standardise  one table of records in, one of comparable values out
comparisons  what can agree between two records, how well, and how we say so to a person
model        how much each agreement is worth, learnt from the records themselves (Splink)
households   the third kind of pair: neither one person nor strangers, but one home
predict      the pairs worth believing, with the weight of their evidence in bits
cluster      pairs into people, best evidence first, refusing what cannot be one person
pipeline     all of it, stage by stage
evaluate     how right it is, on records whose truth is known

This is the only place that knows Splink. Nothing here touches the house's database.
"""
