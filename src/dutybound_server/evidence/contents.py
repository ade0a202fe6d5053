"""What a snapshot holds of a subject, as plain JSON values."""

import json
from typing import Any

from dutybound_server.items.models import Item, Media


def contents_of(*, subject_kind: str, subject: str, item: Item | None) -> dict[str, Any]:
    """The subject as we know it now; of an item also its text, links, context, files and hashes."""
    about = {"kind": subject_kind, "id": subject}
    return {"subject": about} if item is None else {"subject": about, "item": _item(item)}


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
