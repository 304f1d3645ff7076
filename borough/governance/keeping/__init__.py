"""What is kept no longer than it may be: each table says how long, a nightly job deletes, a legal hold forbids it.

Glossary
--------
end         the day on which a row's time is over: the time of its table after the day in the column that it counts from
legal hold  what must be kept although its time is over, because of a claim or an inquiry: of a resident, a room or all
"""
