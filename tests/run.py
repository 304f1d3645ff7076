"""make test: the whole suite on SQLite, and what a database may change on PostgreSQL too, if that is installed.

Says what it skips and how to get it, and of each pass which tests took longest.

With BOROUGH_NO_SKIP=1, as in continuous integration, whatever is skipped is a failure.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import IO

from tests.postgres import find_binaries, temporary_server

# Where somebody is read, changed or shown: run again as the role that a live borough's site has (site_role.py).
AT_THE_DOOR = [
    f"borough/residents/tests/test_{name}.py"
    for name in ("pages", "check_pages", "redirects", "review_pages", "loading")
]
AT_THE_DOOR += ["borough/directory/tests/test_kept_true.py"]
# Every page, link, job and event of volunteers; what each says once no agreement is in force.
AT_THE_DOOR += [
    f"borough/volunteers/tests/test_{name}.py"
    for name in ("pages", "joining", "scope", "two", "cascade", "on_my_way", "the_door")
]
# What is worked out about residents: the verbs with the command, and an objection with its job.
AT_THE_DOOR += ["borough/insight/tests/test_verbs.py", "borough/web/tests/test_objection.py"]
# Cases: what staff, the public, services by their links and the house's own rounds do with them.
AT_THE_DOOR += [
    f"borough/cases/tests/test_{name}.py" for name in ("pages", "feedback", "referrals", "sharing", "worry", "backlogs")
]
# What holds for a resident in every room: corrected, deleted, not used, copied for them, and kept no longer. There a
# refused look at whose data is not to be used is an opening, and no refusal: tests/test_attacks.py.
AT_THE_DOOR += ["tests/test_changing.py", "tests/test_keeping.py", "borough/web/tests/test_copy.py"]
AT_THE_DOOR += ["--deselect=tests/test_changing.py::test_a_refused_look_at_them_is_in_the_ledger"]
# Messages: campaigns with their jobs, replies and a "stop", alerts, and links that residents ask for.
AT_THE_DOOR += [
    f"borough/messaging/tests/test_{name}.py"
    for name in ("campaigns", "replies", "pages", "officers", "decisions", "own_link")
]

# Accounts: what the site's own role writes of sign-ins and of what happened.
AT_THE_DOOR += ["borough/accounts/tests"]

# Done once, on SQLite: what is asked of no database, and the minutes of how each page looks.
ONCE = ["--of-the-database", "--ignore=tests/journeys/test_every_page.py"]


def pytest(title: str, url: str | None, *files: str, to: IO[str] | None = None, **more: str) -> int:
    """Run the suite; its output goes to `to`, or to the terminal as it comes."""
    print(f"\n=== {title} ===", flush=True, file=to)
    environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "TEST_DATABASE_URL"}}
    if url:
        environment["TEST_DATABASE_URL"] = url
    command = [sys.executable, "-m", "pytest", "-rfEs", "--durations=15", *sys.argv[1:], *files]
    return subprocess.run(command, env=environment | more, stdout=to, stderr=to).returncode


def on_postgresql(to: IO[str]) -> int:
    with temporary_server() as url:
        failed = pytest("Tests on PostgreSQL", url, *ONCE, to=to)
        return failed | pytest("Tests behind PostgreSQL's own door", url, *AT_THE_DOOR, to=to, BOROUGH_TEST_DOOR="1")


def main() -> int:
    if not find_binaries():
        failed = pytest("Tests on SQLite", None)
        print("\nSKIPPED: tests on PostgreSQL. To run them: apt-get install postgresql", flush=True)
        return failed | (os.environ.get("BOROUGH_NO_SKIP") == "1")
    # Both at once, since each has a database of its own and a test mostly waits for one core: half the time.
    with tempfile.TemporaryFile("w+") as output, ThreadPoolExecutor() as pool:
        second = pool.submit(on_postgresql, output)
        failed = pytest("Tests on SQLite", None)
        failed |= second.result()
        output.seek(0)
        shutil.copyfileobj(output, sys.stdout)
    return failed


if __name__ == "__main__":
    sys.exit(main())
