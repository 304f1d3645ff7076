"""Deciding who is who, on a small linked rehearsal."""

import os
import random
from collections.abc import Callable, Sequence
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from borough.accounts.policies import IG_OFFICER, Viewer
from borough.common.errors import NotAllowed, NotFound, Problem, WrongState
from borough.residents.actions import (
    Act,
    decide_pair,
    merge_residents,
    move_record,
    split_resident,
    undo_act,
)
from borough.residents.deciding import decisions_in_force
from borough.residents.events import ResidentsSplit
from borough.residents.models import (
    Decision,
    Household,
    Membership,
    Pair,
    Record,
    Resident,
    SearchTerm,
)
from borough.residents.pair_facts import person_of
from borough.residents.policies import RESTRICTED_SOURCES, REVIEW, is_read_twice, second_reader_for
from borough.residents.queries import (
    current_id,
    find_next_to_review,
    list_decisions,
    list_to_review,
    measure_agreement,
    read_pair,
)
from borough.synthetic.rehearsal import write_rehearsal


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rehearsal")
    write_rehearsal(folder, residents=700, seed=9)
    return folder


@pytest.fixture
def second(open_agreements: None) -> Viewer:
    return Viewer(kind="staff", id="USECOND", name="Second", roles=frozenset({IG_OFFICER}))


@pytest.fixture
def third(open_agreements: None) -> Viewer:
    return Viewer(kind="staff", id="UTHIRD", name="Third", roles=frozenset({IG_OFFICER}))


def held() -> dict[int, str]:
    return dict(Membership.objects.filter(ended_at=None).values_list("record_id", "resident_id"))


def people() -> set[frozenset[int]]:
    """Who is who, whatever their ids."""
    groups: dict[str, set[int]] = {}
    for record, resident in held().items():
        groups.setdefault(resident, set()).add(record)
    return {frozenset(group) for group in groups.values()}


def state() -> dict[str, Any]:
    """All that a decision may change, but for what is history."""
    return {
        "memberships": sorted(
            Membership.objects.filter(ended_at=None).values_list("record_id", "resident_id", "natural_id")
        ),
        "households": {row["id"]: row for row in Household.objects.filter(ended_on=None).values()},
        "terms": sorted(SearchTerm.objects.values_list("kind", "term", "resident_id")),
        "residents": {row["id"]: row for row in Resident.objects.filter(retired_at=None).values()},
        "pairs": list(Pair.objects.order_by("low", "high").values_list("low", "high", "refused", "worth")),
    }


def large(records: int) -> list[str]:
    """The residents with so many records, none of a restricted source, in the order of their records."""
    groups: dict[str, list[int]] = {}
    for record, resident in sorted(held().items()):
        groups.setdefault(resident, []).append(record)
    closed = Membership.objects.filter(ended_at=None, record__source__in=RESTRICTED_SOURCES)
    hidden = set(closed.values_list("resident_id", flat=True))
    return [resident for resident, own in groups.items() if len(own) == records and resident not in hidden]


def two_for_one_reader(records: int, others: int) -> tuple[str, str]:
    """Two residents with so many records whom one reader alone may join."""
    for one, other in product(large(records), large(others)):
        if one != other and not second_reader_for(person_of(records_of(one)), person_of(records_of(other))):
            return one, other
    raise AssertionError("no such two residents in this rehearsal")


def records_of(resident: str) -> list[int]:
    return sorted(record for record, own in held().items() if own == resident)


def plain_pair(viewer: Viewer) -> tuple[int, int]:
    """The first pair in the queue of two residents, that one reader may decide and that is not refused."""
    now = held()
    for low, high in Pair.objects.filter(worth__isnull=False, refused="").order_by("-worth").values_list("low", "high"):
        view = read_pair(low, high, viewer=viewer, purpose=REVIEW)
        if now[low] != now[high] and not view.second_reader and not is_read_twice(low, high):
            return low, high
    raise AssertionError("no such pair in this rehearsal")


def joined_pair() -> tuple[int, int]:
    now = held()
    for low, high, weight in Pair.objects.order_by("weight").values_list("low", "high", "weight"):
        if now[low] == now[high] and weight < 9 and not is_read_twice(low, high):
            return low, high
    raise AssertionError("no such pair in this rehearsal")


