"""The choice itself: a linear programme solved by HiGHS, which begins small and takes in what its prices ask for.

Rows: a task goes to one volunteer or to nobody, or to two at once or to nobody; a volunteer's tasks of a week
fill their slots, each dearer than the one before; and, once windows of one volunteer clash, a row that allows one of
them. Pairs enter only while their price says that they would improve the whole (column generation), so that the end
is the optimum over all pairs, not over the nearest, and its value is a bound that no choice can beat. What comes out
in fractions, as clashing windows and tasks of two can, is settled by a small integer programme. Where that leaves a gap
to the bound, a second one takes in all pairs that could close it: those whose price is below the gap. Of 2,000 pairs
or fewer it proves the optimum; of more it takes those of the tasks that came out in fractions, and the gap that is left
is told. One thread, no clock: the same input gives the same answer.

Source of the method: Dantzig and Wolfe, "Decomposition principle for linear programs", Operations Research 8 (1960).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

from borough.volunteers.matching_costs import UNPLACED, slot_price
from borough.volunteers.matching_pairs import Numbers, Pairs, Places
from borough.volunteers.matching_prices import cheapest, guess_prices
from borough.volunteers.matching_shapes import Helper, Task

FIRST_PAIRS, MORE_PAIRS = 4, 5
TINY = 1e-6
# What is left to gain, in minutes over all tasks, when the search for more pairs ends; it counts into the gap.
ENOUGH = 1.0
NODES = 500
# Pairs of which an integer programme may hold all.
FEW_PAIRS = 2_000
# Where a column or row of the solver stands in a basis.
_AT = highspy.HighsBasisStatus


@dataclass(frozen=True)
class Choice:
    """The chosen pairs in order, and how many minutes a better choice could save at most.

    By task: who would be next (-1: nobody), and how much dearer at the prices of the end.
    """

    pairs: Places
    gap_minutes: float
    next_helper: Places = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    next_costs: Numbers = field(default_factory=lambda: np.empty(0))


def choose(tasks: Sequence[Task], helpers: Sequence[Helper], pairs: Pairs) -> Choice:
    """The best set of pairs."""
    if not pairs.task.size:
        return Choice(np.empty(0, dtype=np.int64), 0.0)
    programme = _Programme(tasks, helpers, pairs)
    bound = programme.relax()
    chosen, gap = programme.settle(bound)
    return Choice(chosen, gap, *programme.next_best(chosen))


class _Programme:
    """Columns in the solver: slots, whether a task that two go to has them, then pairs in the order of `columns`."""

    def __init__(self, tasks: Sequence[Task], helpers: Sequence[Helper], pairs: Pairs) -> None:
        self.pairs = pairs
        self.people = np.array([task.people for task in tasks])
        # A pair is worth its part of what its task costs while nobody has it.
        self.cost = pairs.cost - (np.array([UNPLACED[task.urgency] for task in tasks]) / self.people)[pairs.task]
        whose = pairs.helper * len(pairs.weeks) + pairs.week[pairs.task]
        wanted = np.bincount(whose) > 0
        known = np.flatnonzero(wanted)
        self.row = (np.cumsum(wanted) - 1)[whose]
        self.every = np.arange(len(pairs.task))
        self.slots = _slots(helpers, pairs, known)
        self.solver = _quiet_solver()
        self.tasks = len(tasks)
        # All that a task of two has are two, or none: as many as twice a column that is one or nothing.
        together = np.flatnonzero(self.people > 1)
        most = np.concatenate([np.where(self.people > 1, 0.0, 1.0), np.zeros(len(known))])
        least = np.full(len(most), -highspy.kHighsInf)
        least[together] = 0.0
        self._add_rows(least, most)
        self.clash_row = len(tasks) + len(known)
        owner, number = np.nonzero(np.isfinite(self.slots))
        self._add_columns(self.slots[owner, number], np.arange(len(owner)), len(tasks) + owner, -np.ones(len(owner)))
        count = len(together)
        self._add_columns(np.zeros(count), np.arange(count), together, -self.people[together].astype(float))
        self.together, self.first = together, len(owner) + count
        self.columns = np.empty(0, dtype=np.int64)
        self.outside = np.ones(len(pairs.task), dtype=bool)
        # By row of a clash: the pairs that it holds.
        self.clashes: list[Places] = []
        self.reduced = self.cost

    def relax(self) -> float:
        """Solve the relaxation over all pairs; a value that no choice can beat."""
        near = cheapest(self.pairs)
        cheap = np.sort(near[near >= 0])
        cost = np.where(near >= 0, self.pairs.cost[near], np.inf)
        price = guess_prices(cost, self.row[near], self.slots)
        priced = cost + price[self.row[near]]
        best = np.take_along_axis(near, np.argpartition(priced, FIRST_PAIRS, axis=1)[:, :FIRST_PAIRS], axis=1)
        self._add_pairs(np.sort(best[best >= 0]))
        self._begin_at(price)
        entering = np.empty(0, dtype=np.int64)
        while True:
            self._add_pairs(entering)
            self._run()
            entering, left = self._improving(cheap)
            if left > ENOUGH:
                continue
            while self._add_clashes():
                self._run()
            entering, left = self._improving(cheap)
            if left > ENOUGH:
                continue
            entering, left = self._improving(self.every)
            if left <= ENOUGH:
                return float(self.solver.getInfo().objective_function_value) - left

    def _begin_at(self, price: Numbers) -> None:
        """Have the simplex begin where the guessed prices lead: each task goes to whom it costs least at them."""
        row = self.row[self.columns]
        least = _least_of_each(self.pairs.task[self.columns], self.cost[self.columns] + price[row])
        wanted, room = np.bincount(row[least], minlength=len(self.slots)), np.isfinite(self.slots)
        owner, number = np.nonzero(room)
        filled = np.minimum(wanted, room.sum(axis=1))
        # The last slot that is taken, or the first while none is, sets a volunteer's price, unless too many want them.
        at_margin = (wanted <= filled) & room[:, 0]
        low, high, basic = (int(one) for one in (_AT.kLower, _AT.kUpper, _AT.kBasic))
        pair = np.full(len(self.columns), low)
        pair[least] = basic
        slot = np.where(number < filled[owner], high, low)
        slot[at_margin[owner] & (number == np.maximum(filled[owner] - 1, 0))] = basic
        task = np.full(self.tasks, basic)
        task[self.pairs.task[self.columns]] = high
        basis = highspy.HighsBasis()
        columns = np.concatenate([slot, np.full(len(self.together), low), pair])
        basis.col_status = [_AT(one) for one in columns.tolist()]
        rows = np.concatenate([task, np.where(at_margin, high, basic)])
        basis.row_status = [_AT(one) for one in rows.tolist()]
        basis.valid, basis.alien = True, False
        self.solver.setBasis(basis)

    def settle(self, bound: float) -> tuple[Places, float]:
        """The pairs of a whole choice, and how much a better one could save at most: the relaxation's own where it is
        whole."""
        values = np.array(self.solver.getSolution().col_value)
        parts = (values > TINY) & (values < 1 - TINY)
        x, halves = values[self.first :], parts[self.first - len(self.together) : self.first]
        split = parts[self.first :] | ((x > TINY) & np.isin(self.pairs.task[self.columns], self.together[halves]))
        chosen, value = self._chosen()
        if split.any():
            tasks = np.unique(self.pairs.task[self.columns][split])
            self._choose_whole(x, tasks)
            chosen, value = self._chosen()
            if value - bound > ENOUGH:
                is_best = self._choose_again(value - bound, tasks)
                again, better = self._chosen()
                if better <= value:
                    chosen, value = again, better
                bound = value if is_best else bound
        return chosen, max(0.0, value - bound)

    def _chosen(self) -> tuple[Places, float]:
        """The pairs that the solver took, in order, and the value of that."""
        x = np.array(self.solver.getSolution().col_value)[self.first :]
        return np.sort(self.columns[x > 0.5]), float(self.solver.getInfo().objective_function_value)

    def next_best(self, chosen: Places) -> tuple[Places, Numbers]:
        """By task: who would be next, and how much dearer than the one chosen."""
        tasks = np.flatnonzero(self.pairs.count)
        reduced = self.reduced.copy()
        reduced[chosen] = np.inf
        least = np.full(self.tasks, np.inf)
        least[tasks] = np.minimum.reduceat(reduced, self.pairs.starts[tasks])
        where = np.flatnonzero((reduced == least[self.pairs.task]) & np.isfinite(reduced))
        found, at = np.unique(self.pairs.task[where], return_index=True)
        who = np.full(self.tasks, -1, dtype=np.int64)
        who[found] = self.pairs.helper[where[at]]
        # Of two who go together the one who costs more.
        dearest_last, paid = chosen[np.argsort(self.reduced[chosen], kind="stable")], np.zeros(self.tasks)
        paid[self.pairs.task[dearest_last]] = self.reduced[dearest_last]
        return who, np.where(who >= 0, least - paid, 0.0)

    def _add_pairs(self, entering: Places) -> None:
        place = np.full(len(self.cost), -1, dtype=np.int64)
        place[entering] = np.arange(len(entering))
        columns = [np.arange(len(entering)), np.arange(len(entering))]
        rows = [self.pairs.task[entering], self.tasks + self.row[entering]]
        for number, held in enumerate(self.clashes):
            inside = place[held][place[held] >= 0]
            columns.append(inside)
            rows.append(np.full(len(inside), self.clash_row + number))
        column, row = np.concatenate(columns), np.concatenate(rows)
        order = np.argsort(column, kind="stable")
        self._add_columns(self.cost[entering], column[order], row[order], np.ones(len(row)))
        self.columns = np.concatenate([self.columns, entering])
        self.outside[entering] = False

    def _add_columns(self, cost: Numbers, column: Places, row: Places, value: Numbers) -> None:
        """Columns between 0 and 1 with these entries, which stand in the order of the columns."""
        count = len(cost)
        starts = np.searchsorted(column, np.arange(count)).astype(np.int32)
        bounds = np.zeros(count), np.ones(count)
        if count:
            self.solver.addCols(count, cost, *bounds, len(row), starts, row.astype(np.int32), value)

    def _add_rows(self, least: Numbers, most: Numbers) -> None:
        count, nothing = len(most), np.zeros(len(most), dtype=np.int32)
        self.solver.addRows(count, least, most, 0, nothing, np.empty(0, dtype=np.int32), np.empty(0))

    def _run(self) -> None:
        self.solver.run()
        status = self.solver.getModelStatus()
        if status == highspy.HighsModelStatus.kUnknown:
            # HiGHS 1.15 can end a warm start with one dual value that it does not mend: its other method, from cold.
            warm, self.solver = self.solver, _quiet_solver("ipm")
            self.solver.passModel(warm.getLp())
            self.solver.run()
            self.solver.setOptionValue("solver", "simplex")
            status = self.solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"matching did not end: {self.solver.modelStatusToString(status)}")

    def _improving(self, pairs: Places) -> tuple[Places, float]:
        """The best of these pairs that would improve the relaxation, and the most that all of them together could."""
        price = np.array(self.solver.getSolution().row_dual)
        reduced = self.cost[pairs]
        reduced -= price[self.pairs.task[pairs]]
        reduced -= price[self.tasks + self.row[pairs]]
        for held, dual in zip(self.clashes, price[self.clash_row :], strict=True):
            at = np.minimum(np.searchsorted(pairs, held), len(pairs) - 1)
            reduced[at[pairs[at] == held]] -= dual
        if pairs is self.every:
            self.reduced = reduced
        better = np.flatnonzero((reduced < -TINY) & self.outside[pairs])
        pairs, reduced = pairs[better], reduced[better]
        task = self.pairs.task[pairs]
        order = np.lexsort((reduced, task))
        starts = np.flatnonzero(np.diff(task[order], prepend=-1))
        place = np.arange(len(order)) - np.repeat(starts, np.diff(starts, append=len(order)))
        best = order[starts]
        left = -float((reduced[best] * self.people[task[best]]).sum())
        return np.sort(pairs[order[place < MORE_PAIRS]]), left

    def _add_clashes(self) -> int:
        """Rows for the windows of one volunteer that overlap in what the relaxation took; how many."""
        x, pairs = np.array(self.solver.getSolution().col_value)[self.first :], self.pairs
        windowed = (pairs.until > pairs.since)[pairs.task[self.columns]]
        spans: dict[int, list[tuple[int, int, float]]] = {}
        for place in np.flatnonzero((x > TINY) & windowed).tolist():
            t, h = pairs.task[self.columns[place]], int(pairs.helper[self.columns[place]])
            spans.setdefault(h, []).append((int(pairs.since[t]), int(pairs.until[t]), float(x[place])))
        found = {
            (h, slot)
            for h, own in spans.items()
            for slot, _until, _x in own
            if sum(x for since, until, x in own if since <= slot < until) > 1 + TINY
        }
        if found:
            all_of = _pairs_of_helpers(pairs, {h for h, _slot in found})
            for h, slot in sorted(found):
                task = pairs.task[all_of[h]]
                held = all_of[h][(pairs.since[task] <= slot) & (slot < pairs.until[task])]
                inside = np.flatnonzero(np.isin(self.columns, held)).astype(np.int32) + self.first
                self.solver.addRow(-highspy.kHighsInf, 1.0, len(inside), inside, np.ones(len(inside)))
                self.clashes.append(held)
        return len(found)

    def _choose_whole(self, x: Numbers, split: Places) -> None:
        """Keep the tasks that are whole; choose whole numbers for those split, in what volunteers have left."""
        kept = (x > 0.5) & ~np.isin(self.pairs.task[self.columns], split)
        self._at_least(np.where(kept, 1.0, 0.0))
        self.solver.setOptionValue("mip_rel_gap", 0.0)
        self.solver.setOptionValue("mip_max_nodes", NODES)
        self._run_whole()

    def _choose_again(self, gap: float, split: Places) -> bool:
        """Choose once more, from the choice that is there, among all pairs that could be in a better one. Returns
        whether none can be better than what was found.

        A choice with a pair whose price is the gap, or more, costs more than the bound by at least as much.
        """
        few = len(self.cost) <= FEW_PAIRS
        could = self.outside & (self.reduced < gap)
        start = np.array(self.solver.getSolution().col_value)
        entering = np.flatnonzero(could if few else could & np.isin(self.pairs.task, split))
        self._add_pairs(entering)
        if few:
            self._at_least(np.zeros(len(self.columns)))
        known = highspy.HighsSolution()
        known.col_value = [*start.tolist(), *([0.0] * len(entering))]
        self.solver.setSolution(known)
        return self._run_whole() and few

    def _at_least(self, least: Numbers) -> None:
        columns = np.arange(len(least), dtype=np.int32) + self.first
        self.solver.changeColsBounds(len(columns), columns, least, np.ones(len(columns)))

    def _run_whole(self) -> bool:
        """Choose whole numbers, and again while windows of one volunteer clash. Returns whether it was shown to be the
        best."""
        count = self.solver.getNumCol()
        whole = np.full(count, highspy.HighsVarType.kInteger)
        self.solver.changeColsIntegrality(count, np.arange(count, dtype=np.int32), whole)
        self.solver.run()
        while self._add_clashes():
            self.solver.run()
        return bool(self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def _slots(helpers: Sequence[Helper], pairs: Pairs, known: Places) -> Numbers:
    """(volunteer and week, slot): what each further task costs, infinite where there is no room."""
    slots = np.full((len(known), max(helper.capacity for helper in helpers) + 1), np.inf)
    for row, (h, w) in enumerate(zip(*divmod(known, len(pairs.weeks)), strict=True)):
        load = helpers[h].loads.get(pairs.weeks[w], 0)
        for n in range(load, helpers[h].capacity):
            slots[row, n - load] = slot_price(n, helpers[h].idle_weeks)
    return slots


def _pairs_of_helpers(pairs: Pairs, helpers: set[int]) -> dict[int, Places]:
    who = np.array(sorted(helpers))
    own = np.flatnonzero(np.isin(pairs.helper, who))
    own = own[np.argsort(pairs.helper[own], kind="stable")]
    starts = np.searchsorted(pairs.helper[own], who)
    return dict(zip(who.tolist(), np.split(own, starts[1:]), strict=True))


def _least_of_each(group: Places, value: Numbers) -> Places:
    """The place of the least value of each group."""
    order = np.lexsort((value, group))
    return order[np.flatnonzero(np.diff(group[order], prepend=-1))]


def _quiet_solver(method: str = "simplex") -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("solver", method)
    # Almost all entries are ones: scaling could only blur what is optimal, and presolving finds nothing.
    solver.setOptionValue("simplex_scale_strategy", 0)
    solver.setOptionValue("presolve", "off")
    # Devex prices: the first programme ends in a third of the steps that HiGHS's own choice needs.
    solver.setOptionValue("simplex_dual_edge_weight_strategy", 1)
    return solver
