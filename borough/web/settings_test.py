"""Settings of the test suite: a database in a temporary folder, quick password hashes, unhashed static files."""

import os
import tempfile

os.environ["BOROUGH_HOME"] = tempfile.mkdtemp(prefix="borough-test-")
os.environ["BOROUGH_AUTHORITY"] = "rehearsal"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's sync API runs an event loop
if url := os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = url
else:
    os.environ.pop("DATABASE_URL", None)

from borough.web.settings import *  # noqa: F403
from borough.web.settings import DATABASES, HOME, STATIC_ROOT, STORAGES

STATIC_ROOT.mkdir()

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: the live server, workers and kill -9 tests open their own connections.
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
