"""Telling the author: a notice to read, a message to the service, and an e-mail."""

import random
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, QuerySet

from dutybound.cases.appeals import NoticeKind
from dutybound_server.casework.actions.enforcements import keep_ids_in_order
from dutybound_server.casework.actions.outbox import put_out
from dutybound_server.casework.messages import NOTICE_CREATED, notice_message
from dutybound_server.casework.models import Decision, Notice
from dutybound_server.casework.notices import mail_words, subject_line
from dutybound_server.casework.retries import RETRY_FOR, wait_before
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import SYSTEM

TOKEN_BYTES = 32
LEASE = timedelta(minutes=10)
MOST_AT_ONCE = 100


def tell_author(
    *, decision: Decision, kind: NoticeKind, words: str, now: datetime
) -> Notice | None:
    """Write the notice of a decision; None where the service never named an author."""
    case = decision.case
    if case.account is None:
        return None
    keep_ids_in_order(case.service)
    notice = Notice.objects.create(
        service=case.service,
        decision=decision,
        account=case.account,
        kind=kind,
        token=secrets.token_urlsafe(TOKEN_BYTES),
        words=words,
        created_at=now,
        mail_due_at=now if case.account.email else None,
    )
    put_out(
        service=case.service,
        event=NOTICE_CREATED,
        message_id=f"msg_notice_{notice.pk}",
        lane=f"{case.subject_kind}:{case.subject}",
        message=notice_message(notice),
        now=now,
    )
    append(
        kind="notice.created",
        service=case.service.slug,
        subject=f"case:{case.reference}",
        actor=SYSTEM,
        now=now,
        facts={"notice": notice.pk, "notice_kind": kind, "by_mail": bool(case.account.email)},
        personal={"account": case.account.external_id, "words": words},
    )
    return notice


def mail_due(*, now: datetime) -> int:
    """E-mail the notices whose time has come; the answer is how many attempts were made.

    A notice is leased for ten minutes, mailed, and then marked. Killed between mailing and
    marking, it is mailed again once the lease is over: a person may read the same mail twice,
    under one Message-ID, but is never left untold.
    """
    due = Notice.objects.filter(mail_due_at__lte=now).order_by("mail_due_at", "id")
    due = due.select_related("service", "account", "decision__case__item")
    attempts = 0
    for notice in due[:MOST_AT_ONCE]:
        if _lease(notice, now=now):
            _mail(notice, now=now)
            attempts += 1
    return attempts


def _lease(notice: Notice, *, now: datetime) -> bool:
    """Whether this worker has it now; nothing updated means that another one got there first."""
    seen = Notice.objects.filter(id=notice.pk, mail_due_at=notice.mail_due_at)
    taken = seen.update(mail_due_at=now + LEASE, mail_attempts=F("mail_attempts") + 1) == 1
    notice.mail_due_at = now + LEASE
    notice.mail_attempts += 1
    return taken


def _mail(notice: Notice, *, now: datetime) -> None:
    try:
        sent = _message(notice, now=now).send()
    except ValueError:
        # No mail can ever go to such an address; the notice is read where the service shows it.
        sent = 0
    except OSError:
        # smtplib's errors are of this kind too.
        _try_later(notice, now=now)
        return
    _end(notice, "notice.mailed" if sent else "notice.mail_failed", now=now)


def _message(notice: Notice, *, now: datetime) -> EmailMessage:
    domain = urlsplit(settings.ORIGIN).hostname
    return EmailMessage(
        subject=subject_line(notice),
        body=mail_words(notice, now=now),
        to=[notice.account.email],
        headers={
            "Message-ID": f"<notice-{notice.pk}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )


def _try_later(notice: Notice, *, now: datetime) -> None:
    if now >= notice.created_at + RETRY_FOR:
        _end(notice, "notice.mail_failed", now=now)
        return
    # Chance is for spreading load here, not for secrets.
    wait_for = wait_before(notice.mail_attempts, chance=random.random())  # noqa: S311
    _ours(notice).update(mail_due_at=now + wait_for)


@transaction.atomic
def _end(notice: Notice, kind: str, *, now: datetime) -> None:
    field = "mailed_at" if kind == "notice.mailed" else "mail_failed_at"
    if _ours(notice).update(mail_due_at=None, **{field: now}) == 1:
        append(
            kind=kind,
            service=notice.service.slug,
            subject=f"case:{notice.decision.case.reference}",
            actor=SYSTEM,
            now=now,
            facts={"attempts": notice.mail_attempts, "notice": notice.pk},
        )


def _ours(notice: Notice) -> QuerySet[Notice]:
    return Notice.objects.filter(id=notice.pk, mail_due_at=notice.mail_due_at)