@pytest.mark.usefixtures("linked")
class TestDeciding:
    def test_same_joins_and_undo_restores(self, analyst: Viewer) -> None:
        before = state()
        low, high = plain_pair(analyst)
        act = decide_pair(by=analyst, purpose=REVIEW, low=low, high=high, says="same")
        assert not act.waits_because
        assert held()[low] == held()[high]
        undo_act(by=analyst, purpose=REVIEW, act=act.act)
        assert state() == before

    def test_different_parts_and_undo_restores(self, analyst: Viewer) -> None:
        before = state()
        low, high = joined_pair()
        act = decide_pair(by=analyst, purpose=REVIEW, low=high, high=low, says="different", why="Twins.")
        assert held()[low] != held()[high]
        undo_act(by=analyst, purpose=REVIEW, act=act.act)
        assert state() == before

    def test_unsure_changes_nothing_and_is_kept(self, analyst: Viewer, second: Viewer) -> None:
        before = held()
        low, high = plain_pair(analyst)
        decide_pair(by=analyst, purpose=REVIEW, low=low, high=high, says="unsure")
        assert held() == before
        assert Decision.objects.get().says == "unsure"
        assert find_next_to_review(viewer=analyst, purpose=REVIEW) != (low, high)

    def test_to_override_a_reason_is_asked(self, analyst: Viewer) -> None:
        low, high = next(
            (low, high)
            for low, high in Pair.objects.filter(weight__gt=15).values_list("low", "high")
            if held()[low] == held()[high]
        )
        with pytest.raises(Problem, match="Say why"):
            decide_pair(by=analyst, purpose=REVIEW, low=low, high=high, says="different")
        assert not Decision.objects.exists()

    def test_who_may_not_is_refused(self, link_worker: Viewer, analyst: Viewer) -> None:
        low, high = joined_pair()
        for who, purpose in ((link_worker, REVIEW), (analyst, "residents-index")):
            with pytest.raises(NotAllowed):
                decide_pair(by=who, purpose=purpose, low=low, high=high, says="same")


