"""Django's settings, all from `configuration`; nothing here is edited per installation."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from dutybound_server.lib import logs
from dutybound_server.project.configuration import MIB, Configuration, is_this_machine
from dutybound_server.project.counters import counters_folder
from dutybound_server.project.keys import CONTENT, keys_in

_configuration = Configuration(os.environ)
_configuration.refuse_unknown_names()

DATA = Path(_configuration.text("DUTYBOUND_DATA")).resolve()
try:
    DATA.mkdir(parents=True, exist_ok=True)
except OSError as problem:
    raise ImproperlyConfigured(f"DUTYBOUND_DATA: the folder cannot be made: {problem}.") from None
_keys = keys_in(DATA, content=_configuration.content_keys("DUTYBOUND_CONTENT_KEYS"))
CONTENT_KEYS = _keys.content
_keys_are_given = _configuration.is_given("DUTYBOUND_CONTENT_KEYS")
CONTENT_KEYS_FILE = None if _keys_are_given else DATA / "keys" / CONTENT
JOURNAL_KEY = _keys.journal
JOURNAL_MLDSA_KEY = _keys.journal_mldsa
SECRET_KEY = _keys.django

DEMO = _configuration.yes_or_no("DUTYBOUND_DEMO")
_origin = _configuration.origin("DUTYBOUND_ORIGIN")
_host = _origin.hostname or ""
_secure = _origin.scheme == "https"
_behind_proxy = _configuration.yes_or_no("DUTYBOUND_TRUST_PROXY")
ORIGIN = f"{_origin.scheme}://{_origin.netloc}"
# A journal keeps its name for ever; a trial on whichever port is free has no name of its own.
JOURNAL_ORIGIN = f"{'localhost' if is_this_machine(_host) else _origin.netloc}/journal"
JOURNAL_ENTRIES_PUBLIC = _configuration.yes_or_no("DUTYBOUND_JOURNAL_ENTRIES_PUBLIC")
WITNESSES = _configuration.witnesses("DUTYBOUND_WITNESSES")
DEBUG = False
ALLOWED_HOSTS = [_host, "127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS = [ORIGIN]
METRICS_TOKEN = _configuration.token("DUTYBOUND_METRICS_TOKEN")
METRICS_ON_LOOPBACK = is_this_machine(_host)
LOGGING_CONFIG = None
logs.configure()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "dutybound_server.journal",
    "dutybound_server.people",
    "dutybound_server.banks",
    "dutybound_server.items",
    "dutybound_server.evidence",
    "dutybound_server.casework",
    "dutybound_server.intake",
    "dutybound_server.assurance",
    "dutybound_server.api",
    "dutybound_server.console",
    "dutybound_server.public",
    # Behind our own, whose templates give its pages our look.
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "dutybound_server.lib.request_id.request_id",
    "dutybound_server.lib.headers.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dutybound_server.api.problems.problems_only",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dutybound_server.people.sessions.bounded_sessions",
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


DATABASES = {
    "default": _configuration.database("DATABASE_URL", sqlite=str(DATA / "dutybound.sqlite3"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Rate limits live here; the default of 300 would let a flood push them out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}
MEDIA_ROOT = DATA / "media"
COMPILED_BANKS = DATA / "banks"

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

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/console/"
ACCOUNT_ADAPTER = "dutybound_server.people.sign_in.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_USER_DISPLAY = "dutybound_server.people.actors.name_of"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _behind_proxy else 0
MFA_ADAPTER = "dutybound_server.people.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Dutybound"
# Browsers allow passkeys without https only on localhost, where a trial runs.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = is_this_machine(_host)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# A session ends two hours after the last request, twelve after it began (people/sessions.py).
SESSION_COOKIE_AGE = 2 * 60 * 60
SESSION_LONGEST = 12 * 60 * 60
SESSION_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _secure
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _secure else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _behind_proxy else None

_email = _configuration.email("DUTYBOUND_EMAIL_URL")
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
if DEMO and EMAIL_BACKEND.endswith(".console.EmailBackend"):
    # The demo's terminal goes on showing how to sign in; what is mailed lies beside its log.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA / "demo" / "mail"
EMAIL_HOST = _email.get("EMAIL_HOST", "localhost")
EMAIL_PORT = _email.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = _configuration.sender("DUTYBOUND_EMAIL_FROM")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

WEB_PROCESSES = _configuration.whole_number("DUTYBOUND_WEB_PROCESSES", least=1, most=64)
WEB_THREADS = _configuration.whole_number("DUTYBOUND_WEB_THREADS", least=1, most=64)
MAX_BODY = _configuration.whole_number("DUTYBOUND_MAX_BODY_MIB", least=1, most=4096) * MIB
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY
TIMESTAMP_URL = _configuration.address("DUTYBOUND_TIMESTAMP_URL")
FILM_SECONDS = _configuration.whole_number("DUTYBOUND_FILM_SECONDS", least=1, most=600)
MAX_PIXELS = _configuration.whole_number("DUTYBOUND_MAX_MEGAPIXELS", least=1, most=1000) * 1_000_000
# Every process of the installation adds to the same counters. The library reads the variable when
# it is first imported, which is after the settings.
METRICS_FOLDER = counters_folder(DATA)
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(METRICS_FOLDER))
