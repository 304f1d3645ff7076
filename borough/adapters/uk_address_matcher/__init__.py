"""Must not leak an address into logs or errors: what the matcher prints is thrown away.

Matches addresses with the Ministry of Justice's uk-address-matcher. It wants an older Splink and DuckDB than the house,
so it runs as a process of its own, with the Python that `make address-matcher` built or BOROUGH_ADDRESS_MATCHER names.
"""

import subprocess
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from borough.common.errors import Problem

PROGRAM = Path(__file__).parent / "matching.py"


class UkAddressMatcher:
    def match(self, written: Path, gazetteer: Path, found: Path) -> None:
        python = Path(settings.ADDRESS_MATCHER_PYTHON)
        if not python.exists():
            raise Problem(
                _("The address matcher is not installed."),
                _("Run make address-matcher, or set BOROUGH_ADDRESS_MATCHER to a Python that has uk-address-matcher."),
            )
        # -I: nothing of the house is on its path, and no variable of the environment changes what it does.
        ended = subprocess.run(  # noqa: S603
            [str(python), "-I", str(PROGRAM), str(written), str(gazetteer), str(found)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        if ended.returncode:
            raise Problem(
                _("The address matcher stopped before it was done (%(code)s).") % {"code": ended.returncode},
                _("Nothing was changed. Build it anew with make address-matcher, and try again."),
            )
