"""How what people are told is e-mailed: leased, mailed and then marked, each row by itself."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Model, QuerySet

from dutybound_server.casework.retries import RETRY_FOR, wait_before

LEASE = timedelta(minutes=10)
MOST_AT_ONCE = 100
MAILED, MAIL_FAILED = "mailed", "mail_failed"


class Mailed(Protocol):
    """The columns of a row that is mailed; it also has `mailed_at` and `mail_failed_at`."""

    mail_due_at: datetime | None
    mail_attempts: int


Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail before it is sent."""

    to: tuple[str, ...] = field(repr=False)
    subject: str
    body: str = field(repr=False)
    id: str
    """The same however often it is sent."""


@dataclass(frozen=True, slots=True)
class Post(Generic[Row]):
    """A kind of row that is mailed: what to send of one, and how its end is journalled.

    `since`: when there was something to mail; it is given up three days after that.
    """

    rows: QuerySet[Row]
    mail: Callable[[Row], Mail]
    journal: Callable[[Row, str], object]
    since: Callable[[Row], datetime]


def mail_all(post: Post[Row], *, now: datetime) -> int:
    """E-mail the rows whose time has come; the answer is how many attempts were made.

    A row is leased for ten minutes, mailed, and then marked. Killed between mailing and
    marking, it is mailed again once the lease is over: a person may read the same mail twice,
    under one Message-ID, but is never left untold.
    """
    due = post.rows.filter(mail_due_at__lte=now).order_by("mail_due_at", "id")
    attempts = 0
    for row in due[:MOST_AT_ONCE]:
        if _lease(post, row, now=now):
            _mail(post, row, now=now)
            attempts += 1
    return attempts


def _lease(post: Post[Row], row: Row, *, now: datetime) -> bool:
    """Whether this worker has it now; nothing updated means that another one got there first."""
    taken = _ours(post, row).update(mail_due_at=now + LEASE, mail_attempts=F("mail_attempts") + 1)
    mailed = cast("Mailed", row)
    mailed.mail_due_at = now + LEASE
    mailed.mail_attempts += 1
    return taken == 1


def _mail(post: Post[Row], row: Row, *, now: datetime) -> None:
    try:
        sent = _message(post.mail(row)).send()
    except ValueError:
        # No mail can ever go to such an address; it is read where the service shows it.
        sent = 0
    except OSError:
        # smtplib's errors are of this kind too.
        _try_later(post, row, now=now)
        return
    _end(post, row, MAILED if sent else MAIL_FAILED, now=now)


def _message(mail: Mail) -> EmailMessage:
    domain = urlsplit(settings.ORIGIN).hostname
    return EmailMessage(
        subject=mail.subject,
        body=mail.body,
        to=mail.to,
        headers={"Message-ID": f"<{mail.id}@{domain}>", "Auto-Submitted": "auto-generated"},
    )


def _try_later(post: Post[Row], row: Row, *, now: datetime) -> None:
    if now >= post.since(row) + RETRY_FOR:
        _end(post, row, MAIL_FAILED, now=now)
        return
    # Chance is for spreading load here, not for secrets.
    wait_for = wait_before(cast("Mailed", row).mail_attempts, chance=random.random())  # noqa: S311
    _ours(post, row).update(mail_due_at=now + wait_for)


@transaction.atomic
def _end(post: Post[Row], row: Row, ending: str, *, now: datetime) -> None:
    if _ours(post, row).update(mail_due_at=None, **{f"{ending}_at": now}) == 1:
        post.journal(row, ending)


def _ours(post: Post[Row], row: Row) -> QuerySet[Row]:
    return post.rows.filter(pk=row.pk, mail_due_at=cast("Mailed", row).mail_due_at)
