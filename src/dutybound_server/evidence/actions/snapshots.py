"""A subject is sealed as it is, before anybody can change it or make it disappear."""

from datetime import datetime, timedelta
from hashlib import sha512

import rfc8785
from django.db import transaction

from dutybound_server.evidence.contents import contents_of
from dutybound_server.evidence.models import Snapshot
from dutybound_server.items.models import Item
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import SYSTEM
from dutybound_server.people.models import Service

KEEP = timedelta(days=365)


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
) -> Snapshot:
    """Keep content, context, hashes and times of the subject apart, with a digest in the journal.

    The same content sealed already gives the snapshot there is.
    """
    content = rfc8785.dumps(contents_of(subject_kind=subject_kind, subject=subject, item=item))
    digest = sha512(content).hexdigest()
    same = Snapshot.objects.filter(service=service, subject=subject, digest=digest)
    if (earlier := same.first()) is not None:
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
        keep_until=now + KEEP,
    )
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
