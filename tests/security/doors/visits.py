"""Asking for a page as somebody, and undoing at once what it did."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client

FREE = ("django_session", "cache", "people_servicekey", "casework_flaggerkey")
"""Tables that any request may touch: how long it lasts, how often one came, when a key was used."""
FORM = "application/x-www-form-urlencoded"
WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True, slots=True)
class Visit:
    """What one request got, and which statements it wrote."""

    answer: Any
    written: list[str]

    @property
    def is_journalled(self) -> bool:
        return any('"journal_entry"' in sql for sql in self.written)

    @property
    def outcome(self) -> str:
        """One word for what happened."""
        status, leads = self.answer.status_code, self.answer.headers.get("Location", "")
        if status == 302 and leads.startswith("/accounts/login/"):
            return "sign in"
        if status == 302 and leads.startswith("/accounts/2fa/"):
            return "second factor"
        words = {401: "who?", 403: "refused", 404: "absent", 405: "no such request"}
        return words.get(status, "opens" if status < 500 else "fault")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with a browser or a key."""

    session: str = ""
    key: str = ""
    cookies: tuple[tuple[str, str], ...] = ()

    @classmethod
    def signed_in(cls, person: User) -> "Visitor":
        client = Client()
        client.force_login(person)
        return cls(session=client.cookies[settings.SESSION_COOKIE_NAME].value)

    def ask(
        self,
        method: str,
        address: str,
        form: Mapping[str, str] | None = None,
        *,
        csrf: bool = False,
        **sent: Any,  # noqa: ANN401 - as the test client takes it
    ) -> Visit:
        """Ask for the address; whatever was written is rolled back."""
        client = _browser(checks=csrf)
        client.cookies.clear()
        if self.session:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.session
        for name, value in self.cookies:
            client.cookies[name] = value
        if self.key:
            sent["headers"] = {"Authorization": f"Bearer {self.key}"}
        if form and method == "POST":
            sent |= {"data": urlencode(form), "content_type": FORM}
        with _undone(), written() as statements:
            answer: Any = client.generic(method, address, **sent)
            if answer.streaming:
                b"".join(answer.streaming_content)
        return Visit(answer, statements)


@cache
def _browser(*, checks: bool) -> Client:
    """One for all who knock: making its middleware anew for each would take most of the time."""
    return Client(enforce_csrf_checks=checks)


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def written() -> Iterator[list[str]]:
    """The statements that change rows while this lasts, but for those of `FREE`."""
    found: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:  # noqa: ANN401 - as Django calls it
        answer = execute(sql, *rest)
        is_free = any(f'"{table}' in sql for table in FREE)
        if sql.startswith(WRITES) and not is_free and rest[-1]["cursor"].rowcount:
            found.append(sql)
        return answer

    with connection.execute_wrapper(note):
        yield found
