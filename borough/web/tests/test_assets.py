"""What the design system's files must not hold, and that they come in once."""

import json
import shutil
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import override_settings

from borough.web import assets


def test_the_stylesheet_loses_typeface_crest_and_addresses() -> None:
    css = (
        "@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2)}"
        ".govuk-link{font-family:GDS Transport,arial,sans-serif}"
        ".govuk-footer__copyright-logo:before{background-image:url(/assets/images/govuk-crest.svg)}"
        "@supports (mask-position:initial){.govuk-footer__copyright-logo:before{mask-image:url(/a/govuk-crest.svg)}}"
        "/*# sourceMappingURL=govuk-frontend.min.css.map */"
    )
    assert assets.patch_stylesheet(css) == ".govuk-link{font-family:Helvetica,Arial,sans-serif}"


@pytest.mark.parametrize("left", ["a{background:url(/x.png)}", "a{font-family:GDS Transport}", ".crest{}"])
def test_a_stylesheet_that_changed_its_shape_is_refused(left: str) -> None:
    with pytest.raises(assets.AssetsProblem, match="needs mending"):
        assets.patch_stylesheet(left)


def test_the_script_starts_itself() -> None:
    script = "function initAll(e){}export{initAll};//# sourceMappingURL=x.js.map"
    assert assets.patch_script(script) == "function initAll(e){}export{initAll};\ninitAll();\n"
    with pytest.raises(assets.AssetsProblem):
        assets.patch_script("nothing")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    for name in assets.LOCK_FILES:
        shutil.copy(assets.PROJECT / name, folder)
    return folder


def fake_npm(folder: Path) -> None:
    dist = folder / "node_modules" / "govuk-frontend" / "dist" / "govuk"
    dist.mkdir(parents=True)
    (dist / "govuk-frontend.min.css").write_text("a{color:red}" * 1000)
    (dist / "govuk-frontend.min.js").write_text("function initAll(){}" * 1000)


def test_files_come_once_and_again_when_one_was_touched(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "_run_npm", fake_npm)
    vendor = tmp_path / "vendor"
    assert assets.bring(vendor, project) is True
    assert assets.bring(vendor, project) is False
    (vendor / "govuk-frontend.css").write_text("edited")
    assert assets.bring(vendor, project) is True
    (project / "package-lock.json").write_text("{}")
    assert assets.bring(vendor, project) is True


def test_a_run_that_was_killed_is_begun_again(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "_run_npm", fake_npm)
    assets.bring(tmp_path / "vendor", project)
    (tmp_path / "vendor" / "manifest.json").unlink()
    assert assets.bring(tmp_path / "vendor", project) is True


def test_a_file_that_is_not_whole_is_refused(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def short(folder: Path) -> None:
        fake_npm(folder)
        (folder / "node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.css").write_text("a{}")

    monkeypatch.setattr(assets, "_run_npm", short)
    with pytest.raises(assets.AssetsProblem, match="cannot be whole"):
        assets.bring(tmp_path / "vendor", project)


def test_outside_a_clone_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(assets.AssetsProblem, match="clone of the project"):
        assets.bring(tmp_path / "vendor", tmp_path)


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((assets.PROJECT / "package-lock.json").read_text())
    packages = [entry for name, entry in lock["packages"].items() if name]
    assert packages
    assert all("resolved" not in entry and entry["integrity"].startswith("sha512-") for entry in packages)


def test_the_files_of_this_clone_carry_no_crown() -> None:
    css = Path(str(finders.find("vendor/govuk-frontend.css"))).read_text()
    assert not [word for word in ("GDS Transport", "crest", "url(") if word in css]


def test_static_files_can_be_hashed_and_compressed(tmp_path: Path) -> None:
    storages = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)
    named = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    assert {"vendor/govuk-frontend.css", "vendor/govuk-frontend.js", "house.css", "enable.js"} <= set(named)
    assert (tmp_path / (named["house.css"] + ".gz")).exists()
