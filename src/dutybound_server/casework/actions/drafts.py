"""A form that somebody fills in: begun, answered page by page, and sent once."""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum

from dutybound_server.casework.actions.attachments import store_files
from dutybound_server.casework.actions.concern_events import concern_happened
from dutybound_server.casework.actions.concerns import (
    TOKEN_BYTES,
    Received,
    take_concern,
)
from dutybound_server.casework.actions.form_days import count_form
from dutybound_server.casework.actions.outbox import put_out
from dutybound_server.casework.hearing import MOST_FILES, AddedFile, ConcernRefused, Told
from dutybound_server.casework.models import Concern, Draft, DraftFile
from dutybound_server.casework.tellers import token_digest
from dutybound_server.items.blobs import has_room, open_blob
from dutybound_server.people.actions import see_account
from dutybound_server.people.models import Service

BLOCK_ASKED = "block.asked"
MOST_BYTES_WAITING = 4 * 1024**3
"""Of files in forms that nobody has sent yet: else a few who never send could fill the disk."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The draft, and the secret by which its owner finds it again."""

    draft: Draft
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What goes with a report and is no part of it: accounts by the service's own ids."""

    reporter: str = ""
    """Whose account it is sent from, as the service's signed link says."""
    block: str = ""
    """The account that the person does not want to meet again; empty for none."""


def begin_draft(*, service: Service, answers: Mapping[str, Any], now: datetime) -> Begun:
    """Keep a form that somebody begins to fill in; only they get its token."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    draft = Draft.objects.create(
        token_digest=token_digest(token),
        service=service,
        answers=json.dumps(dict(answers), ensure_ascii=False),
        touched_at=now,
    )
    return Begun(draft, token)


@transaction.atomic
def answer_draft(*, draft: Draft, changes: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Keep some answers beside those that are there already; all answers come back."""
    kept = Draft.objects.select_for_update().get(pk=draft.pk)
    answers: dict[str, Any] = {**json.loads(kept.answers), **changes}
    kept.answers = json.dumps(answers, ensure_ascii=False)
    kept.touched_at = now
    kept.save(update_fields=["answers", "touched_at"])
    return answers


def add_draft_files(*, draft: Draft, files: Iterable[AddedFile], now: datetime) -> None:
    """Keep files with the form; raises ConcernRefused for too many, or for one too large."""
    files = tuple(files)
    if draft.files.count() + len(files) > MOST_FILES:
        raise ConcernRefused("files", f"Add at most {MOST_FILES} files.")
    waiting = DraftFile.objects.aggregate(bytes=Sum("size"))["bytes"] or 0
    if waiting > MOST_BYTES_WAITING or not has_room():
        raise ConcernRefused("room", "There is no room for files now. Add them on your page later.")
    stored = store_files(files)
    with transaction.atomic():
        Draft.objects.select_for_update().get(pk=draft.pk)
        if draft.files.count() + len(stored) > MOST_FILES:
            raise ConcernRefused("files", f"Add at most {MOST_FILES} files.")
        DraftFile.objects.bulk_create(
            DraftFile(
                draft=draft,
                name=one.name,
                content_type=one.content_type,
                size=one.size,
                sha256=one.sha256,
                blob=one.blob,
            )
            for one in stored
        )
        Draft.objects.filter(pk=draft.pk).update(touched_at=now)


def remove_draft_file(*, draft: Draft, file_id: int) -> None:
    """Take a file out of the form; its stored bytes have no row any more, and are swept."""
    draft.files.filter(pk=file_id).delete()


@transaction.atomic
def forget_draft(*, draft: Draft) -> None:
    """The person left: nothing of the form stays but that it ended, and what was sent."""
    count_form(draft=draft)
    draft.delete()


def send_draft(
    *, draft: Draft, told: Told, wishes: Wishes, now: datetime, with_files: bool = True
) -> Received:
    """Send the form, its files with it; sent twice it gives the same receipt.

    If it stops before the draft knows its concern, sending again finds that by the request's id.
    Raises ConcernRefused.
    """
    told = replace(told, request_id=draft.token_digest)
    if wishes.reporter:
        account = see_account(service=draft.service, external_id=wishes.reporter, email="", now=now)
        told = replace(told, account=account)
    kept = draft.files.order_by("pk") if with_files else ()
    opened = [(one, open_blob(one.blob)) for one in kept]
    try:
        files = tuple(AddedFile(one.name, one.content_type, file) for one, file in opened)
        received = take_concern(service=draft.service, told=replace(told, files=files), now=now)
    finally:
        for _, file in opened:
            file.close()
    _finish(draft, received.concern, block=wishes.block, now=now)
    return received


@transaction.atomic
def _finish(draft: Draft, concern: Concern, *, block: str, now: datetime) -> None:
    """Let the draft hold no words any more; only the receipt is found by it."""
    kept = Draft.objects.select_for_update().get(pk=draft.pk)
    if kept.sent_id is not None:
        return
    if block:
        _ask_for_block(concern, account=block, now=now)
    answers = json.loads(kept.answers)
    kept.answers = json.dumps({name: answers.get(name) for name in ("language", "version")})
    kept.sent = concern
    kept.touched_at = now
    kept.save(update_fields=["answers", "sent", "touched_at"])
    kept.files.all().delete()


def _ask_for_block(concern: Concern, *, account: str, now: datetime) -> None:
    """Tell the service that the person wishes not to meet an account; it carries that out."""
    concern_happened(concern, "block_asked", by=None, now=now)
    reporter = concern.account
    put_out(
        service=concern.service,
        event=BLOCK_ASKED,
        message_id=f"block-{concern.reference}",
        lane=f"account:{account}",
        message={
            "concern": concern.reference,
            "blocker": reporter.external_id if reporter else None,
            "blocked": account,
            "asked_at": now.isoformat(),
        },
        now=now,
    )
