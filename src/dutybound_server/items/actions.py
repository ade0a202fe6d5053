"""Items are stored with the answer they got, held, and erased when nothing holds them any longer.

Storing and erasing write no entry for each item. Verdicts stand in the journal by the batch (see
intake), which covers the whole row; erasures by the batch here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import QuerySet

from dutybound.matching import FrameHashes
from dutybound_server.items.blobs import (
    SealedStorage,
    delete_blob,
    delete_blobs_after_commit,
    names_in_use,
)
from dutybound_server.items.models import Frame, Hold, Item, Media
from dutybound_server.journal.actions import append
from dutybound_server.lib.refusals import FieldRefused
from dutybound_server.people.actors import SYSTEM, staff_actor
from dutybound_server.people.models import Service

ORPHANED_AFTER = timedelta(hours=1)
BATCH = 500
LONGEST_WHY = 2000
LONGEST_HOLD = timedelta(days=3 * 365)
"""A hold ends by itself, so that nothing is kept for ever because somebody forgot it."""


class HoldRefused(FieldRefused):
    """Content cannot be held like this; `field` names what to change."""


@dataclass(frozen=True, slots=True)
class NewMedia:
    """A row for a medium and the pictures in it, not stored yet."""

    media: Media
    frames: tuple[FrameHashes, ...] = ()


@transaction.atomic
def store_item(*, item: Item, media: Iterable[NewMedia]) -> dict[str, Media]:
    """Store a received item; the answer is its media by their own ids.

    Raises IntegrityError when this revision is there already.
    """
    item.save(force_insert=True)
    stored = {}
    for new in media:
        new.media.item = item
        new.media.save(force_insert=True)
        stored[new.media.external_id] = new.media
        Frame.objects.bulk_create(
            Frame(
                media=new.media,
                number=frame.number,
                quality=frame.quality,
                hashes=b"".join(frame.hashes),
            )
            for frame in new.frames
        )
    return stored


@transaction.atomic
def keep_answer(*, item: Item, answer: Mapping[str, Any]) -> None:
    """Complete the stored answer with what became known while the item was stored."""
    item.answer = dict(answer)
    item.save(update_fields=["answer"])


@transaction.atomic
def note_verdicts_entry(*, items: Collection[int], entry: int) -> None:
    """Remember which journal entry covers the verdicts of these items."""
    Item.objects.filter(id__in=items).update(verdict_entry=entry)


@transaction.atomic
def hold_item(*, item: Item, until: datetime, why: str, by: User, now: datetime) -> Hold:
    """Keep an item's content, in all revisions, until then; in place of a hold there is.

    Raises HoldRefused: it is erased already, or the time or the reason will not do.
    """
    # Whoever erases one of them takes its row too, and looks for holds once it has it.
    revisions = Item.objects.filter(service=item.service_id, external_id=item.external_id)
    list(revisions.order_by("id").select_for_update().values_list("id"))
    item.refresh_from_db()
    _check_hold(item, until=until, why=why, now=now)
    _holds_on(item).update(ended_at=now)
    hold = Hold.objects.create(
        service=item.service,
        external_id=item.external_id,
        until=until,
        why=why.strip(),
        by=by,
        placed_at=now,
    )
    _record_hold("item.held", item, by, now, hold.why, {"until": until.isoformat()})
    return hold


@transaction.atomic
def end_hold(*, item: Item, why: str, by: User, now: datetime) -> bool:
    """Let an item's content go on schedule again; False when nobody holds it."""
    _check_why(why)
    if not _holds_on(item).filter(until__gt=now).update(ended_at=now):
        return False
    _record_hold("item.hold_ended", item, by, now, why.strip(), {})
    return True


def _check_hold(item: Item, *, until: datetime, why: str, now: datetime) -> None:
    if item.erased_at is not None:
        raise HoldRefused("until", "Its content was erased on schedule; there is nothing to hold.")
    if until <= now:
        raise HoldRefused("until", "Choose a day that is still to come.")
    last = now + LONGEST_HOLD
    if until.date() > last.date():
        sentence = f"Choose a day up to {last:%-d %B %Y}; it can be held again later."
        raise HoldRefused("until", sentence)
    _check_why(why)


def _check_why(why: str) -> None:
    if not 0 < len(why.strip()) <= LONGEST_WHY or "\0" in why:
        raise HoldRefused("why", "Say why, in 1 to 2,000 characters.")


def _holds_on(item: Item) -> QuerySet[Hold]:
    return Hold.objects.filter(
        service=item.service_id, external_id=item.external_id, ended_at__isnull=True
    )


def _record_hold(
    kind: str, item: Item, by: User, now: datetime, why: str, facts: Mapping[str, str]
) -> None:
    append(
        kind=kind,
        service=item.service.slug,
        subject=f"item:{item.pk}",
        actor=staff_actor(by),
        now=now,
        facts=facts,
        personal={"item": item.external_id, "why": why},
    )


@transaction.atomic
def erase_items(*, service: Service, items: Collection[int], now: datetime) -> int:
    """Delete text, links, context and files; hashes and the answer stay. Says how many."""
    erased = Item.objects.filter(service=service, id__in=items, erased_at__isnull=True).update(
        text="", links="[]", context={}, erased_at=now
    )
    if not erased:
        return 0
    with_files = Media.objects.filter(item__in=items).exclude(blob="")
    names = list(with_files.values_list("blob", flat=True))
    with_files.update(blob="", deleted_at=now)
    append(
        kind="items.erased",
        service=service.slug,
        subject=f"items:{min(items)}-{max(items)}",
        actor=SYSTEM,
        now=now,
        facts={"items": sorted(items), "files": len(names)},
    )
    delete_blobs_after_commit(names)
    return erased


def sweep_blobs(*, now: datetime) -> int:
    """Delete stored files that no row names, an hour after they were written.

    They are left by a request that was cut off between the file and its row. A slow transaction
    must not lose its file, hence the hour.
    """
    storage = storages["media"]
    assert isinstance(storage, SealedStorage)
    swept, batch = 0, list[str]()
    for name in storage.names_older_than(now - ORPHANED_AFTER):
        batch.append(name)
        if len(batch) == BATCH:
            swept += _sweep(batch)
            batch = []
    return swept + _sweep(batch)


def _sweep(names: Collection[str]) -> int:
    known = names_in_use(names)
    orphans = [name for name in names if name not in known]
    for name in orphans:
        delete_blob(name)
    return len(orphans)
