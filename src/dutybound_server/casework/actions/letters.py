"""What a person is told about their concern: kept on their page, and mailed if they wish."""

from datetime import datetime
from operator import attrgetter
from typing import Any

from dutybound_server.casework.actions.concern_events import concern_happened
from dutybound_server.casework.actions.mailing import Mail, Post, mail_all
from dutybound_server.casework.letters import (
    acknowledgement,
    address_of,
    letter_mail,
    letter_subject,
)
from dutybound_server.casework.limits import mails_too_often
from dutybound_server.casework.models import Concern, Letter


def acknowledge(*, concern: Concern, now: datetime) -> Letter:
    """Say that it is here, what happens next and by when (ICU D4, D5).

    In the transaction that receives the concern, whose journal entry tells of both.
    """
    return put_letter(concern=concern, kind="acknowledged", words=acknowledgement(concern), now=now)


def write_letter(*, concern: Concern, kind: str, words: str, now: datetime) -> Letter:
    """Put a letter on the person's page, with an event of its own."""
    letter = put_letter(concern=concern, kind=kind, words=words, now=now)
    concern_happened(concern, "told", by=None, now=now, facts=facts_of(letter))
    return letter


def put_letter(
    *, concern: Concern, kind: str, words: str, now: datetime, may_mail: bool = True
) -> Letter:
    """Put a letter on the person's page; it is e-mailed where they left an address and wish it.

    Not when so many went to the same address within the hour: anybody can write down anybody's.

    The caller's own event tells of it, by `facts_of`.
    """
    by_mail = may_mail and bool(address_of(concern)) and concern.wants_messages
    by_mail = by_mail and not mails_too_often(concern, now=now)
    return Letter.objects.create(
        concern=concern,
        kind=kind,
        words=words,
        created_at=now,
        mail_due_at=now if by_mail else None,
    )


def facts_of(letter: Letter) -> dict[str, Any]:
    """What the journal says of a letter that was just written."""
    return {"letter": letter.kind, "by_mail": letter.mail_due_at is not None}


def mail_letters(*, now: datetime) -> int:
    """E-mail the letters whose time has come; the answer is how many attempts were made."""

    def journal(letter: Letter, ending: str) -> None:
        facts = {"attempts": letter.mail_attempts, "letter": letter.kind}
        concern_happened(letter.concern, ending, by=None, now=now, facts=facts)

    def mail(letter: Letter) -> Mail:
        return Mail(
            to=(address_of(letter.concern),),
            subject=letter_subject(letter),
            body=letter_mail(letter),
            id=f"letter-{letter.pk}",
        )

    letters = Letter.objects.select_related("concern__service", "concern__account")
    return mail_all(Post(letters, mail, journal, attrgetter("created_at")), now=now)
