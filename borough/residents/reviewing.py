"""People decide who is who: same or different, merge, split, move a record, and take it back.

Each act appends decisions and links the people that they touch again, in one transaction. Nothing is ever changed or
deleted: to take an act back is a decision too.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from django.db import transaction
from django.utils.translation import gettext as _

from borough.accounts.policies import Viewer
from borough.common import clock
from borough.common.errors import NotFound, Problem, WrongState
from borough.common.ids import mint_id
from borough.governance.door import log_write, open_door
from borough.residents.drafting import Drafts, evident, hold_together, join_residents, override
from borough.residents.linking import relink
from borough.residents.models import Decision
from borough.residents.pair_facts import PairFacts, pair_facts, person_of, records_of, residents_of, standing_of
from borough.residents.policies import check_may_review, is_read_twice, second_reader_for
from borough.residents.queries import current_id

SAYS = ("same", "different", "unsure")
OPPOSITE = {"same": "different", "different": "same"}
LONGEST_WHY = 500


@dataclass(frozen=True)
class Act:
    """What was decided, by its reference. `waits_because` is a key of policies.SECOND_READER where it is not in force
    yet, else empty."""

    act: str
    waits_because: str = ""


def decide_pair(*, by: Viewer, purpose: str, low: int, high: int, says: str, why: str = "") -> Act:
    """Say "same", "different" or "unsure" of two records. Raises Problem where a reason is needed and missing.

    Where the pair waits for another reader, this is that reading: of the whole act that it is part of.
    """
    check_may_review(by, purpose)
    with transaction.atomic():
        log_write(by=by, purpose=purpose, verb="residents.decide_pair", residents=residents_of([low, high]).values())
        facts = pair_facts(low, high)
        if says not in SAYS:
            raise Problem(_("Choose same, different or not sure."))
        if facts.must_say_why(says) and not why.strip():
            raise Problem(_("Say why: this overrides what the index or somebody else says."))
        if facts.standing.awaits:
            return _read_again(by, purpose, facts, says, why)
        drafts, because = Drafts(), ""
        drafts.add(low, high, says)
        if says == "same" and not facts.joined:
            because = join_residents(
                drafts, [facts.resident_of[low], facts.resident_of[high]], refused=bool(facts.refused)
            )
        if says != "unsure" and is_read_twice(facts.low, facts.high):
            because = because or "sample"
        return _act(by, purpose, "review", drafts, why, because)


def merge_residents(*, by: Viewer, purpose: str, resident_id: str, other_id: str, why: str) -> Act:
    """Decide that two residents are one person."""
    check_may_review(by, purpose)
    with transaction.atomic():
        # Ids that people type may be of before a merge.
        resident_id, other_id = current_id(resident_id), current_id(other_id)
        log_write(by=by, purpose=purpose, verb="residents.merge_residents", residents=[resident_id, other_id])
        _check_says_why(why)
        one, other = records_of(resident_id), records_of(other_id)
        if resident_id == other_id:
            raise Problem(_("That is the same resident."), _("Give the id of the other one."))
        drafts = Drafts()
        drafts.add(min(one), min(other), "same")
        return _act(by, purpose, "merge", drafts, why, join_residents(drafts, [resident_id, other_id]))


def split_resident(*, by: Viewer, purpose: str, resident_id: str, groups: Sequence[Collection[int]], why: str) -> Act:
    """Decide that the records of a resident are of several people: `groups` has each of its records once."""
    check_may_review(by, purpose)
    with transaction.atomic():
        resident_id = current_id(resident_id)
        log_write(by=by, purpose=purpose, verb="residents.split_resident", residents=[resident_id])
        _check_says_why(why)
        held = records_of(resident_id)
        if sorted(record for group in groups for record in group) != sorted(held):
            raise WrongState(_("The resident's records have changed since you opened the page."), _("Look again."))
        if len(groups) < 2 or not all(groups):
            raise Problem(_("Put the records into two groups at least."))
        drafts = Drafts()
        for group in groups:
            hold_together(drafts, group)
        for one, other in combinations(groups, 2):
            for pair in product(one, other):
                drafts.add(*pair, "different")
        return _act(by, purpose, "split", drafts, why)


def move_record(*, by: Viewer, purpose: str, record_id: int, to: str, why: str) -> Act:
    """Decide that a record is of another resident, or with `to` empty of a person of its own."""
    check_may_review(by, purpose)
    with transaction.atomic():
        old, to = residents_of([record_id]).get(record_id, ""), current_id(to)
        log_write(by=by, purpose=purpose, verb="residents.move_record", residents=filter(None, [old, to]))
        _check_says_why(why)
        if not old:
            raise NotFound(_("There is no such record."))
        if old == to:
            raise Problem(_("The record is this resident's already."), _("Choose another resident."))
        rest = records_of(old) - {record_id}
        goal = records_of(to) if to else set()
        if not rest and not goal:
            raise Problem(_("This is the resident's only record."), _("Choose the resident that it is of."))
        drafts = Drafts()
        hold_together(drafts, rest)
        # Also from whoever the evidence would give it to next.
        for other in (rest | evident(record_id)) - goal:
            drafts.add(record_id, other, "different")
        because = ""
        if goal:
            drafts.add(record_id, min(goal), "same")
            because = override(drafts, {record_id}, goal, second_reader_for(person_of([record_id]), person_of(goal)))
        return _act(by, purpose, "move", drafts, why, because)


def undo_act(*, by: Viewer, purpose: str, act: str, why: str = "") -> Act:
    """Take an act back: all its decisions that have not been taken back yet. What stood before stands again."""
    check_may_review(by, purpose)
    with transaction.atomic():
        open_door(viewer=by, purpose=purpose, verb="residents.undo_act")
        rows = list(Decision.objects.filter(act=act).select_for_update().order_by("id"))
        if not rows:
            raise NotFound(_("There is no such decision."))
        former = [row for row in rows if row.undoes_id is None]
        taken_back = set(Decision.objects.filter(undoes__in=former).values_list("undoes_id", flat=True))
        former = [row for row in former if row.pk not in taken_back]
        if not former:
            raise WrongState(_("This has been taken back already."), _("Decide again if you need to."))
        records = {record for row in former for record in (row.low, row.high)}
        log_write(by=by, purpose=purpose, verb="residents.undo_act", residents=residents_of(records).values())
        undo, now = mint_id("D"), clock.now()
        Decision.objects.bulk_create(
            Decision(
                act=undo, kind="undo", low=row.low, high=row.high, says=row.says, why=why.strip()[:LONGEST_WHY],
                undoes=row, by=by.id, at=now,
            )
            for row in former
        )  # fmt: skip
        relink(sorted(records), by=by, purpose=purpose)
        return Act(undo)


def _read_again(by: Viewer, purpose: str, facts: PairFacts, says: str, why: str) -> Act:
    """A further reading, of the whole act that waits: who says otherwise says otherwise of each of its pairs."""
    if by.id in facts.standing.readers:
        raise WrongState(_("You have read this pair already."), _("Somebody else reads it next."))
    asked = list(Decision.objects.filter(act=facts.standing.asked_in, undone_by=None).order_by("id"))
    said = next(row.says for row in asked if (row.low, row.high) == (facts.low, facts.high))
    drafts = Drafts()
    for row in asked:
        agreed = row.says if says == said else OPPOSITE[row.says]
        drafts.add(row.low, row.high, "unsure" if says == "unsure" else agreed)
    act = _act(by, purpose, "review", drafts, why, needs_second=True)
    return Act(act.act, "disagree" if standing_of(facts.low, facts.high).awaits else "")


def _act(
    by: Viewer, purpose: str, kind: str, drafts: Drafts, why: str, because: str = "", *, needs_second: bool = False
) -> Act:
    """Append the decisions and, unless they wait for a second reader, let them take effect.

    `needs_second` without `because`: a further reading, which may be the last that was needed.
    """
    act, now = mint_id("D"), clock.now()
    Decision.objects.bulk_create(
        Decision(
            act=act, kind=kind, low=low, high=high, says=says, why=why.strip()[:LONGEST_WHY],
            needs_second=needs_second or bool(because), by=by.id, at=now,
        )
        for (low, high), says in drafts.says.items()
    )  # fmt: skip
    if not because:
        relink(sorted({record for pair in drafts.says for record in pair}), by=by, purpose=purpose)
    return Act(act, because)


def _check_says_why(why: str) -> None:
    if not why.strip():
        raise Problem(_("Say why, so that whoever looks at it later can understand it."))
