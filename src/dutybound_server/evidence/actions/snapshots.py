"""A subject is sealed as it is, before anybody can change it or make it disappear."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha512

import rfc8785
from django.db import transaction
from django.db.models import QuerySet

from dutybound.register.book import register
from dutybound_server.evidence.contents import contents_of
from dutybound_server.evidence.models import Snapshot, SnapshotFile
from dutybound_server.evidence.queries import holds_about
from dutybound_server.items.blobs import delete_blobs_after_commit
from dutybound_server.items.models import Item
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import SYSTEM
from dutybound_server.people.models import Account, Service


@transaction.atomic
def seal_snapshot(
    *,
    service: Service,
    subject_kind: str,
    subject: str,
    item: Item | None,
    concern: str,
    why: str,
    restricted: bool,
    now: datetime,
    account: Account | None = None,
) -> Snapshot:
    """Keep content, context, hashes and times of the subject apart, with a digest in the journal.

    The same content sealed already gives the snapshot there is: kept for as long as one that
    were taken now, and as restricted as the stricter of the two.
    """
    if item is not None:
        # Whoever erases it takes its row too, so it is whole here or was erased before.
        item = Item.objects.select_for_update().get(pk=item.pk)
    about = contents_of(subject_kind=subject_kind, subject=subject, item=item, account=account)
    content = rfc8785.dumps(about)
    digest = sha512(content).hexdigest()
    keep_until = register().retention["snapshot"].until(now)
    same = Snapshot.objects.filter(service=service, subject_kind=subject_kind, subject=subject)
    earlier = same.filter(digest=digest, erased_at__isnull=True).select_for_update().first()
    if earlier is not None:
        earlier.keep_until = max(earlier.keep_until, keep_until)
        earlier.restricted = earlier.restricted or restricted
        earlier.save(update_fields=["keep_until", "restricted"])
        return earlier
    snapshot = Snapshot.objects.create(
        service=service,
        subject_kind=subject_kind,
        subject=subject,
        item=item,
        concern=concern,
        why=why,
        restricted=restricted,
        content=content.decode(),
        digest=digest,
        taken_at=now,
        keep_until=keep_until,
        stamp_due_at=now,
    )
    _name_files(snapshot)
    append(
        kind="evidence.sealed",
        service=service.slug,
        subject=f"snapshot:{snapshot.uuid}",
        actor=SYSTEM,
        now=now,
        facts={"digest": digest, "concern": concern},
        personal={"subject": subject},
    )
    return snapshot


def _name_files(snapshot: Snapshot) -> None:
    """Say which files are to be copied; from here on no job deletes them before that is done."""
    if snapshot.item is None:
        return
    SnapshotFile.objects.bulk_create(
        SnapshotFile(
            snapshot=snapshot,
            source=media,
            name=media.external_id,
            content_type=media.content_type,
            size=media.size,
        )
        for media in snapshot.item.media.exclude(blob="").order_by("id")
    )


@transaction.atomic
def restrict_snapshots(*, snapshots: QuerySet[Snapshot]) -> int:
    """Let only staff for restricted harms know of them; nothing makes them open again."""
    return snapshots.filter(restricted=False).update(restricted=True)


@transaction.atomic
def erase_snapshots(*, service: Service, snapshots: Collection[int], now: datetime) -> int:
    """Erase content and files of those past their time that nothing holds; says how many.

    Digest, times and who opened them stay, and so the journal stays provable.
    """
    past = Snapshot.objects.filter(pk__in=snapshots, service=service, keep_until__lte=now)
    rows = past.filter(erased_at__isnull=True).select_for_update(of=("self",))
    free = [one for one in rows.select_related("item__account") if not _is_needed(one, now=now)]
    if not free:
        return 0
    Snapshot.objects.filter(pk__in=[one.pk for one in free]).update(
        content="{}", stamp_due_at=None, erased_at=now
    )
    files = SnapshotFile.objects.filter(snapshot__in=free, deleted_at__isnull=True)
    names = list(files.exclude(blob="").values_list("blob", flat=True))
    files.update(blob="", deleted_at=now)
    append(
        kind="evidence.erased",
        service=service.slug,
        subject=f"snapshots:{len(free)}",
        actor=SYSTEM,
        now=now,
        facts={"snapshots": [str(one.uuid) for one in free], "files": len(names)},
    )
    delete_blobs_after_commit(names)
    return len(free)


def _is_needed(snapshot: Snapshot, *, now: datetime) -> bool:
    account = snapshot.item.account if snapshot.item else None
    holds = holds_about(
        service=snapshot.service,
        subject_kind=snapshot.subject_kind,
        subject=snapshot.subject,
        account=account.external_id if account else "",
        now=now,
    )
    return (
        holds.exists()
        or snapshot.authority_reports.filter(
            sent_at__isnull=True, withdrawn_at__isnull=True
        ).exists()
    )
