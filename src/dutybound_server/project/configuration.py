"""Every setting, read from the environment; a wrong one stops the start with a sentence."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from dutybound.ledger.policy import BadPolicy, Policy, policy_in
from dutybound_server.lib.sealed import Key, keys_from_text

MIB = 1024 * 1024
OURS = "DUTYBOUND_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable, told in docs/reference/settings.md."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("DUTYBOUND_DATA", "var", "Folder of the database, media and keys."),
    Setting("DATABASE_URL", "", "PostgreSQL address; empty means SQLite in the data folder."),
    Setting("DUTYBOUND_ORIGIN", "http://127.0.0.1:8000", "Where people and services reach us."),
    Setting("DUTYBOUND_TRUST_PROXY", "no", "yes: a proxy in front says who asks, and how."),
    Setting("DUTYBOUND_DEMO", "no", "yes: staff may sign in without a second factor."),
    Setting("DUTYBOUND_CONTENT_KEYS", "", "Content keys, newest first; empty: the key file."),
    Setting("DUTYBOUND_METRICS_TOKEN", "", "What a scraper shows to read /metrics and /readyz."),
    Setting("DUTYBOUND_JOURNAL_ENTRIES_PUBLIC", "no", "yes: anyone may read journal entries."),
    Setting("DUTYBOUND_WITNESSES", "", "File that names who cosigns the journal, if anybody."),
    Setting("DUTYBOUND_MAX_BODY_MIB", "64", "Largest request body, in MiB."),
    Setting("DUTYBOUND_MAX_MEGAPIXELS", "64", "Largest picture that is decoded."),
    Setting("DUTYBOUND_FILM_SECONDS", "20", "Longest that one film is decoded in a request."),
    Setting("DUTYBOUND_WEB_PROCESSES", "2", "Web server processes."),
    Setting("DUTYBOUND_WEB_THREADS", "4", "Threads in each web server process."),
    Setting("DUTYBOUND_EMAIL_URL", "console://", "smtp://user:password@host:port or console://."),
    Setting("DUTYBOUND_TIMESTAMP_URL", "", "Time-stamp server (RFC 3161) for evidence, if any."),
    Setting("DUTYBOUND_EMAIL_FROM", "dutybound@localhost", "Sender of e-mail."),
)
NAMES = frozenset(setting.name for setting in SETTINGS)
METRICS_TOKEN_LEAST = 16


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings as the environment gives them, each checked as it is asked for."""

    environment: Mapping[str, str]

    def refuse_unknown_names(self) -> None:
        """A misspelt setting would be ignored in silence; refuse it instead."""
        for name in sorted(self.environment):
            if name.startswith(OURS) and name not in NAMES:
                near = get_close_matches(name, NAMES, n=1, cutoff=0)[0]
                raise ImproperlyConfigured(
                    f"{name} is not a setting. Did you mean {near}? Unset it or rename it."
                )

    def text(self, name: str) -> str:
        default = next(setting.default for setting in SETTINGS if setting.name == name)
        return self.environment.get(name, default).strip()

    def is_given(self, name: str) -> bool:
        return bool(self.environment.get(name, "").strip())

    def yes_or_no(self, name: str) -> bool:
        answer = self.text(name).lower()
        if answer not in {"yes", "no"}:
            raise ImproperlyConfigured(f"{name} is {answer!r}; set it to yes or no.")
        return answer == "yes"

    def whole_number(self, name: str, *, least: int, most: int) -> int:
        answer = self.text(name)
        if not answer.isascii() or not answer.isdecimal() or not least <= int(answer) <= most:
            raise ImproperlyConfigured(
                f"{name} is {answer!r}; set it to a whole number from {least} to {most}."
            )
        return int(answer)

    def origin(self, name: str) -> SplitResult:
        """A web address without a path."""
        parts = _split(self.text(name))
        if (
            parts is None
            or parts.scheme not in {"http", "https"}
            or not parts.hostname
            or parts.path not in {"", "/"}
            or parts.query
            or parts.fragment
            or parts.username
        ):
            raise ImproperlyConfigured(
                f"{name} is {self.text(name)!r}; set it to an address such as "
                "https://safety.example.org, without a path."
            )
        return parts

    def address(self, name: str) -> str:
        """A web address, or nothing. It may hold a password: what is wrong is told without it."""
        parts = _split(self.text(name))
        if self.is_given(name) and (
            parts is None or parts.scheme not in {"http", "https"} or not parts.hostname
        ):
            raise ImproperlyConfigured(
                f"{name} cannot be read; set it to an address such as "
                "https://stamp.example.org/tsr, or leave it empty."
            )
        return self.text(name)

    def witnesses(self, name: str) -> Policy | None:
        """The policy in the file that is named, each of whose witnesses has an address."""
        if not self.is_given(name):
            return None
        try:
            policy = policy_in(Path(self.text(name)).read_bytes())
        except (OSError, BadPolicy) as problem:
            raise ImproperlyConfigured(f"{name} cannot be read: {problem}.") from None
        for witness in policy.witnesses.values():
            parts = _split(witness.url)
            is_web = parts is not None and parts.scheme in {"http", "https"} and parts.hostname
            if not is_web or not witness.url.isascii():
                raise ImproperlyConfigured(
                    f"{name}: give the witness {witness.name} an address to ask at, such as "
                    f"https://witness.example.org, not {witness.url!r}."
                )
        if not policy.witnesses:
            raise ImproperlyConfigured(f"{name} names no witness. Add one, or unset it.")
        return policy

    def content_keys(self, name: str) -> tuple[Key, ...]:
        """The ring given here, or an empty one. What is wrong is told, the keys never are."""
        try:
            return keys_from_text(self.text(name)) if self.is_given(name) else ()
        except ValueError as problem:
            raise ImproperlyConfigured(f"{name} cannot be read: {problem}.") from None

    def token(self, name: str) -> str:
        answer = self.text(name)
        if answer and len(answer) < METRICS_TOKEN_LEAST:
            raise ImproperlyConfigured(
                f"{name} is too short to be a secret; use at least {METRICS_TOKEN_LEAST} "
                "characters, or leave it empty."
            )
        return answer

    def sender(self, name: str) -> str:
        answer = self.text(name)
        if "@" not in answer:
            raise ImproperlyConfigured(f"{name} is {answer!r}; set it to an e-mail address.")
        return answer

    def database(self, name: str, *, sqlite: str) -> dict[str, Any]:
        """Django's description of the database. The address holds a password: it is never told."""
        if not self.is_given(name):
            return _sqlite(sqlite)
        parts = _split(self.text(name))
        if parts is not None and parts.scheme in {"postgres", "postgresql"}:
            options = {
                "conn_max_age": 60,
                "conn_health_checks": True,
                # A cursor of the server's that a failed reader left open is closed at some later
                # time, within whatever transaction is under way then, and that one fails for it.
                "disable_server_side_cursors": True,
            }
            return dict(dj_database_url.parse(self.text(name), **options))  # type: ignore[arg-type]
        if parts is not None and parts.scheme == "sqlite" and parts.path.strip("/"):
            return _sqlite(unquote(parts.path[1:]))
        raise ImproperlyConfigured(
            f"{name} cannot be read; set it to postgres://user:password@host:5432/name, "
            "or leave it empty for SQLite in the data folder."
        )

    def email(self, name: str) -> dict[str, Any]:
        """Django's e-mail settings. The address holds a password: it is never told."""
        parts = _split(self.text(name))
        if parts is not None and parts.scheme == "console":
            return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
        if (
            parts is None
            or parts.scheme not in {"smtp", "smtp+starttls", "smtps"}
            or not parts.hostname
        ):
            raise ImproperlyConfigured(
                f"{name} cannot be read; set it to smtps://user:password@host:465, "
                "smtp+starttls://user:password@host:587, smtp://host:25 or console://."
            )
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": parts.port or {"smtp": 25, "smtps": 465}.get(parts.scheme, 587),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        }


def is_this_machine(host: str) -> bool:
    """Whether the name or address leads nowhere but to the machine itself."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        # IMMEDIATE: a writer waits its turn at BEGIN instead of failing half-way. FULL: an
        # answered request survives a power cut, not only a kill.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises when it is not a number
    except ValueError:
        return None
    return parts
