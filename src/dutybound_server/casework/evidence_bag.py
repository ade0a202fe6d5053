"""All that is held about one snapshot, as a bag that an authority can verify without us."""

import io
import json
from collections.abc import Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from pyrage import x25519

from dutybound.cases.bagit import safe_name, write_bag
from dutybound_server.casework.evidence_queries import (
    case_about,
    holds_to_name,
    told_about,
)
from dutybound_server.casework.models import Case, Concern
from dutybound_server.evidence.encryption import encrypt_to
from dutybound_server.evidence.models import Snapshot
from dutybound_server.evidence.queries import files_to_copy
from dutybound_server.items.blobs import open_blob
from dutybound_server.journal.models import Entry
from dutybound_server.people.actors import name_of

IN_MEMORY = 64 * 1024 * 1024
"""A bag up to this size never touches a disk unencrypted."""


class NotReady(Exception):
    """Files are still being copied, so the bag would not be whole; the sentence says so."""


def snapshot_bag(
    snapshot: Snapshot, *, recipient: x25519.Recipient | None, made_at: datetime
) -> IO[bytes]:
    """The bag as a file, encrypted to the recipient if there is one. Raises NotReady."""
    plain = _scratch()
    try:
        write_snapshot_bag(snapshot, plain, made_at=made_at)
    except BaseException:
        plain.close()
        raise
    if recipient is None:
        plain.seek(0)
        return plain
    sealed = _scratch()
    with plain:
        encrypt_to(recipient, source=plain, target=sealed)
    sealed.seek(0)
    return sealed


def _scratch() -> IO[bytes]:
    return cast("IO[bytes]", SpooledTemporaryFile(IN_MEMORY))


def write_snapshot_bag(snapshot: Snapshot, target: IO[bytes], *, made_at: datetime) -> str:
    """Write the bag; the answer is the SHA-512 that seals it. Raises NotReady.

    Content and files are as they were sealed. Beside them stand what people told us, the case, who
    opened it, the journal's entry of the sealing, and the time-stamp where there is one.
    """
    if files_to_copy().filter(snapshot=snapshot).exists():
        raise NotReady("Its files are being copied. Try again in a minute.")
    stamp = [("stamps/snapshot.json.tsr", bytes(snapshot.stamp))] if snapshot.stamp else []
    return write_bag(
        target,
        name=f"evidence-{snapshot.uuid}",
        made_at=made_at,
        info={
            "Source-Organization": snapshot.service.name,
            "External-Identifier": str(snapshot.uuid),
            "External-Description": f"{snapshot.why}: {snapshot.subject_kind} {snapshot.subject}",
            "Bag-Software-Agent": "Dutybound",
            "Dutybound-Content-SHA512": snapshot.digest,
        },
        payload=_payload(snapshot, now=made_at),
        tags=stamp,
    )


def _payload(snapshot: Snapshot, *, now: datetime) -> Iterator[tuple[str, IO[bytes]]]:
    yield "snapshot.json", io.BytesIO(snapshot.content.encode())
    listed = []
    for number, file in enumerate(snapshot.files.order_by("id"), 1):
        path = f"files/{number:03}-{safe_name(file.name)}"
        row = {"name": file.name, "content_type": file.content_type, "size": file.size}
        if file.blob:
            yield path, open_blob(file.blob)
            row |= {"path": path, "sha512": file.sha512}
        else:
            row["missing"] = file.problem or "erased on schedule"
        listed.append(row)
    yield "files.json", _json(listed)
    concerns = list(told_about(snapshot).prefetch_related("attachments"))
    told = [_told(concern) for concern in concerns]
    yield "told.json", _json(told)
    for concern in concerns:
        for number, added in enumerate(concern.attachments.exclude(blob=""), 1):
            path = f"told/{concern.reference}/{number:03}-{safe_name(added.name)}"
            yield path, open_blob(added.blob)
    case = case_about(snapshot)
    yield "case.json", _json(_case(case) if case else None)
    yield "custody.json", _json(_custody(snapshot, now=now))
    sealed = Entry.objects.filter(
        service=snapshot.service.slug, kind="evidence.sealed", subject=f"snapshot:{snapshot.uuid}"
    ).first()
    if sealed is not None:
        yield "journal-entry.json", io.BytesIO(bytes(sealed.body))


def _told(concern: Concern) -> dict[str, Any]:
    """What was said and when; who said it is left out, and asked of us where the law lets it."""
    return {
        "reference": concern.reference,
        "kind": concern.kind,
        "harm": concern.harm,
        "words": concern.words,
        "channel": concern.channel,
        "received_at": concern.received_at.isoformat(),
        "files": [
            {"name": added.name, "sha256": added.sha256, "size": added.size}
            for added in concern.attachments.all()
        ],
    }


def _case(case: Case) -> dict[str, Any]:
    matches = case.item.matches.select_related("signal__bank") if case.item else ()
    return {
        "reference": case.reference,
        "harm": case.harm,
        "opened_at": case.opened_at.isoformat(),
        "matches": [
            {
                "bank": match.signal.bank.name,
                "source": match.signal.bank.source,
                "kind": match.signal.kind,
                "signal": match.signal.value,
                "distance": match.distance,
                "found_at": match.found_at.isoformat(),
            }
            for match in matches
        ],
        "decisions": [
            {
                "what": decision.enforcement_kind,
                "ground": decision.ground,
                "rule": decision.rule,
                "harm": decision.harm,
                "reasons": decision.reasons,
                "by": name_of(decision.by),
                "decided_at": decision.decided_at.isoformat(),
                "undone_at": decision.undone_at.isoformat() if decision.undone_at else None,
            }
            for decision in case.decisions.select_related("by").order_by("id")
        ],
    }


def _custody(snapshot: Snapshot, *, now: datetime) -> dict[str, Any]:
    """The chain of custody: sealed, stamped, held, and everybody who opened it."""
    return {
        "sealed_at": snapshot.taken_at.isoformat(),
        "why": snapshot.why,
        "digest": {"algorithm": "SHA-512", "of": "data/snapshot.json", "value": snapshot.digest},
        "stamped_at": snapshot.stamped_at.isoformat() if snapshot.stamped_at else None,
        "kept_until": snapshot.keep_until.isoformat(),
        "holds": [
            {
                "kind": hold.kind,
                "reference": hold.reference,
                "placed_at": hold.placed_at.isoformat(),
                "until": hold.until.isoformat() if hold.until else None,
            }
            for hold in holds_to_name(snapshot, now=now).order_by("id")
        ],
        "opened": [
            {
                "by": name_of(access.by),
                "at": access.at.isoformat(),
                "what": access.what,
                "why": access.why,
            }
            for access in snapshot.accesses.select_related("by").order_by("id")
        ],
    }


def _json(value: object) -> IO[bytes]:
    return io.BytesIO(json.dumps(value, indent=1, ensure_ascii=False).encode())
