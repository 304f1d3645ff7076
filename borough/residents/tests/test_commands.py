"""The commands: a file is guessed, confirmed by a name, loaded; errors say what to do and end in 1."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from borough.residents.models import Record, Source
from borough.residents.tests.conftest import DECLARED, row, write_csv
from borough.synthetic.rehearsal import write_rehearsal

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def toml(path: Path, **changes: object) -> Path:
    lines = []
    for name, value in {**DECLARED, **changes}.items():
        if isinstance(value, dict):
            inner = ", ".join(
                f"{key} = {{ {', '.join(f'{k} = {json.dumps(v)}' for k, v in rule.items())} }}"
                for key, rule in value.items()
            )
            lines.append(f"{name} = {{ {inner} }}")
        else:
            lines.append(f"{name} = {json.dumps(value)}")
    path.write_text("\n".join(lines))
    return path


def test_guess_confirm_load(tmp_path: Path, open_agreements: None) -> None:
    rents = write_csv(tmp_path / "rents.csv", [row(f"T{n}") for n in range(3)])
    mapping = tmp_path / "rents.toml"
    assert "source add" in run("guess", str(rents), "-o", str(mapping))
    with pytest.raises(CommandError, match="is there already"):
        run("guess", str(rents), "-o", str(mapping))
    with pytest.raises(CommandError, match="nobody has confirmed a mapping"):
        run("load", "rents", str(rents))
    with pytest.raises(CommandError, match="Nobody has confirmed"):
        run("source", "add", str(mapping))
    assert "borough load rents FILE" in run("source", "add", str(mapping), "--confirm", "Grace Hopper")
    assert Source.objects.get().confirmed_by == "Grace Hopper"
    assert "3 rows, 3 taken in" in run("load", "rents", str(rents), "--mapping", str(mapping))
    assert "taken in before" in run("load", "rents", str(rents))
    assert "3 records" in run("source", "list")


def test_a_mapping_that_differs_from_the_confirmed_one_is_refused(tmp_path: Path, open_agreements: None) -> None:
    run("source", "add", str(toml(tmp_path / "a.toml")), "--confirm", "Grace")
    other = toml(tmp_path / "b.toml", key=["No"])
    with pytest.raises(CommandError, match="not the mapping that was confirmed"):
        run("load", "housing_rents", str(write_csv(tmp_path / "a.csv", [row("T1")])), "--mapping", str(other))


def test_errors_reach_the_command_line_with_their_remedy(tmp_path: Path, open_agreements: None) -> None:
    run("source", "add", str(toml(tmp_path / "a.toml")), "--confirm", "Grace")
    (tmp_path / "empty.csv").touch()
    with pytest.raises(CommandError, match=r"empty.csv is empty\. Export it again") as caught:
        run("load", "housing_rents", str(tmp_path / "empty.csv"))
    assert caught.value.returncode == 1
    for words in (
        ("guess", str(tmp_path / "none.csv")),
        ("source", "add", str(tmp_path / "none.toml"), "--confirm", "G"),
    ):
        with pytest.raises(CommandError, match="There is no"):
            run(*words)


def test_what_was_left_out_is_told(tmp_path: Path, open_agreements: None) -> None:
    run("source", "add", str(toml(tmp_path / "a.toml")), "--confirm", "Grace")
    header = [*row("T1", NI="wrong"), "x"]
    from borough.residents.tests.conftest import HEADER

    said = run("load", "housing_rents", str(write_csv(tmp_path / "a.csv", [header], [*HEADER, "Notes"])))
    assert "NI: 1 cells were left out" in said
    assert "Not read: Notes" in said


def test_every_rehearsal_extract_loads_and_only_its_damaged_rows_are_rejected(
    tmp_path: Path, open_agreements: None
) -> None:
    manifest = write_rehearsal(tmp_path, residents=300, seed=3)
    for mapping in sorted((tmp_path / "mappings").glob("*.toml")):
        run("source", "add", str(mapping), "--confirm", "Grace")
        run("load", mapping.stem, str(tmp_path / "extracts" / f"{mapping.stem}.csv"))
    truth = (tmp_path / "truth" / "records.csv").read_text().splitlines()[1:]
    known = {tuple(line.rsplit(",", 1)[0].split(",", 1)) for line in truth}
    loaded = set(Record.objects.values_list("source_id", "key"))
    assert loaded <= known, "keys are written as the truth writes them"
    assert len(loaded) >= sum(manifest.records.values()) - manifest.damaged
