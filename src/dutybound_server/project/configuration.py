"""Every setting, read from the environment; a wrong one stops the start with a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

MIB = 1024 * 1024


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
    Setting("DUTYBOUND_DEMO", "no", "yes: staff may sign in without a second factor."),
    Setting("DUTYBOUND_MAX_BODY_MIB", "64", "Largest request body, in MiB."),
    Setting("DUTYBOUND_MAX_MEGAPIXELS", "64", "Largest picture that is decoded."),
    Setting("DUTYBOUND_WEB_PROCESSES", "2", "Web server processes."),
    Setting("DUTYBOUND_WEB_THREADS", "4", "Threads in each web server process."),
    Setting("DUTYBOUND_EMAIL_URL", "console://", "smtp://user:password@host:port or console://."),
    Setting("DUTYBOUND_EMAIL_FROM", "dutybound@localhost", "Sender of e-mail."),
)


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings as the environment gives them, each checked as it is asked for."""

    environment: Mapping[str, str]

    def text(self, name: str) -> str:
        default = next(setting.default for setting in SETTINGS if setting.name == name)
        return self.environment.get(name, default).strip()

    def yes_or_no(self, name: str) -> bool:
        answer = self.text(name).lower()
        if answer not in {"yes", "no"}:
            raise ImproperlyConfigured(f"{name} is {answer!r}; set it to yes or no.")
        return answer == "yes"

    def whole_number(self, name: str, *, least: int, most: int) -> int:
        answer = self.text(name)
        if not answer.isdecimal() or not least <= int(answer) <= most:
            raise ImproperlyConfigured(
                f"{name} is {answer!r}; set it to a whole number from {least} to {most}."
            )
        return int(answer)
