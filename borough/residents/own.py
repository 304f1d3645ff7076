"""Who is who, for a resident's own record in governance, which cannot look into the index."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from borough.accounts.policies import Viewer
from borough.governance.watching.rules import Home
from borough.residents import correcting, erasure, queries
from borough.residents.models import Resident


class ResidentsIndex:
    """Governance's port `People`, on the residents index."""

    def ids_of(self, resident_id: str) -> Collection[str]:
        return queries.ids_of([resident_id])[resident_id].keys()

    def ids_of_all(self, resident_ids: Collection[str]) -> Collection[str]:
        return {same for known in queries.ids_of(resident_ids).values() for same in known}

    def homes_of(self, resident_ids: Collection[str]) -> Mapping[str, Home]:
        ids = sorted(resident_ids)
        homes: dict[str, Home] = {}
        for start in range(0, len(ids), queries.CHUNK):
            rows = Resident.objects.filter(id__in=ids[start : start + queries.CHUNK])
            homes |= {
                each: Home(surname, code) for each, surname, code in rows.values_list("id", "surname", "postcode")
            }
        return homes

    def born_on(self, resident_id: str, *, viewer: Viewer, purpose: str) -> date | None:
        found = queries.list_contacts([resident_id], viewer=viewer, purpose=purpose)
        return found[resident_id].born_on if resident_id in found else None

    def correct(self, ids: Collection[str], field: str, should_be: str) -> tuple[str, list[tuple[str, str]]]:
        return correcting.correct_records(ids, field, should_be)

    def let_go(self, source: str, key: str, field: str) -> None:
        correcting.let_go(source, key, field)

    def keep_away(self, ids: Collection[str]) -> list[tuple[str, str]]:
        return erasure.keep_away(ids)

    def keep_away_hashes(self, hashes: Iterable[tuple[str, str]]) -> None:
        erasure.keep_away_hashes(hashes)
