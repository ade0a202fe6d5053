"""An account was deleted at the service: its content goes at once, but for what is needed."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from dutybound.cases.judgement import APPEAL_WINDOW
from dutybound.cases.status import WAITING
from dutybound_server.casework.models import Case
from dutybound_server.evidence.queries import ACCOUNT, holds_in_force
from dutybound_server.intake.actions.retention import not_held
from dutybound_server.items.actions import BATCH, erase_items
from dutybound_server.items.models import Item
from dutybound_server.journal.actions import append, erase_salts
from dutybound_server.people.actions import forget_email
from dutybound_server.people.actors import service_actor
from dutybound_server.people.models import Account, Service

WHO_IT_IS = ("account", "subject")
"""Names of values by which entries about a case tell whose it is."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What went of an account, and what stays."""

    erased_items: int
    kept_items: int
    held: bool


def erase_account(*, service: Service, external_id: str, now: datetime) -> Erased:
    """Erase what nothing needs, in batches; raises Account.DoesNotExist.

    A legal hold beats the wish, and so do a case that waits and an appeal that may come.
    """
    account = Account.objects.get(service=service, external_id=external_id)
    erased = 0
    while batch := _erase_batch(account, now=now):
        erased += batch
    return _finish(account, erased=erased, now=now)


@transaction.atomic
def _erase_batch(account: Account, *, now: datetime) -> int:
    items = Item.objects.filter(account=account, erased_at__isnull=True)
    batch = list(not_held(items, now).order_by("id").values_list("id", flat=True)[:BATCH])
    # As in `erase_old_items`: their rows first, so that a hold placed meanwhile is seen.
    list(Item.objects.select_for_update().filter(id__in=batch).values_list("id"))
    free = not_held(items.filter(id__in=batch), now).values_list("id", flat=True)
    return erase_items(service=account.service, items=list(free), now=now)


@transaction.atomic
def _finish(account: Account, *, erased: int, now: datetime) -> Erased:
    kept = Item.objects.filter(account=account, erased_at__isnull=True).count()
    holds = holds_in_force(now).filter(service=account.service, subject_kind=ACCOUNT)
    held = holds.filter(subject=account.external_id).exists()
    salts = 0
    if not kept and not held:
        forget_email(account=account)
        salts = _forget_digests(account, now=now)
    append(
        kind="account.erased",
        service=account.service.slug,
        subject=f"account:{account.pk}",
        actor=service_actor(account.service),
        now=now,
        facts={"erased": erased, "kept": kept, "held": held, "salts": salts},
    )
    return Erased(erased_items=erased, kept_items=kept, held=held)


def _forget_digests(account: Account, *, now: datetime) -> int:
    """Let no entry about its cases be matched to it, but where a case waits or can be appealed."""
    cases = Case.objects.filter(account=account)
    in_need = Q(status__in=WAITING) | Q(decisions__decided_at__gt=now - APPEAL_WINDOW)
    over = cases.exclude(pk__in=cases.filter(in_need).values("pk"))
    return erase_salts(
        service=account.service.slug,
        subjects=[f"case:{reference}" for reference in over.values_list("reference", flat=True)],
        names=WHO_IT_IS,
    )
