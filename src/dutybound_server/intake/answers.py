"""The answer a service gets for an item, as it is stored and sent."""

import json
from typing import Any

from dutybound.matching import Content, FrameHashes, Match, MediaHashes
from dutybound_server.intake.policy import RULES_VERSION, Judged
from dutybound_server.items.models import Item

HASH_BYTES = 32


def answer_body(
    *, item: Item, judged: Judged, case: str | None, banks_version: str
) -> dict[str, Any]:
    """The body of the answer; its names are a contract with every service."""
    return {
        "item": item.external_id,
        "revision": item.revision,
        "verdict": judged.verdict,
        "case": case,
        "matches": [described(match) for match in judged.kept],
        "reasons": list(judged.reasons),
        "policy": {"banks": banks_version, "rules": RULES_VERSION},
    }


def described(match: Match) -> dict[str, Any]:
    """One match: which signal, how near, from where, and what it does."""
    return {
        "media": match.media,
        "bank": match.bank,
        "signal": match.value,
        "kind": match.kind.value,
        "distance": match.distance,
        "threshold": match.threshold,
        "variant": match.variant,
        "harm": match.harm,
        "source": match.source,
        "record": match.source_record,
        "tags": list(match.tags),
        "effect": match.effect.value,
        "dry_run": match.dry_run,
    }


def stored_content(item: Item) -> Content:
    """What of a stored item can be compared again, without any file; prefetch media__frames."""
    return Content(
        text=item.text,
        links=tuple(json.loads(item.links)),
        media=tuple(
            MediaHashes(
                id=media.external_id,
                sha256=media.sha256,
                md5=media.md5,
                frames=tuple(
                    FrameHashes(frame.number, frame.quality, _split(bytes(frame.hashes)))
                    for frame in media.frames.all()
                ),
            )
            for media in item.media.all()
        ),
    )


def _split(hashes: bytes) -> tuple[bytes, ...]:
    return tuple(hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES))
