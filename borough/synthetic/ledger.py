"""The rents ledger: what each council tenancy was charged and paid over the last quarter."""

import random
from collections.abc import Iterator
from datetime import timedelta

from borough.synthetic.person import AS_AT, Household
from borough.synthetic.systems_money import rent_balance, tenancy_ref, weekly_rent

LEDGER_COLUMNS = ("tenancy_ref", "date", "kind", "amount", "balance")
WEEKS = 13


def ledger_rows(household: Household, rng: random.Random) -> Iterator[tuple[str, str, str, str, str]]:
    """Thirteen weeks of one tenancy, oldest first, in pounds; the last balance is the one in the rents extract.

    A debit (kind "rent") adds to the balance, a payment takes from it.
    """
    if not household.is_council_tenancy:
        return
    rent = weekly_rent(household)
    end = rent_balance(household)
    # Tenants in arrears missed some of their payments.
    pays = 0.72 if end > rent else 0.98
    entries: list[tuple[int, str, float]] = []
    for week in range(WEEKS):
        entries.append((week * 7, "rent", rent))
        if rng.random() < pays:
            entries.append((week * 7 + rng.randrange(1, 6), "payment", -rent))
    balance = end - sum(amount for _, _, amount in entries)
    start = AS_AT - timedelta(days=WEEKS * 7)
    for day, kind, amount in entries:
        balance += amount
        yield tenancy_ref(household), (start + timedelta(days=day)).isoformat(), kind, f"{amount:.2f}", f"{balance:.2f}"
