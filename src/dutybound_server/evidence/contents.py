"""What a snapshot holds of a subject, as plain JSON values."""

import json
from typing import Any

from dutybound_server.items.models import Item, Media
from dutybound_server.people.models import Account


def contents_of(
    *, subject_kind: str, subject: str, item: Item | None, account: Account | None = None
) -> dict[str, Any]:
    """The subject as we know it now; of an item also its text, links, context, files and hashes.

    Of an account, what we know of it: its own row, or that of the item's author.
    """
    about: dict[str, Any] = {"subject": {"kind": subject_kind, "id": subject}}
    if item is not None:
        about["item"] = _item(item)
        account = account or item.account
    if account is not None:
        about["account"] = _account(account)
    return about


def _account(account: Account) -> dict[str, Any]:
    return {
        "id": account.external_id,
        "email": account.email,
        "first_seen_at": account.first_seen_at.isoformat(),
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "revision": item.revision,
        "account": item.account.external_id if item.account else None,
        "kind": item.kind,
        "visibility": item.visibility,
        "reach": item.reach,
        "text": item.text,
        "links": json.loads(item.links),
        "context": item.context,
        "created_at": item.created_at.isoformat(),
        "received_at": item.received_at.isoformat(),
        "verdict": item.verdict,
        "media": [_media(media) for media in item.media.order_by("id").prefetch_related("frames")],
    }


def _media(media: Media) -> dict[str, Any]:
    return {
        "id": media.external_id,
        "content_type": media.content_type,
        "size": media.size,
        "sha256": media.sha256,
        "md5": media.md5,
        "pdq": [bytes(frame.hashes)[:32].hex() for frame in media.frames.all()],
    }
