"""The whole loop on a made-up borough: from council extracts to help delivered, through the same verbs as real work.

The rehearsal takes place over some working days before today, so that the site then shows finished work and no message
waits for a quiet hour to end. Residents and volunteers are played by `adapters/rehearsal_residents`, which sees only
what their phones would see.
"""

import resource
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from tqdm import tqdm

from borough.accounts.policies import ANALYST, COORDINATOR, Viewer, system_viewer
from borough.accounts.queries import viewer_by_id
from borough.adapters.rehearsal_residents import PendingVisit, RehearsalResidents
from borough.cases.actions import answer_need_met, record_wellbeing
from borough.cases.kinds import kind
from borough.cases.queries import case_behind, count_feedback, count_outcomes, list_waiting
from borough.common import clock
from borough.common.errors import NotFound
from borough.common.jobs import run_pending
from borough.common.working_days import add_working_days
from borough.directory.actions import import_services
from borough.insight.actions import count_help, define_cohort, freeze_cohort, score_residents, start_cohort_campaign
from borough.insight.queries import wellbeing_changes
from borough.messaging.actions import receive_message, start_campaign
from borough.messaging.queries import read_campaign
from borough.places.actions import load_addresses, load_areas
from borough.residents.actions import add_source, link_records, load_extract
from borough.residents.mapping import read_mapping
from borough.residents.measuring import measure_index
from borough.synthetic.rehearsal import write_rehearsal
from borough.volunteers.actions import answer_offer, finish_offer, import_volunteers, match_open_cases
from borough.web.rehearsal import add_staff, open_agreements

Progress = Callable[[int, int], None]
SERVICE = "community_aid"
# A day of work has passed between a volunteer's yes and the help.
ROUNDS = 4


@dataclass
class Run:
    """What the demo knows so far: the folder of files, the figures for the summary, how long each stage took."""

    folder: Path
    quiet: bool
    figures: dict[str, Any] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, title: str) -> Iterator[Progress]:
        """Time a stage under `name` and show a bar under `title`; yields the callback that moves the bar."""
        started = perf_counter()
        with tqdm(
            desc=f"{title:<34}", disable=self.quiet or None, bar_format="{desc} {bar:24} {percentage:3.0f}% {elapsed}"
        ) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(min(done, total) - bar.n)

            show(0, 1)
            yield show
            bar.update((bar.total or 1) - bar.n)
        self.seconds[name] = round(self.seconds.get(name, 0.0) + perf_counter() - started, 2)


