"""The conversation around an item, from the context that the service sent with it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware

THREAD = "thread"
MOST_SAID = 50
LONGEST_SAID = 2_000
LONGEST_FACT = 500


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that somebody said before or after; `is_this` is the item itself."""

    author: str
    text: str
    at: datetime | None
    is_this: bool


@dataclass(frozen=True, slots=True)
class Around:
    """What the service sent beside the item: `left_out` more were said than are shown."""

    thread: Sequence[Said]
    left_out: int
    facts: Sequence[tuple[str, str]]


def around(context: Mapping[str, Any], *, item_id: str) -> Around:
    """The context as it can be read; whatever has no shape we know stands among the facts."""
    thread, facts = context.get(THREAD), dict(context)
    if isinstance(thread, list):
        del facts[THREAD]
    else:
        thread = []
    return Around(
        thread=[_said(one, item_id=item_id) for one in thread[:MOST_SAID]],
        left_out=max(len(thread) - MOST_SAID, 0),
        facts=[(str(name), _shortened(_plain(value))) for name, value in facts.items()],
    )


def _said(entry: object, *, item_id: str) -> Said:
    if not isinstance(entry, dict):
        return Said("", _plain(entry)[:LONGEST_SAID], None, is_this=False)
    text = entry.get("text")
    return Said(
        author=_plain(entry.get("author", ""))[:200],
        # What is no text is shown as it came, so that nothing of it is hidden.
        text=(text if isinstance(text, str) else _plain(entry))[:LONGEST_SAID],
        at=_moment(entry.get("at")),
        is_this=entry.get("id") == item_id,
    )


def _moment(value: object) -> datetime | None:
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and is_aware(moment) else None


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _shortened(words: str) -> str:
    return words if len(words) <= LONGEST_FACT else f"{words[:LONGEST_FACT]}…"
