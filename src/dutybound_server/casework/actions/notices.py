"""Telling the author: a notice to read, a message to the service, and an e-mail."""

import secrets
from datetime import datetime
from operator import attrgetter

from dutybound.cases.appeals import NoticeKind
from dutybound_server.casework.actions.enforcements import keep_ids_in_order
from dutybound_server.casework.actions.mailing import Mail, Post, mail_all
from dutybound_server.casework.actions.outbox import put_out
from dutybound_server.casework.messages import NOTICE_CREATED, notice_message
from dutybound_server.casework.models import Decision, Notice
from dutybound_server.casework.notices import mail_words, subject_line
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import SYSTEM

TOKEN_BYTES = 32


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
    """E-mail the notices whose time has come; the answer is how many attempts were made."""

    def journal(notice: Notice, ending: str) -> None:
        append(
            kind=f"notice.{ending}",
            service=notice.service.slug,
            subject=f"case:{notice.decision.case.reference}",
            actor=SYSTEM,
            now=now,
            facts={"attempts": notice.mail_attempts, "notice": notice.pk},
        )

    def mail(notice: Notice) -> Mail:
        return Mail(
            to=(notice.account.email,),
            subject=subject_line(notice),
            body=mail_words(notice, now=now),
            id=f"notice-{notice.pk}",
        )

    notices = Notice.objects.select_related("service", "account", "decision__case__item")
    return mail_all(Post(notices, mail, journal, attrgetter("created_at")), now=now)
