"""Signed links beside items: the service says what is reported, and nobody has to paste an address.

A token is a JWT (RFC 7519) signed with HS256 and the desk's secret, so that any library makes one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
from django.conf import settings

from dutybound_server.casework.hearing import LONGEST_ACCOUNT, Subject, subject_problems
from dutybound_server.casework.models import Desk
from dutybound_server.casework.subjects import ACCOUNT, ITEM

ALGORITHM = "HS256"
LASTS = timedelta(days=7)
LONGEST_TOKEN = 4_000
LONGEST_TITLE = 120


class BadToken(ValueError):
    """The link cannot be used; the sentence is for the person who followed it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class ItemToken:
    """What the service says with a link: what it is about, who reports, and whose it is."""

    subject: Subject
    title: str
    """Shown to the person, so that they see what they report."""
    reporter: str
    """The reporter's account at the service; empty where they have none."""
    author: str
    """The account whose item it is; empty where the service does not say."""
    expires_at: datetime


OLD = "This link is too old to use. Go back and choose report again, or tell us here what it is."
WRONG = "This link does not work. You can still tell us here what is wrong."


def read_item_token(desk: Desk, text: str, now: datetime) -> ItemToken:
    """What the token says, if the service signed it for itself and it has not expired.

    Raises BadToken with a sentence for the person.
    """
    claims = _signed_claims(desk, text)
    expires_at = _moment(claims["exp"])
    if expires_at <= now:
        raise BadToken(OLD)
    kind, subject = claims.get("kind", ITEM), claims["sub"]
    if kind not in {ITEM, ACCOUNT} or not isinstance(subject, str):
        raise BadToken(WRONG)
    if any(subject_problems([Subject(kind, subject)])):
        raise BadToken(WRONG)
    return ItemToken(
        subject=Subject(kind, subject.strip()),
        title=_text(claims, "t")[:LONGEST_TITLE],
        reporter=_account(claims, "acc"),
        author=_account(claims, "by"),
        expires_at=expires_at,
    )


def link_for(
    desk: Desk,
    *,
    subject: Subject,
    now: datetime,
    title: str = "",
    reporter: str = "",
    author: str = "",
    lasts: timedelta = LASTS,
) -> str:
    """The address of the report page that says what it is about."""
    claims: dict[str, Any] = {
        "aud": desk.service.slug,
        "sub": subject.id,
        "kind": subject.kind,
        "exp": int((now + lasts).timestamp()),
    }
    said = {"t": title[:LONGEST_TITLE], "acc": reporter, "by": author}
    claims |= {name: value for name, value in said.items() if value}
    token = jwt.encode(claims, desk.link_secret, algorithm=ALGORITHM)
    return f"{settings.ORIGIN}/report/{desk.service.slug}/?{urlencode({'item': token})}"


def _signed_claims(desk: Desk, text: str) -> dict[str, Any]:
    if len(text) <= LONGEST_TOKEN:
        for secret in filter(None, (desk.link_secret, desk.old_link_secret)):
            try:
                return _decoded(text, secret=secret, audience=desk.service.slug)
            except jwt.InvalidTokenError:
                # Signed with the other secret, or with none of ours: the sentence is the same.
                continue
    raise BadToken(WRONG)


def _decoded(text: str, *, secret: str, audience: str) -> dict[str, Any]:
    # Times are compared with the caller's clock, not with PyJWT's own.
    options: Any = {"require": ["aud", "sub", "exp"], "verify_exp": False, "verify_nbf": False}
    claims: dict[str, Any] = jwt.decode(
        text, secret, algorithms=[ALGORITHM], audience=audience, options=options
    )
    return claims


def _moment(seconds: object) -> datetime:
    # bool is an int to Python; as a moment it is none.
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        raise BadToken(WRONG)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise BadToken(WRONG) from None


def _account(claims: dict[str, Any], name: str) -> str:
    account = _text(claims, name)
    if len(account) > LONGEST_ACCOUNT:
        raise BadToken(WRONG)
    return account


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name, "")
    if not isinstance(value, str) or "\0" in value:
        raise BadToken(WRONG)
    return value.strip()
