"""Who is who: records that no key joins, brought together as people.

standardise  one table of records in, one of comparable values out, each record by itself
corpus       what all records together say of a value: counted once, kept with the model
communities  how common a surname is among those with whom it is shared
comparisons  what can agree between two records, how well, and how we say so to a person
training     how much each agreement is worth, learnt from the records themselves (Splink)
households   the third kind of pair: neither one person nor strangers, but one home
model        all that was learnt, to be kept
scoring      the weight of a pair in bits, as SQL
agreeing     the pairs that agree on all columns of a rule
predict      the pairs worth believing
moves        what others of two homes say of a pair: whoever moves seldom moves alone
joining      records into people, best evidence first, refusing what cannot be one person
cluster      the same over tables
pipeline     all of it, stage by stage
persons      what the records of one person say together
scorer       one pair, and why: the SQL of scoring compiled to Python, for whoever is waited for
single       one record made comparable, the same way
compiled     SQL over one row as a Python function; translation and functions are what it is made of
spark        all of it past one machine
evaluate     how right it is, on records whose truth is known

This is the only place that knows Splink. Nothing here touches the house's database.
"""
