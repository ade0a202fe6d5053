"""Logs: one JSON object a line on standard error, with the request it belongs to, no secrets."""

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

current_request: ContextVar[str] = ContextVar("request", default="")
"""The id of the request this thread is answering; lib/request_id.py sets it."""

# What every log record has; anything else was given as `extra` by whoever logged.
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# Nothing of ours logs a secret. These shapes are taken out all the same, since the text of a
# foreign exception may quote what it was given.
_SECRETS = (
    (re.compile(r"(dbf?)_([0-9a-f]{10})_[A-Za-z0-9_-]{43}"), r"\1_\2_(hidden)"),
    (re.compile(r"whsec_[A-Za-z0-9+/=_-]+"), "whsec_(hidden)"),
    (re.compile(r"AGE-SECRET-KEY-1[A-Z0-9]+"), "AGE-SECRET-KEY-1(hidden)"),
    # A signed link to the report form names accounts.
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]+"), "(a signed link)"),
    # 32 bytes in base64, as content keys are written.
    (re.compile(r"(?<![\w+/])[A-Za-z0-9+/]{43}="), "(a key)"),
    (
        re.compile(
            r"(?i)\b(sessionid|csrftoken|dutybound_report|password|authorization)\b"
            r"(['\"]?\s*[=:]\s*['\"]?)(?:bearer\s+)?[^\s'\",;&)}]+"
        ),
        r"\1\2(hidden)",
    ),
    (re.compile(r"(/notice/|/told/|/reset/key/)[^/\s'\"]+"), r"\1(hidden)"),
    (re.compile(r"(\w+://[^\s:/@]+):[^\s/@]+@"), r"\1:(hidden)@"),
    # PostgreSQL says which row it would not take, with all that stands in it.
    (re.compile(r"(DETAIL:\s+(?:Failing row contains |Key )).*"), r"\1(hidden)"),
    (re.compile(r"(?<![\w:/.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "(an address)"),
)


def without_secrets(text: str) -> str:
    for shape, instead in _SECRETS:
        text = shape.sub(instead, text)
    return text


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if request := current_request.get():
            line["request"] = request
        line |= {
            name: without_secrets(value) if isinstance(value, str) else value
            for name, value in vars(record).items()
            if name not in _USUAL and isinstance(value, str | int | float | bool | None)
        }
        if record.exc_info:
            line["traceback"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def configure() -> None:
    """Send every logger of this process to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not isinstance(one.formatter, JsonLines)] + [
        handler
    ]
    root.setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
    # Its lines carry the raw path, where a notice has its secret; ours carry the route.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    # Whoever asks for more lines does not get these: whole pages, and every value of a query.
    for talkative in ("django.template", "django.db.backends"):
        logging.getLogger(talkative).setLevel(logging.INFO)
