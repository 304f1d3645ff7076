"""make test: the whole suite on SQLite, then on PostgreSQL if it is installed. Says what it skips and how to get it.

With BOROUGH_NO_SKIP=1, as in continuous integration, whatever is skipped is a failure.
"""

import os
import subprocess
import sys

from tests.postgres import find_binaries, temporary_server


def pytest(title: str, url: str | None) -> int:
    print(f"\n=== {title} ===", flush=True)
    environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "TEST_DATABASE_URL"}}
    if url:
        environment["TEST_DATABASE_URL"] = url
    return subprocess.run([sys.executable, "-m", "pytest", "-rs", *sys.argv[1:]], env=environment).returncode


def main() -> int:
    failed = pytest("Tests on SQLite", None)
    if find_binaries():
        with temporary_server() as url:
            failed |= pytest("Tests on PostgreSQL", url)
    else:
        print("\nSKIPPED: tests on PostgreSQL. To run them: apt-get install postgresql", flush=True)
        failed |= os.environ.get("BOROUGH_NO_SKIP") == "1"
    return failed


if __name__ == "__main__":
    sys.exit(main())
