"""The pages and the command of checks: for their own purpose, never proof, nothing personal in an address."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from borough.accounts.actions import add_user, make_rehearsal_link
from borough.accounts.policies import Viewer
from borough.governance.queries import list_ledger
from borough.residents.check_forms import LARGEST_FILE
from borough.residents.tests.test_checks import HOME, Scene, ground, scene  # noqa: F401

NEVER_PROOF = "for review, never proof"


@pytest.fixture
def sign_in(open_agreements: None, client: Client) -> Any:
    def enter(role: str, purpose: str) -> Client:
        client.get(make_rehearsal_link(add_user(email=f"{role}@alderbrook.example", name=role.title(), role=role)))
        client.post(reverse("governance:purpose"), {"purpose": purpose})
        return client

    return enter


def page(code: str) -> str:
    return reverse("residents:check", args=[code])


def test_the_list_of_checks_says_which_are_not_open(sign_in: Any) -> None:
    text = sign_in("coordinator", "offer-help").get(reverse("residents:checks")).content.decode()
    assert NEVER_PROOF in text
    assert "Suspected sublets" in text
    assert text.count("Not open to you") == 8


def test_a_check_asks_for_its_purpose_first_and_shows_nobody(sign_in: Any, scene: Scene) -> None:  # noqa: F811
    scene.record(scene.person("Ann"), "electoral_roll")
    client = sign_in("analyst", "find-need")
    text = client.get(page("electoral")).content.decode()
    assert "Continue for this purpose" in text
    assert "Ann" not in text
    answer = client.post(
        reverse("governance:purpose"), {"purpose": "confirm-electors", "next": page("electoral")}, follow=True
    )
    text = answer.content.decode()
    assert NEVER_PROOF in text and "Ann Adeyemi" in text and "Why a row may be wrong, or innocent" in text


def test_who_has_no_agreement_is_refused(sign_in: Any, scene: Scene) -> None:  # noqa: F811
    answer = sign_in("coordinator", "offer-help").get(page("sublets"))
    assert answer.status_code == 403
    assert "No agreement opens this list" in answer.content.decode()


def test_a_property_is_asked_for_without_standing_in_the_address(sign_in: Any, scene: Scene) -> None:  # noqa: F811
    scene.record(scene.person("Ann"), "council_tax")
    client = sign_in("analyst", "check-occupancy")
    assert "Ann" not in client.get(page("occupancy")).content.decode()
    answer = client.post(page("occupancy"), {"property": HOME})
    assert answer["Location"] == page("occupancy")
    assert "Ann Adeyemi" in client.get(page("occupancy")).content.decode()


@pytest.mark.parametrize(("code", "sent"), [("occupancy", {"property": "nowhere"}), ("incident", {})])
def test_an_answer_that_cannot_be_used_is_said_beside_its_field(
    sign_in: Any,
    scene: Scene,  # noqa: F811
    code: str,
    sent: dict[str, str],
) -> None:
    purpose = {"occupancy": "check-occupancy", "incident": "respond-to-emergency"}[code]
    client = sign_in("analyst", purpose)
    text = client.post(page(code), sent, follow=True).content.decode()
    assert "<title>Error:" in text
    first = {"occupancy": "property", "incident": "middle"}[code]
    assert f'href="#id_{first}"' in text and f'id="id_{first}"' in text


def test_an_area_may_come_as_a_file(sign_in: Any, scene: Scene, ground: None, tmp_path: Path) -> None:  # noqa: F811
    scene.person("Ann")
    path = tmp_path / "area.geojson"
    path.write_text('{"type": "Polygon", "coordinates": [[[-0.2, 51.49], [0, 51.49], [0, 51.505], [-0.2, 51.505]]]}')
    client = sign_in("coordinator", "respond-to-emergency")
    with path.open("rb") as file:
        text = client.post(page("incident"), {"area": file}, follow=True).content.decode()
    assert "Ann Adeyemi" in text


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("area.png", b"{}", "must end in .geojson or .json"),
        ("area.geojson", b"\x89PNG", "This is not GeoJSON of an area"),
        ("area.json", b" " * (LARGEST_FILE + 1), "larger than 500 kB"),
    ],
)
def test_a_file_that_is_no_area_or_too_large_is_refused(
    sign_in: Any,
    scene: Scene,  # noqa: F811
    ground: None,  # noqa: F811
    name: str,
    content: bytes,
    says: str,
) -> None:
    client = sign_in("coordinator", "respond-to-emergency")
    sent = {"area": SimpleUploadedFile(name, content)}
    assert says in client.post(page("incident"), sent, follow=True).content.decode()


def test_the_file_holds_every_row_with_the_caution_and_no_formula(
    sign_in: Any,
    scene: Scene,  # noqa: F811
    ig_officer: Viewer,
) -> None:
    for number in range(51):
        scene.record(scene.person(f"Ann{number:02}"), "electoral_roll", forename="=1+1" if number == 50 else "Ann")
    answer = sign_in("analyst", "confirm-electors").get(page("electoral"), {"format": "csv"})
    rows = list(csv.DictReader(StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert len(rows) == 51
    assert all(NEVER_PROOF in row["Note"] for row in rows)
    assert sum(row["Elector"].startswith("'=") for row in rows) == 1
    assert list_ledger(viewer=ig_officer, limit=1)[0].people == 51


def test_rows_come_by_pages_and_whole_to_print(sign_in: Any, scene: Scene) -> None:  # noqa: F811
    for number in range(51):
        scene.record(scene.person(f"Ann{number:02}"), "electoral_roll")
    client = sign_in("analyst", "confirm-electors")
    first = client.get(page("electoral"), {"sort": "name"}).content.decode()
    assert "51 rows to review" in first and "Ann50" not in first and "sort=name&amp;page=2" in first
    assert "Ann50" in client.get(page("electoral"), {"page": "all"}).content.decode()


def run(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command("run_check", *words, stdout=out, **options)
    return out.getvalue()


def test_the_command_lists_checks_and_writes_one(scene: Scene, tmp_path: Path) -> None:  # noqa: F811
    scene.record(scene.person("Ann"), "electoral_roll")
    assert "sublets" in run()
    path = tmp_path / "electors.csv"
    said = run("electoral", csv=path)
    assert "1 row to review." in said and NEVER_PROOF in said and "Ann" not in said
    assert path.stat().st_mode & 0o077 == 0
    assert "Ann Adeyemi" in path.read_text()
    with pytest.raises(CommandError, match="there already"):
        run("electoral", csv=path)


def test_the_command_takes_answers(scene: Scene, ground: None, tmp_path: Path) -> None:  # noqa: F811
    scene.person("Ann")
    assert "1 row " in run("incident", "middle=NW1 2DB", "metres=600")
    for words, says in (
        (["occupancy"], "property"),
        (["died", "who=Ann"], "does not ask"),
        (["died", "source"], "no answer"),
    ):
        with pytest.raises(CommandError, match=says):
            run(*words)
