"""Writes a whole rehearsal into a folder.

Small areas are worked on one by one, by as many processes as there are, and written in their order: the same seed gives
the same bytes whatever the number of processes, and memory does not grow with the borough.
"""

import csv
import io
import json
import os
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import BinaryIO

from borough.common.errors import Problem
from borough.synthetic.area_files import PEOPLE_COLUMNS, SYSTEMS, AreaFiles, write_area
from borough.synthetic.borough_map import BoroughMap
from borough.synthetic.fates import FINDING_COLUMNS
from borough.synthetic.geojson import areas_geojson
from borough.synthetic.ledger import LEDGER_COLUMNS
from borough.synthetic.person import AS_AT
from borough.synthetic.places_made_up import made_up_borough
from borough.synthetic.places_real import real_borough
from borough.synthetic.services import services_page
from borough.synthetic.setting import DEFAULT, Setting, setting_called
from borough.synthetic.volunteers import VOLUNTEER_COLUMNS, volunteer_rows, volunteers_wanted

ADDRESS_COLUMNS = ("uprn", "address", "postcode", "lat", "lon", "small_area", "kind")
RECORD_COLUMNS = ("source", "key", "person")
# Under this many residents the start of further processes costs more than they save.
WORTH_PROCESSES = 30_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Manifest:
    """What was written. `records` by source; `damaged` rows should be rejected by a loader."""

    authority: str
    seed: int
    as_at: str
    residents: int
    households: int
    records: dict[str, int]
    damaged: int
    volunteers: int
    services: int
    small_areas: int
    wards: int
    attribution: str
    setting: str = DEFAULT.name

    @property
    def total_records(self) -> int:
        return sum(self.records.values())


def write_rehearsal(
    folder: Path,
    *,
    residents: int,
    seed: int,
    data: Path | None = None,
    authority: str = "",
    progress: Progress | None = None,
    processes: int | None = None,
    setting: str = DEFAULT.name,
) -> Manifest:
    """Write extracts, mappings, map, addresses, services, volunteers, rents ledger and truth into `folder`.

    On real geography where `data` (the folder of open data) and `authority` ("camden") are given, else in Alderbrook.
    `progress` is called with residents done and in all; `setting` is one of setting.SETTINGS. Raises Problem where the
    data, the authority or the setting is not there.
    """
    if residents < 200:
        raise Problem(f"{residents} residents are too few for a borough.", "Ask for 200 or more.")
    if bool(data) != bool(authority):
        raise Problem("Real geography needs both a folder of data and an authority.", "Give --data and --authority.")
    chosen = setting_called(setting)
    ground = real_borough(data, authority, residents) if data else made_up_borough(residents)
    folder = Path(folder)
    for part in ("extracts", "mappings", "truth"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for system in SYSTEMS:
        (folder / "mappings" / f"{system.code}.toml").write_text(system.mapping_file(), encoding="utf-8")
    (folder / "areas.geojson").write_text(areas_geojson(ground), encoding="utf-8")
    services = services_page(ground, seed)
    (folder / "services.json").write_text(json.dumps(services, ensure_ascii=False, indent=1), encoding="utf-8")
    records, households, damaged = _write_people(folder, ground, seed, residents, chosen, processes, progress)
    with (folder / "addresses.csv").open(encoding="utf-8", newline="") as file:
        postcodes = [row["postcode"] for row in csv.DictReader(file)]
    with (folder / "volunteers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(VOLUNTEER_COLUMNS)
        writer.writerows(volunteer_rows(postcodes, residents, seed))
    manifest = Manifest(
        authority=ground.name,
        seed=seed,
        as_at=AS_AT.isoformat(),
        residents=residents,
        households=households,
        records=records,
        damaged=damaged,
        volunteers=volunteers_wanted(residents),
        services=len(services["contents"]),
        small_areas=len(ground.areas),
        wards=len(ground.wards),
        attribution=ground.attribution,
        setting=chosen.name,
    )
    said = asdict(manifest)
    if chosen is DEFAULT:
        # Settings came later: a default borough's files are still those that its seed has always given.
        del said["setting"]
    (folder / "manifest.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    return manifest


def _write_people(
    folder: Path,
    ground: BoroughMap,
    seed: int,
    residents: int,
    setting: Setting,
    processes: int | None,
    progress: Progress | None,
) -> tuple[dict[str, int], int, int]:
    records: Counter[str] = Counter({system.code: 0 for system in SYSTEMS})
    households = damaged = done = 0
    with ExitStack() as stack:

        def start(name: str, columns: tuple[str, ...], encoding: str = "utf-8", delimiter: str = ",") -> BinaryIO:
            file = stack.enter_context((folder / name).open("wb"))
            # An extract ends its lines as Windows does; our own files do not.
            ends = "\r\n" if name.startswith("extracts/") else "\n"
            text = io.StringIO(newline="")
            csv.writer(text, delimiter=delimiter, lineterminator=ends).writerow(columns)
            file.write(text.getvalue().encode(encoding))
            return file

        extracts = {
            system.code: start(f"extracts/{system.code}.csv", system.columns, system.encoding, system.delimiter)
            for system in SYSTEMS
        }
        addresses = start("addresses.csv", ADDRESS_COLUMNS)
        ledger = start("rents_ledger.csv", LEDGER_COLUMNS)
        people = start("truth/people.csv", PEOPLE_COLUMNS)
        truth = start("truth/records.csv", RECORD_COLUMNS)
        findings = start("truth/findings.csv", FINDING_COLUMNS)
        for area in _areas_in_order(ground, seed, residents, setting, processes):
            for code, rows in area.extracts.items():
                extracts[code].write(rows)
            addresses.write(area.addresses)
            ledger.write(area.ledger)
            people.write(area.people)
            truth.write(area.records)
            findings.write(area.findings)
            records.update(area.counts)
            households += area.households
            damaged += area.damaged
            done += area.residents
            if progress:
                progress(done, residents)
    return dict(records), households, damaged


_ground: BoroughMap | None = None


def _take_ground(ground: BoroughMap) -> None:
    global _ground
    _ground = ground


def _work(index: int, first: int, seed: int, setting: str) -> AreaFiles:
    if _ground is None:
        raise RuntimeError("A worker was started without its map.")
    return write_area(_ground, _ground.areas[index], first, seed, setting_called(setting))


def _areas_in_order(
    ground: BoroughMap, seed: int, residents: int, setting: Setting, processes: int | None
) -> Iterator[AreaFiles]:
    """What each area gives, in the order of the map, never more than a few areas ahead of what was asked for."""
    firsts: list[int] = []
    before = 0
    for area in ground.areas:
        firsts.append(before)
        before += area.residents
    wanted = processes or (1 if residents < WORTH_PROCESSES else os.cpu_count() or 1)
    if wanted == 1:
        for area, first in zip(ground.areas, firsts, strict=True):
            yield write_area(ground, area, first, seed, setting)
        return
    # Spawned, not forked: the caller may hold threads and open databases.
    with ProcessPoolExecutor(wanted, get_context("spawn"), _take_ground, (ground,)) as pool:
        ahead: deque[Future[AreaFiles]] = deque()
        for index, first in enumerate(firsts):
            ahead.append(pool.submit(_work, index, first, seed, setting.name))
            if len(ahead) > wanted * 2:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
