"""Django's settings, all from `configuration`; nothing here is edited per installation."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

from dutybound_server.project.configuration import MIB, Configuration
from dutybound_server.project.keys import keys_in

_configuration = Configuration(os.environ)

DATA = Path(_configuration.text("DUTYBOUND_DATA")).resolve()
DATA.mkdir(parents=True, exist_ok=True)
_keys = keys_in(DATA)
CONTENT_KEYS = _keys.content
JOURNAL_KEY = _keys.journal
SECRET_KEY = _keys.django

DEMO = _configuration.yes_or_no("DUTYBOUND_DEMO")
ORIGIN = _configuration.text("DUTYBOUND_ORIGIN").rstrip("/")
JOURNAL_ORIGIN = f"{urlsplit(ORIGIN).netloc}/journal"
DEBUG = False
_secure = ORIGIN.startswith("https://")
ALLOWED_HOSTS = [urlsplit(ORIGIN).hostname or "", "127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS = [ORIGIN]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "dutybound_server.journal",
    "dutybound_server.people",
    "dutybound_server.banks",
    "dutybound_server.items",
    "dutybound_server.casework",
    "dutybound_server.intake",
    "dutybound_server.api",
    "dutybound_server.console",
    "dutybound_server.public",
]
MIDDLEWARE = [
    "dutybound_server.api.problems.problems_only",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "dutybound_server.project.urls"
WSGI_APPLICATION = "dutybound_server.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]


def _database(url: str) -> dict[str, Any]:
    if url:
        parsed: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60))
    else:
        parsed = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA / "dutybound.sqlite3")}
    if parsed["ENGINE"].endswith("sqlite3"):
        # IMMEDIATE: a writer waits its turn at BEGIN instead of failing half-way. FULL: an
        # answered request survives a power cut, not only a kill.
        parsed["CONN_MAX_AGE"] = None
        parsed["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        }
    return parsed


DATABASES = {"default": _database(_configuration.text("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    },
}
MEDIA_ROOT = DATA / "media"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "media": {"BACKEND": "dutybound_server.items.blobs.SealedStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

LOGIN_REDIRECT_URL = "/console/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
SESSION_COOKIE_SECURE = _secure
CSRF_COOKIE_SECURE = _secure

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = _configuration.text("DUTYBOUND_EMAIL_FROM")

MAX_BODY = _configuration.whole_number("DUTYBOUND_MAX_BODY_MIB", least=1, most=4096) * MIB
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY
MAX_PIXELS = _configuration.whole_number("DUTYBOUND_MAX_MEGAPIXELS", least=1, most=1000) * 1_000_000