@pytest.mark.usefixtures("linked")
class TestMergeSplitMove:
    def test_merge_joins_all_records_and_leads_the_old_id_on(self, analyst: Viewer) -> None:
        before = state()
        one, other = two_for_one_reader(3, 2)
        both = {*records_of(one), *records_of(other)}
        act = merge_residents(by=analyst, purpose=REVIEW, resident_id=one, other_id=other, why="Same passport.")
        assert not act.waits_because
        assert frozenset(both) in people()
        assert current_id(one) == current_id(other)
        undo_act(by=analyst, purpose=REVIEW, act=act.act)
        assert state() == before

    def test_an_id_of_before_a_merge_means_who_it_is_now(self, analyst: Viewer) -> None:
        one, other = two_for_one_reader(3, 2)
        records = [*records_of(one), *records_of(other)]
        merge_residents(by=analyst, purpose=REVIEW, resident_id=one, other_id=other, why="Same passport.")
        with pytest.raises(Problem, match="same resident"):
            merge_residents(by=analyst, purpose=REVIEW, resident_id=one, other_id=other, why="Again.")
        groups = [records[:3], records[3:]]
        old = one if current_id(one) != one else other
        split_resident(by=analyst, purpose=REVIEW, resident_id=old, groups=groups, why="Not the same after all.")
        assert {frozenset(group) for group in groups} <= people()

    def test_split_keeps_each_group_together_and_apart_from_the_other(self, analyst: Viewer) -> None:
        before = state()
        resident = large(5)[0]
        records = records_of(resident)
        groups = [records[:2], records[2:]]
        act = split_resident(by=analyst, purpose=REVIEW, resident_id=resident, groups=groups, why="Father and son.")
        assert {frozenset(group) for group in groups} <= people()
        undo_act(by=analyst, purpose=REVIEW, act=act.act)
        assert state() == before

    def test_who_was_told_apart_is_announced_once_for_all(
        self, analyst: Viewer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        announced: list[object] = []
        monkeypatch.setattr("borough.residents.linking.announce", announced.append)
        resident = large(5)[0]
        first, second, *rest = records_of(resident)
        groups = [[first], [second], rest]
        split_resident(by=analyst, purpose=REVIEW, resident_id=resident, groups=groups, why="Three people.")
        now = {held()[group[0]] for group in groups}
        assert announced == [ResidentsSplit(apart=dict.fromkeys(now - {resident}, resident))]

    def test_merging_what_was_split_takes_two(self, analyst: Viewer, second: Viewer) -> None:
        resident = large(5)[0]
        records = records_of(resident)
        split_resident(by=analyst, purpose=REVIEW, resident_id=resident, groups=[records[:2], records[2:]], why="Two.")
        one, other = held()[records[0]], held()[records[-1]]
        act = merge_residents(by=analyst, purpose=REVIEW, resident_id=one, other_id=other, why="One after all.")
        assert act.waits_because
        assert held()[records[0]] != held()[records[-1]]
        pair = find_next_to_review(viewer=second, purpose=REVIEW)
        assert pair is not None
        assert find_next_to_review(viewer=analyst, purpose=REVIEW) != pair
        decide_pair(by=second, purpose=REVIEW, low=pair[0], high=pair[1], says="same", why="So do I.")
        assert frozenset(records) in people()

    def test_split_again_after_two_readers_merged(self, analyst: Viewer, second: Viewer) -> None:
        self.test_merging_what_was_split_takes_two(analyst, second)
        resident = large(5)[0]
        records = records_of(resident)
        groups = [records[:3], records[3:]]
        split_resident(by=second, purpose=REVIEW, resident_id=resident, groups=groups, why="Three and two.")
        assert {frozenset(group) for group in groups} <= people()

    def test_split_of_records_that_changed_meanwhile_is_refused(self, analyst: Viewer) -> None:
        resident = large(4)[0]
        records = records_of(resident)
        with pytest.raises(WrongState):
            split_resident(
                by=analyst, purpose=REVIEW, resident_id=resident, groups=[records[:1], records[2:]], why="Two."
            )

    def test_move_takes_one_record_to_another_resident(self, analyst: Viewer) -> None:
        before = state()
        old, new = two_for_one_reader(5, 3)
        moved, rest, goal = records_of(old)[0], set(records_of(old)[1:]), set(records_of(new))
        act = move_record(by=analyst, purpose=REVIEW, record_id=moved, to=new, why="A typing error.")
        assert not act.waits_because
        assert {frozenset(rest), frozenset({*goal, moved})} <= people()
        undo_act(by=analyst, purpose=REVIEW, act=act.act)
        assert state() == before

    def test_move_to_a_new_resident(self, analyst: Viewer) -> None:
        old = large(5)[0]
        moved, rest = records_of(old)[2], [*records_of(old)[:2], *records_of(old)[3:]]
        move_record(by=analyst, purpose=REVIEW, record_id=moved, to="", why="Nobody we know.")
        assert {frozenset({moved}), frozenset(rest)} <= people()
        assert current_id(old) == held()[rest[0]]

    def test_an_act_is_taken_back_once(self, analyst: Viewer) -> None:
        low, high = joined_pair()
        act = decide_pair(by=analyst, purpose=REVIEW, low=low, high=high, says="different", why="Two.").act
        undo_act(by=analyst, purpose=REVIEW, act=act)
        with pytest.raises(WrongState):
            undo_act(by=analyst, purpose=REVIEW, act=act)
        with pytest.raises(NotFound):
            undo_act(by=analyst, purpose=REVIEW, act="DNONE")

    def test_nothing_is_changed_or_deleted(self, analyst: Viewer) -> None:
        low, high = joined_pair()
        act = decide_pair(by=analyst, purpose=REVIEW, low=low, high=high, says="different", why="Two.")
        written = list(Decision.objects.values_list())
        undo_act(by=analyst, purpose=REVIEW, act=act.act, why="A slip.")
        assert list(Decision.objects.order_by("id").values_list())[: len(written)] == written


@pytest.mark.usefixtures("linked")
class TestSecondReader:
    def refused_pair(self) -> tuple[int, int]:
        now = held()
        for low, high in (
            Pair.objects.exclude(refused__in=["", "decision"]).order_by("-weight").values_list("low", "high")
        ):
            if now[low] != now[high]:
                return low, high
        raise AssertionError("no refused pair in this rehearsal")

    def test_a_refusal_is_overridden_by_two_and_never_by_one_twice(self, analyst: Viewer, second: Viewer) -> None:
        low, high = self.refused_pair()
        before = held()
        act = decide_pair(by=analyst, purpose=REVIEW, low=low, high=high, says="same", why="I know her.")
        assert act.waits_because
        assert held() == before
        with pytest.raises(WrongState):
            decide_pair(by=analyst, purpose=REVIEW, low=low, high=high, says="same", why="I do.")
        assert not read_pair(low, high, viewer=analyst, purpose=REVIEW).may_decide
        assert find_next_to_review(viewer=second, purpose=REVIEW) == (low, high)
        assert not decide_pair(by=second, purpose=REVIEW, low=low, high=high, says="same", why="So do I.").waits_because
        assert held()[low] == held()[high]

    def test_two_who_disagree_leave_it_to_a_third(self, analyst: Viewer, second: Viewer, third: Viewer) -> None:
        low, high = self.refused_pair()
        before = held()
        decide_pair(by=analyst, purpose=REVIEW, low=low, high=high, says="same", why="I know her.")
        assert decide_pair(by=second, purpose=REVIEW, low=low, high=high, says="different").waits_because
        assert held() == before
        assert find_next_to_review(viewer=third, purpose=REVIEW) == (low, high)
        decide_pair(by=third, purpose=REVIEW, low=low, high=high, says="same", why="Her passport.")
        assert held()[low] == held()[high]

    def test_the_second_word_alone_is_not_enough(self, analyst: Viewer, second: Viewer) -> None:
        low, high = self.refused_pair()
        act = decide_pair(by=analyst, purpose=REVIEW, low=low, high=high, says="same", why="I know her.")
        decide_pair(by=second, purpose=REVIEW, low=low, high=high, says="same", why="So do I.")
        undo_act(by=analyst, purpose=REVIEW, act=act.act)
        assert held()[low] != held()[high]

    def test_readers_of_the_sample_are_compared(
        self, analyst: Viewer, second: Viewer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("borough.residents.policies.SAMPLED", 1)
        now = held()
        pairs = Pair.objects.filter(worth__isnull=False).order_by("id").values_list("low", "high")
        sample = [(low, high) for low, high in pairs if now[low] != now[high]][:2]
        for low, high in sample:
            assert decide_pair(by=analyst, purpose=REVIEW, low=low, high=high, says="different").waits_because
            assert not decide_pair(by=second, purpose=REVIEW, low=low, high=high, says="different").waits_because
        agreement = measure_agreement(viewer=analyst)
        assert (agreement.pairs, agreement.agreed) == (2, 2)


@pytest.mark.usefixtures("linked")
class TestQueue:
    def test_most_worth_first_and_decided_pairs_leave(self, analyst: Viewer) -> None:
        queue = list_to_review(viewer=analyst, purpose=REVIEW)
        first = [(row.low, row.high) for row in queue.rows]
        worth = [Pair.objects.get(low=low, high=high).worth for low, high in first]
        assert worth == sorted(worth, reverse=True)  # type: ignore[type-var]
        assert find_next_to_review(viewer=analyst, purpose=REVIEW) == first[0]
        assert find_next_to_review(viewer=analyst, purpose=REVIEW, after=first[0]) == first[1]
        decide_pair(by=analyst, purpose=REVIEW, low=first[0][0], high=first[0][1], says="different", why="Two.")
        left = [(row.low, row.high) for row in list_to_review(viewer=analyst, purpose=REVIEW).rows]
        # One decision answers several pairs where they are of one person.
        assert left[0] in first[1:]
        assert first[0] not in left
        assert find_next_to_review(viewer=analyst, purpose=REVIEW) == left[0]

    def test_pages_follow_each_other(self, analyst: Viewer) -> None:
        seen: list[tuple[int, int]] = []
        page, more = 1, True
        while more:
            queue = list_to_review(viewer=analyst, purpose=REVIEW, page=page)
            seen += [(row.low, row.high) for row in queue.rows]
            page, more = page + 1, queue.has_next
        expected = Pair.objects.filter(worth__isnull=False).order_by("-worth", "id").values_list("low", "high")
        assert seen == list(expected)

    def test_the_pair_shows_its_reasons_and_they_add_up(self, analyst: Viewer) -> None:
        low, high = plain_pair(analyst)
        view = read_pair(low, high, viewer=analyst, purpose=REVIEW)
        assert view.weight is not None
        assert sum(reason.bits for reason in view.reasons) == pytest.approx(view.weight)
        assert {"prior", "household"} <= {reason.field for reason in view.reasons}

    def test_history_says_who_when_why_and_whether_it_holds(self, analyst: Viewer) -> None:
        low, high = plain_pair(analyst)
        act = decide_pair(by=analyst, purpose=REVIEW, low=low, high=high, says="same", why="Asked her.")
        (view,) = list_decisions(held()[low], viewer=analyst, purpose=REVIEW)
        assert (view.act, view.by, view.why, view.state) == (act.act, analyst.id, "Asked her.", "in_force")
        undo_act(by=analyst, purpose=REVIEW, act=act.act)
        views = list_decisions(held()[low], viewer=analyst, purpose=REVIEW)
        assert [view.state for view in views if view.act == act.act] == ["taken_back"]


class Clerk:
    """Decides at random, as two people who may err: what the verbs refuse is no decision."""

    def __init__(self, one: Viewer, other: Viewer, draw: Callable[[int], int]) -> None:
        self.one, self.other, self.draw = one, other, draw
        self.acts: list[str] = []

    def pick(self, things: Sequence[Any]) -> Any:
        return things[self.draw(len(things))]

    def act(self) -> None:
        by = self.pick([self.one, self.other])
        try:
            done = self.pick([self.decide, self.decide, self.confirm, self.merge, self.split, self.move])(by)
        except Problem:
            return
        self.acts.append(done.act)

    def decide(self, by: Viewer) -> Act:
        low, high = self.pick(list(Pair.objects.order_by("low", "high").values_list("low", "high")))
        says = self.pick(["same", "different", "different", "unsure"])
        return decide_pair(by=by, purpose=REVIEW, low=low, high=high, says=says, why="At random.")

    def confirm(self, by: Viewer) -> Act:
        pair = find_next_to_review(viewer=by, purpose=REVIEW)
        if pair is None:
            raise NotFound("Nothing waits.")
        says = self.pick(["same", "different"])
        return decide_pair(by=by, purpose=REVIEW, low=pair[0], high=pair[1], says=says, why="At random.")

    def person(self) -> str:
        return str(held()[self.pick(sorted(held()))])

    def merge(self, by: Viewer) -> Act:
        one, other = self.person(), self.person()
        return merge_residents(by=by, purpose=REVIEW, resident_id=one, other_id=other, why="At random.")

    def split(self, by: Viewer) -> Act:
        resident = self.person()
        groups: list[list[int]] = [[], [], []]
        for record in records_of(resident):
            self.pick(groups).append(record)
        filled = [group for group in groups if group]
        return split_resident(by=by, purpose=REVIEW, resident_id=resident, groups=filled, why="At random.")

    def move(self, by: Viewer) -> Act:
        record = self.pick(sorted(held()))
        to = self.pick(["", self.person()])
        return move_record(by=by, purpose=REVIEW, record_id=record, to=to, why="At random.")


def check_rules(records: set[int]) -> None:
    """Nothing is lost, each record is of one resident, no decision in force is broken, and nobody has two NHS numbers
    unless somebody said so."""
    now = held()
    assert set(now) == records
    in_force = decisions_in_force()
    said_one = {now[low] for low, high, says in in_force if says == "same" and now[low] == now[high]}
    numbers: dict[str, set[str]] = {}
    for record, number in Record.objects.exclude(nhs_number=None).values_list("id", "nhs_number"):
        if number and record in now:
            numbers.setdefault(now[record], set()).add(number)
    assert {resident for resident, own in numbers.items() if len(own) > 1} <= said_one
    assert [(low, high) for low, high, says in in_force if says == "different" and now[low] == now[high]] == []


# A thousand take half an hour: BOROUGH_RANDOM_ACTS=1000 pytest borough/residents/tests/test_reviewing.py -k at_random
RANDOM_ACTS = int(os.environ.get("BOROUGH_RANDOM_ACTS", "0"))


@pytest.mark.usefixtures("linked")
@settings(max_examples=1 if RANDOM_ACTS else 2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), acts=st.just(RANDOM_ACTS) if RANDOM_ACTS else st.integers(3, 6))
def test_decisions_at_random_and_their_undoing_end_where_they_began(
    seed: int, acts: int, analyst: Viewer, second: Viewer
) -> None:
    # From a seed: what can be decided depends on ids that are minted anew each time.
    chance = random.Random(seed)
    before, records = state(), set(held())
    clerk = Clerk(analyst, second, chance.randrange)
    while len(clerk.acts) < acts:
        clerk.act()
        check_rules(records)
    for act in chance.sample(clerk.acts, len(clerk.acts)):
        undo_act(by=analyst, purpose=REVIEW, act=act)
        check_rules(records)
    assert state() == before


@pytest.mark.usefixtures("linked")
def test_a_household_that_a_decision_ended_goes_on_when_it_is_undone(analyst: Viewer) -> None:
    alone = Resident.objects.filter(household__size=1, retired_at=None).order_by("id")
    people = list(alone.exclude(home_since=None)[:80])
    # Each time two others: ids are minted anew, and whoever came first may be one whose home never ends.
    for one, other in zip(people[::2], people[1::2], strict=False):
        if one.uprn == other.uprn:
            continue
        act = merge_residents(by=analyst, purpose=REVIEW, resident_id=one.id, other_id=other.id, why="To try.")
        ended = [home for home in (one.household_id, other.household_id) if Household.objects.get(pk=home).ended_on]
        undo_act(by=analyst, purpose=REVIEW, act=act.act)
        lives = dict(Resident.objects.filter(pk__in=[one.id, other.id]).values_list("id", "household_id"))
        assert lives == {one.id: one.household_id, other.id: other.household_id}
        assert not Household.objects.filter(pk__in=ended).exclude(ended_on=None).exists()
        if ended:
            return
    raise AssertionError("no merge of the forty ended a household")


@pytest.mark.usefixtures("linked")
def test_decisions_undone_in_the_order_in_which_they_were_taken_leave_the_households_as_they_were(
    analyst: Viewer,
) -> None:
    """One of two people's homes is empty once they are one person, until a record of it is taken to be another's."""
    alone = Resident.objects.filter(household__size=1, retired_at=None).exclude(home_since=None).order_by("id")
    in_between = 0
    for one, other in pairwise(alone[:60]):
        mine = records_of(one.id)
        if one.uprn == other.uprn or len(mine) < 2 or in_between == 3:
            continue
        joined = merge_residents(by=analyst, purpose=REVIEW, resident_id=one.id, other_id=other.id, why="To try.")
        if Household.objects.get(pk=one.household_id).ended_on is None:
            undo_act(by=analyst, purpose=REVIEW, act=joined.act)
            continue
        moved = move_record(by=analyst, purpose=REVIEW, record_id=mine[-1], to="", why="To try.")
        somebody = Resident.objects.get(pk=held()[mine[-1]])
        in_between += somebody.uprn == one.uprn and somebody.home_since != one.home_since
        for act in (joined.act, moved.act):
            undo_act(by=analyst, purpose=REVIEW, act=act)
        lives = dict(Resident.objects.filter(pk__in=[one.id, other.id]).values_list("id", "household_id"))
        assert lives == {one.id: one.household_id, other.id: other.household_id}
    assert in_between


@pytest.mark.usefixtures("linked")
def test_the_queue_is_read_off_its_index(analyst: Viewer) -> None:
    """On SQLite, whose plans do not depend on how many rows there are."""
    if connection.vendor != "sqlite":
        return
    first = find_next_to_review(viewer=analyst, purpose=REVIEW)
    with CaptureQueriesContext(connection) as asked:
        find_next_to_review(viewer=analyst, purpose=REVIEW, after=first)
    (wanted,) = [query["sql"] for query in asked if '"worth" DESC' in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {wanted}")
        plan = " ".join(str(row[3]) for row in cursor.fetchall())
    assert "INDEX pair_by_worth" in plan
    assert "INDEX decision_by_pair" in plan
    assert "TEMP B-TREE" not in plan
