"""What people told us is kept as long as somebody may need it, and then forgotten.

What stays says that there was a concern, of which kind, when, and what came of it; the journal
keeps digests without their salts, which nobody can match to anything.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from dutybound.cases.judgement import APPEAL_WINDOW
from dutybound.cases.status import WAITING
from dutybound_server.casework.actions.concern_events import concern_happened, locked_concern
from dutybound_server.casework.actions.form_days import count_form
from dutybound_server.casework.models import (
    Concern,
    ConcernEvent,
    ConcernSubject,
    Draft,
    DraftFile,
)
from dutybound_server.casework.subjects import ACCOUNT, ADDRESS, CONCERN, ITEM
from dutybound_server.evidence.queries import held
from dutybound_server.items.blobs import delete_blobs_after_commit
from dutybound_server.journal.actions import erase_salts
from dutybound_server.people.models import Service

NETWORK_KEPT_FOR = timedelta(days=1)
DRAFT_KEPT_FOR = timedelta(hours=2)
BATCH = 200
ERASED = "erased"


def forget_networks(*, now: datetime) -> int:
    """Forget from which network a concern came, a day later."""
    known = Concern.objects.exclude(network_digest="")
    return known.filter(received_at__lte=now - NETWORK_KEPT_FOR).update(network_digest="")


def expire_drafts(*, now: datetime) -> int:
    """Forget forms that nobody has touched for two hours, with their files."""
    old = Draft.objects.filter(touched_at__lte=now - DRAFT_KEPT_FOR)
    expired, last = 0, 0
    # All of them, however many a flood has left: they are kept no longer than was said.
    while batch := list(old.filter(pk__gt=last).order_by("id").only("id")[:BATCH]):
        # Before they go, since one that was deleted knows its number no more.
        last = batch[-1].pk
        expired += sum(_expire(draft, old) for draft in batch)
    return expired


@transaction.atomic
def _expire(draft: Draft, old: QuerySet[Draft]) -> bool:
    # Touched again meanwhile, it is somebody's form and stays.
    kept = old.select_for_update().filter(pk=draft.pk).first()
    if kept is None:
        return False
    count_form(draft=kept)
    files = DraftFile.objects.filter(draft=draft)
    delete_blobs_after_commit(list(files.values_list("blob", flat=True)))
    draft.delete()
    return True


def erase_old_concerns(*, now: datetime) -> int:
    """Erase words, addresses and files of concerns that nobody can need any more.

    Not before the service's days of retention have passed since the end of the time to appeal.
    A legal hold on the teller's account or on anything it is about keeps all of it. So do a
    complaint about it that is not answered, and a case that waits again or can be appealed still.
    """
    erased = 0
    for service in Service.objects.order_by("id"):
        last, due = 0, _erasable(service, now).values_list("pk", flat=True)
        while batch := list(due.filter(pk__gt=last)[:BATCH]):
            erased += sum(_erase(concern_id, service, now=now) for concern_id in batch)
            last = batch[-1]
    return erased


def _erasable(service: Service, now: datetime) -> QuerySet[Concern]:
    past = now - APPEAL_WINDOW - timedelta(days=service.retention_days)
    over = Q(decided_at__lte=past) | Q(withdrawn_at__lte=past)
    done = ConcernEvent.objects.filter(concern=OuterRef("pk"), kind=ERASED)
    open_about = Concern.objects.filter(
        about=OuterRef("pk"), decided_at__isnull=True, withdrawn_at__isnull=True
    )
    in_need = Q(case__status__in=WAITING) | Q(case__decisions__decided_at__gt=now - APPEAL_WINDOW)
    of_cases = ConcernSubject.objects.filter(in_need, concern=OuterRef("pk"))
    concerns = Concern.objects.filter(over, service=service).exclude(Exists(done))
    concerns = concerns.exclude(Exists(of_cases))
    return concerns.exclude(_held(now)).exclude(Exists(open_about)).order_by("id")


def _held(now: datetime) -> Q:
    subjects = ConcernSubject.objects.filter(concern=OuterRef("pk"))
    of_it = {"subject": "subject", "service": "concern__service"}
    author = {"subject": "case__account__external_id", "service": "concern__service"}
    held_subjects = subjects.filter(
        Q(held(now, kind=ITEM, **of_it), subject_kind=ITEM)
        | Q(held(now, kind=ACCOUNT, **of_it), subject_kind=ACCOUNT)
        | Q(held(now, kind=ADDRESS, **of_it), subject_kind=ADDRESS)
        | Q(held(now, kind=CONCERN, **of_it), subject_kind=CONCERN)
        | Q(held(now, kind=ACCOUNT, **author))
    )
    return Q(Exists(held_subjects)) | Q(held(now, kind=ACCOUNT, subject="account__external_id"))


@transaction.atomic
def _erase(concern_id: int, service: Service, *, now: datetime) -> int:
    concern = locked_concern(concern_id)
    # Asked again under the lock: a hold, or a complaint about it, may have come meanwhile.
    if not _erasable(service, now).filter(pk=concern.pk).exists():
        return 0
    concern.words, concern.answers, concern.email = "", "{}", ""
    concern.wants_messages = False
    concern.save(update_fields=["words", "answers", "email", "wants_messages"])
    concern.events.update(words="")
    files = concern.attachments.filter(deleted_at__isnull=True)
    blobs = list(files.values_list("blob", flat=True))
    files.update(deleted_at=now, blob="", name="")
    delete_blobs_after_commit(blobs)
    salts = erase_salts(service=service.slug, subjects=[f"concern:{concern.reference}"])
    facts = {"files": len(blobs), "salts": salts}
    concern_happened(concern, ERASED, by=None, now=now, facts=facts)
    return 1
