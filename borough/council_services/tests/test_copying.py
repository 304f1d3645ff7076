"""A second service is a copied folder and a name in the authority's file: nothing else is edited."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from borough import council_services
from borough.accounts.policies import Viewer
from borough.cases import kinds, queries
from borough.cases.actions import change_state, open_case
from borough.common.errors import NotFound
from borough.council_services import available, discover

HERE = Path(council_services.__file__).parent


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """community_aid copied under another name, with its code changed as the one edit inside the folder."""
    copied = tmp_path / "warm_homes"
    shutil.copytree(HERE / "community_aid", copied, ignore=shutil.ignore_patterns("__pycache__"))
    declaration = copied / "service.py"
    text = declaration.read_text()
    assert text.count('code="community_aid"') == 1
    declaration.write_text(text.replace('code="community_aid"', 'code="warm_homes"'))
    monkeypatch.setattr(council_services, "__path__", [*council_services.__path__, str(tmp_path)])
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    yield copied
    for name in [name for name in sys.modules if name.startswith("borough.council_services.warm_homes")]:
        del sys.modules[name]


@pytest.mark.django_db
def test_a_copied_folder_and_a_name_in_the_authoritys_file_are_enough(
    folder: Path, alice: Viewer, client: Client
) -> None:
    enabled = settings.AUTHORITY.council_services
    authority = replace(settings.AUTHORITY, council_services=(*enabled, "warm_homes"))
    discover(authority.council_services)
    # The public chooses between both, and asks the new one.
    assert "service=warm_homes" in client.get("/cases/ask/").content.decode()
    page = client.get("/cases/ask/?service=warm_homes")
    key = page.content.decode().split('name="form_key" value="')[1].split('"')[0]
    answer = client.post(
        "/cases/ask/?service=warm_homes",
        {"need": "food", "name": "Ada", "phone": "07700 900001", "postcode": "NW1 2DB", "form_key": key},
    )
    assert answer.status_code == 302
    # Staff work its cases in the same queue.
    (line,) = queries.list_queue(viewer=alice, purpose="offer-help")
    assert line.service == "warm_homes"
    change_state(by=alice, purpose="offer-help", case_id=line.id, to="delivered")
    assert queries.read_case(line.id, viewer=alice, purpose="offer-help").state == "delivered"
    assert kinds.kind("warm_homes").wording("check_in").sms


@pytest.mark.django_db
def test_a_service_that_is_switched_off_takes_nobody(folder: Path, alice: Viewer, client: Client) -> None:
    with pytest.raises(NotFound, match="not offered"):
        open_case(
            by=alice,
            purpose="offer-help",
            service="warm_homes",
            need="food",
            channel="web",
            source_key="1",
            phone="+447700900001",
        )
    assert client.get("/cases/ask/?service=warm_homes").status_code == 404


def test_an_unknown_name_says_which_there_are(folder: Path) -> None:
    with pytest.raises(LookupError, match=r"'warm_house'.*community_aid, .*warm_homes"):
        discover(["warm_house"])
    assert "tests" not in available()


def test_a_code_that_is_not_the_folders_name_is_refused(folder: Path) -> None:
    declaration = folder / "service.py"
    declaration.write_text(declaration.read_text().replace('code="warm_homes"', 'code="community_aid"'))
    with pytest.raises(ValueError, match=r"service\.py declares the code 'community_aid'"):
        discover(["warm_homes"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"needs": {}}, "needs is empty"),
        ({"target_days": {"urgent": 1}}, "target_days must name"),
        ({"roles": frozenset({"wizard"})}, "no such role: wizard"),
        ({"checked_needs": frozenset({"gold"})}, "gold"),
        ({"skills": {"food": "food"}}, "each need must name a skill"),
    ],
)
def test_a_declaration_with_a_hole_is_refused_by_name_of_its_file(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        replace(kinds.kind("community_aid"), **change)
    assert "community_aid/service.py" in str(error.value)


def test_a_wording_that_is_missing_names_its_files() -> None:
    with pytest.raises(FileNotFoundError, match=r"goodbye\.sms\.txt"):
        kinds.kind("community_aid").wording("goodbye")
