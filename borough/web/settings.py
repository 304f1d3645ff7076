"""Settings. Everything that differs between machines comes from the environment; see docs/reference/settings.md."""

import os
import secrets
from importlib import import_module
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

# Each variable and what it does; docs/reference/settings.md is made from this.
ENVIRONMENT = {
    "BOROUGH_HOME": "Folder for the SQLite database, the secret key and the rehearsal's files. Default: var",
    "BOROUGH_AUTHORITY": "Which file in borough/web/authorities to use. Default: rehearsal",
    "BOROUGH_LIVE": "1 for a live borough: https only, PostgreSQL only, no sign-in links. Default: a rehearsal",
    "BOROUGH_SECRET_KEY": "Secret that signs sessions and links. Default: made once and kept in BOROUGH_HOME",
    "BOROUGH_OLD_SECRET_KEYS": "Secrets of before, with spaces, never dropped; ! before one that leaked. Default: none",
    "BOROUGH_HOSTS": "Host names that the site answers to, with commas. Default: localhost",
    "BOROUGH_BASE_URL": "Address of the site in messages. Default: http://localhost:8000",
    "BOROUGH_TOMBSTONES": "File of who was erased, kept apart from backups. Default: tombstones.jsonl in BOROUGH_HOME",
    "BOROUGH_SEAL_KEY": "File of the key that signs seals for other boroughs. Default: made once in BOROUGH_HOME",
    "DATABASE_URL": "The database, such as postgres://user@host/name. Default: SQLite in BOROUGH_HOME",
    "BOROUGH_ADDRESS_MATCHER": "A Python that has uk-address-matcher. Default: the one of make address-matcher",
    "BOROUGH_SMTP_HOST": "Server that sends e-mail. Default: localhost",
    "BOROUGH_SMTP_PORT": "Its port. Default: 25",
    "BOROUGH_SMTP_USER": "Its user, if it wants one",
    "BOROUGH_SMTP_PASSWORD": "That user's password",
    "BOROUGH_SMTP_TLS": "1 to use STARTTLS",
    "BOROUGH_FROM_EMAIL": "Address that e-mail comes from",
}

PACKAGE = Path(__file__).resolve().parent.parent
# Where the house keeps its files: the SQLite database, its secret key, extracts of the rehearsal.
HOME = Path(os.environ.get("BOROUGH_HOME", "var")).resolve()
HOME.mkdir(parents=True, exist_ok=True)
# Made when it is first needed.
SEAL_KEY = Path(os.environ.get("BOROUGH_SEAL_KEY", HOME / "seal_key"))
# Who was erased: read after a restore, so it must not be restored with the database.
TOMBSTONES = Path(os.environ.get("BOROUGH_TOMBSTONES", HOME / "tombstones.jsonl"))

# Rehearsal: made-up residents, sign-in links without a second factor, SQLite allowed.
REHEARSAL = os.environ.get("BOROUGH_LIVE", "") != "1"
DEBUG = False


def _secret_key() -> str:
    if key := os.environ.get("BOROUGH_SECRET_KEY"):
        return key
    path = HOME / "secret_key"
    if not path.exists():
        # Written beside and renamed, so that two processes starting at once agree on one key.
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


SECRET_KEY = _secret_key()
_OLD_KEYS = os.environ.get("BOROUGH_OLD_SECRET_KEYS", "").split()
# What they signed still holds; what is known by their hash alone, which records were erased, is known for good.
SECRET_KEY_FALLBACKS = [key for key in _OLD_KEYS if not key.startswith("!")]
KEYS_OF_HASHES = [SECRET_KEY, *(key.removeprefix("!") for key in _OLD_KEYS)]
ALLOWED_HOSTS = os.environ.get("BOROUGH_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
BASE_URL = os.environ.get("BOROUGH_BASE_URL", "http://localhost:8000")

AUTHORITY = import_module(f"borough.web.authorities.{os.environ.get('BOROUGH_AUTHORITY', 'rehearsal')}").AUTHORITY

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "borough.accounts",
    "borough.governance",
    "borough.places",
    "borough.residents",
    "borough.directory",
    "borough.messaging",
    "borough.cases",
    "borough.volunteers",
    "borough.insight",
    "borough.web",
]

MIDDLEWARE = [
    "borough.web.middleware.Answers",
    "django.middleware.security.SecurityMiddleware",
    # Before WhiteNoise: style sheets and pictures belong into nobody's frame either.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "borough.accounts.sessions.EndedSessions",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "borough.web.middleware.ProblemPages",
]

ROOT_URLCONF = "borough.web.urls"
WSGI_APPLICATION = "borough.web.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web" / "templates"]
        + [PACKAGE / room / "templates" for room in ("accounts", "governance", "places", "residents", "directory")]
        + [PACKAGE / room / "templates" for room in ("messaging", "cases", "volunteers", "insight")],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "borough.web.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "borough.web.jinja.page_context",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.config(
        env="DATABASE_URL",
        default=f"sqlite:///{HOME / 'borough.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Two writers that both read first would deadlock under a deferred transaction.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; "
        "PRAGMA cache_size=-65536;",
    }

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "borough.accounts.passwords.SlowScrypt",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "borough.accounts.passwords.NotEasyToGuess"},
]
LOGIN_URL = "accounts:sign_in"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
# Browsers keep a cookie of this name for this host alone, over https.
SESSION_COOKIE_NAME = "sessionid" if REHEARSAL else "__Host-sessionid"
CSRF_COOKIE_NAME = "csrftoken" if REHEARSAL else "__Host-csrftoken"
# In the session: no cookie of its own.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "borough.web.views.form_too_old"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if not REHEARSAL else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not REHEARSAL
# The API answers for itself: middleware.py.
SECURE_REDIRECT_EXEMPT = [r"^api/"]
SECURE_HSTS_SECONDS = 0 if REHEARSAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not REHEARSAL
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Which adapter sends what: dotted paths, chosen in the authority's file. A rehearsal writes to nobody real: its
# messages go to the phones of made-up people, whatever the authority chose.
REHEARSAL_ADAPTERS = {"messages": "borough.adapters.rehearsal_residents.RehearsalResidents"}
ADAPTERS = {
    "addresses": "borough.adapters.uk_address_matcher.UkAddressMatcher",
    **(REHEARSAL_ADAPTERS if REHEARSAL else AUTHORITY.adapters),
}
_MATCHER = PACKAGE.parent / ".venv-addresses" / "bin" / "python"
ADDRESS_MATCHER_PYTHON = os.environ.get("BOROUGH_ADDRESS_MATCHER", str(_MATCHER))
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("BOROUGH_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("BOROUGH_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("BOROUGH_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("BOROUGH_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("BOROUGH_SMTP_TLS", "") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("BOROUGH_FROM_EMAIL", "no-reply@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "borough.web.logs.Lines", "words": REHEARSAL}},
    "filters": {"page_names": {"()": "borough.web.logs.PageNames"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["page_names"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # Who signs in is told as well as who is refused.
    "loggers": {"borough.security": {"level": "INFO"}},
}