def run_demo(
    folder: Path, *, residents: int, seed: int, data: Path | None, authority: str, quiet: bool = False
) -> dict[str, Any]:
    """Make the borough's files in `folder`, run the loop in the (empty) database, return the figures."""
    run = Run(folder, quiet)
    monday = first_day(clock.today())
    with run.stage("generate", "Making up the borough") as progress:
        write_rehearsal(folder, residents=residents, seed=seed, data=data, authority=authority, progress=progress)
    with clock.at(_moment(monday, 7)):
        open_agreements()
        staff = {role: viewer_by_id(user_id) for role, user_id in add_staff().items()}
        _take_in(run)
        _understand(run)
        cohort_id = _choose(run, staff[ANALYST])
    campaign_id = _reach_out(run, staff[ANALYST], cohort_id, monday)
    _help(run, staff[COORDINATOR], monday + timedelta(days=1))
    _count(run, staff[ANALYST], campaign_id)
    run.figures["seconds"] = run.seconds
    run.figures["peak_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return run.figures


def first_day(today: date) -> date:
    """The Monday of the week before the last whole one: who does not answer is asked once more in the week after."""
    return today - timedelta(days=today.weekday() + 14)


def _take_in(run: Run) -> None:
    by = system_viewer("rehearsal")
    with run.stage("load_places", "Loading areas and addresses") as progress:
        load_areas(run.folder / "areas.geojson", by=by)
        load_addresses(run.folder / "addresses.csv", by=by, progress=progress)
    with run.stage("load_help", "Loading services and volunteers"):
        import_services(run.folder / "services.json", by=by)
        import_volunteers(run.folder / "volunteers.csv", by=by)
    loaded = rejected = 0
    for path in sorted((run.folder / "mappings").glob("*.toml")):
        mapping = read_mapping(path)
        with run.stage("load", f"Loading {mapping.title.lower()}") as progress:
            add_source(by=by, mapping=mapping)
            report = load_extract(
                by=by,
                purpose="residents-index",
                source=mapping.source,
                path=run.folder / "extracts" / f"{mapping.source}.csv",
                progress=progress,
            )
        loaded += report.accepted
        rejected += report.rejected
    run.figures |= {"records_loaded": loaded, "records_rejected": rejected}


def _understand(run: Run) -> None:
    by = system_viewer("rehearsal")
    with run.stage("link", "Working out who is who") as progress:
        linked = link_records(by=by, purpose="residents-index", progress=progress)
    with run.stage("measure", "Comparing with the truth"):
        right = measure_index(run.folder / "truth" / "records.csv", viewer=by, purpose="residents-index")
    with run.stage("score", "Looking for signs of need") as progress:
        score_residents(by=by, purpose="find-need", progress=progress)
    run.figures |= {
        "residents": linked.residents,
        "households": linked.households,
        "linkage": {"precision": right.precision, "recall": right.recall, "f1": right.f1},
    }


def _choose(run: Run, analyst: Viewer) -> str:
    with run.stage("cohort", "Choosing whom to write to"):
        cohort_id = define_cohort(
            by=analyst,
            purpose="find-need",
            title="May need help at home this winter",
            rule=dict(kind(SERVICE).cohort_rule),
        )
        run.figures["cohort"] = freeze_cohort(by=analyst, purpose="find-need", cohort_id=cohort_id)
    return cohort_id


def _reach_out(run: Run, analyst: Viewer, cohort_id: str, monday: date) -> str:
    service = kind(SERVICE)
    with run.stage("campaign", "Sending messages") as progress, clock.at(_moment(monday, 10)):
        campaign_id = start_cohort_campaign(
            by=analyst,
            purpose=service.purpose,
            cohort_id=cohort_id,
            service=SERVICE,
            title="Winter check-in",
            wording=service.wording("check_in"),
        )
        start_campaign(by=analyst, campaign_id=campaign_id)
        run_pending()
        progress(1, 1)
    with run.stage("replies", "Reading replies, opening cases") as progress, clock.at(_moment(monday, 20)):
        _deliver_replies(progress)
    return campaign_id


def _help(run: Run, coordinator: Viewer, tuesday: date) -> None:
    """Four rounds in two days: match, offer, hear from volunteers, help. Then ask each resident whether it helped."""
    purpose = kind(SERVICE).purpose
    accepted: dict[str, str] = {}
    _ask_how_they_are(run, coordinator, tuesday)
    for number in range(ROUNDS):
        hour = 9 + 4 * (number % 2)
        with (
            run.stage("match", f"Finding volunteers, round {number + 1}") as progress,
            clock.at(_moment(tuesday + timedelta(days=number // 2), hour)),
        ):
            match_open_cases(by=coordinator, purpose=purpose, service=SERVICE)
            run_pending()
            visits = list(_player().pending_visits())
            if not visits:
                break
            for done, visit in enumerate(visits, 1):
                if _answer_as_volunteer(visit):
                    accepted[visit.visit_id] = _token(visit.link)
                progress(done, len(visits))
            # The first finds who is asked next, the second sends them their link.
            run_pending()
            run_pending()
    with (
        run.stage("deliver", "Volunteers help") as progress,
        clock.at(_moment(tuesday + timedelta(days=2), 15)),
    ):
        for done, token in enumerate(accepted.values(), 1):
            finish_offer(token=token, done=True)
            progress(done, len(accepted))
        run_pending()
    with (
        run.stage("confirm", "Asking whether it helped") as progress,
        clock.at(_moment(tuesday + timedelta(days=3), 12)),
    ):
        _hear_whether_it_helped(progress)
    delivered_on = tuesday + timedelta(days=2)
    with (
        run.stage("chase", "Asking once more who is silent") as progress,
        clock.at(_moment(add_working_days(delivered_on, kind(SERVICE).chase_days), 10)),
    ):
        # The first round finds who is to be asked, the second asks them.
        run_pending()
        run_pending()
        _hear_whether_it_helped(progress)


def _answer_as_volunteer(visit: PendingVisit) -> bool:
    """Whether they took the task. Who was asked after somebody's no, and answers when the time is over, did not."""
    try:
        answer_offer(token=_token(visit.link), accept=visit.answer == "accept")
    except NotFound:
        return False
    return visit.answer == "accept"


def _ask_how_they_are(run: Run, coordinator: Viewer, tuesday: date) -> None:
    """A worker calls those who wait, and asks how they are before the help."""
    purpose = kind(SERVICE).purpose
    with run.stage("ask", "Asking how people are") as progress, clock.at(_moment(tuesday, 9)):
        waiting = {task.case_id for task in list_waiting(viewer=coordinator, purpose=purpose, service=SERVICE)}
        for done, case_id in enumerate(sorted(waiting), 1):
            said = _player().say_how_they_are(case_id, helped=False)
            record_wellbeing(by=coordinator, purpose=purpose, case_id=case_id, answers=said)
            progress(done, len(waiting))


def _hear_whether_it_helped(progress: Progress) -> None:
    """Some open the link and say how they are, too; others reply in a word."""
    for visit in _player().pending_visits():
        if "/volunteers/task/" in visit.link:
            # Who did not answer in time was followed by the next, whose answer comes this late.
            _answer_as_volunteer(visit)
            continue
        token = _token(visit.link)
        said = _player().say_how_they_are(case_behind(token).id, helped=True)
        answer_need_met(token=token, answer=visit.answer, arrived="yes", wellbeing=said)
    _deliver_replies(progress)


def _count(run: Run, analyst: Viewer, campaign_id: str) -> None:
    counts = read_campaign(campaign_id, viewer=analyst).counts
    outcomes, feedback = count_outcomes(service=SERVICE), count_feedback(service=SERVICE)
    with run.stage("figures", "Counting what help came to"):
        count_help(by=system_viewer("rehearsal"), purpose=kind(SERVICE).purpose)
    run.figures |= {
        "contacted": counts.sent,
        "replied": counts.replied,
        "asked_for_help": counts.asked_for_help,
        "cases_opened": outcomes.opened,
        "matched": outcomes.matched,
        "delivered": outcomes.delivered,
        "confirmed_met": outcomes.met,
        "chased": feedback.chased,
        "not_answered": feedback.waiting,
        "to_ask_by_hand": feedback.by_hand,
        "wellbeing": {
            each.measure: {"people": each.people, "change": each.change, "low": each.low, "high": each.high}
            for each in wellbeing_changes("service", viewer=analyst, service=SERVICE)
        },
    }


def _deliver_replies(progress: Progress) -> None:
    """Bring what waits on the played phones to the door that real replies come in by, until nobody writes more."""
    done = 0
    while replies := list(_player().pending_replies()):
        for reply in replies:
            receive_message(
                channel=reply.channel,
                sender=reply.sender,
                text=reply.text,
                provider_id=reply.provider_id,
                at=min(reply.at, clock.now()),
            )
            done += 1
            progress(done, done + len(replies))
        run_pending()


def _player() -> RehearsalResidents:
    return RehearsalResidents()


def _token(link: str) -> str:
    return link.rstrip("/").rsplit("/", 1)[-1]


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.LONDON)


def summary(figures: Mapping[str, Any]) -> str:
    """The figures in words that a chief executive would understand."""
    took = sum(figures["seconds"].values())
    lines = [
        ("records_loaded", "records came in from eight council systems; {records_rejected:,} rows were set aside"),
        ("residents", "residents in {households:,} households were recognised in them"),
        (
            "",
            "({linkage[precision]:.1%} of the links made are right, {linkage[recall]:.1%} of the right ones were made)",
        ),
        ("cohort", "people showed several signs that they may need help"),
        ("contacted", "were sent a message; {replied:,} answered, {asked_for_help:,} of them asked for help"),
        ("cases_opened", "cases were opened; for {matched:,} a volunteer nearby said yes"),
        ("delivered", "were helped; {confirmed_met:,} told us that it was what they needed"),
        ("chased", "had not answered and were asked once more; {not_answered:,} have not answered yet"),
    ]
    rows = [f"  {format(figures[key], ',') if key else '':>9} {text.format(**figures)}" for key, text in lines]
    for measure, each in figures["wellbeing"].items():
        rows.append(
            f"  {each['change']:>+9.1f} {measure}, of {each['people']} ({each['low']:+.1f} to {each['high']:+.1f})"
        )
    return "\n".join(["", *rows, "", f"  It took {took:.0f} seconds and {figures['peak_rss_mb']:,} MB of memory."])
