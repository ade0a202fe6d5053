"""The worker's round of witnesses: each is asked for the newest head, and its answer is kept.

No witness can hold up sealing: it is asked outside every transaction, for a head that is sealed.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from dutybound.ledger.notes import BadNote, VerifierKey
from dutybound.ledger.policy import Policy, witnessed_by
from dutybound_server.journal.actions import append
from dutybound_server.journal.models import Checkpoint, Witness, WitnessedHead
from dutybound_server.journal.queries import enough_saw, head_in, newest_checkpoint
from dutybound_server.journal.witnesses.asking import Outcome, Trouble, ask

REST = timedelta(seconds=10)
"""A journal that is written to all the time does not ask more often than this."""


def ask_witnesses(*, now: datetime) -> int:
    """Ask every witness that has not seen the newest head; how many cosigned it."""
    policy, head = settings.WITNESSES, newest_checkpoint()
    if policy is None or head is None:
        return 0
    return sum(
        _ask(url, head=head, keys=keys, now=now) for url, keys in _by_address(policy).items()
    )


def _by_address(policy: Policy) -> dict[str, list[VerifierKey]]:
    """A witness that signs with two keys stands on two lines, and is asked once."""
    found: dict[str, list[VerifierKey]] = {}
    for witness in policy.witnesses.values():
        found.setdefault(witness.url, []).append(witness.key)
    return found


def _ask(url: str, *, head: Checkpoint, keys: Collection[VerifierKey], now: datetime) -> bool:
    """Ask one witness, if it is time; whether it cosigned."""
    known = Witness.objects.filter(url=url).first()
    if known and known.asked_at and timedelta() <= now - known.asked_at < REST:
        return False
    if _have_signed(head, keys):
        return False
    try:
        signed = head_in(head)
    except BadNote:
        return False  # `seal` says so, and stops.
    outcome = ask(url, note=head.note, head=signed, seen=known.size if known else 0, keys=keys)
    if outcome.trouble == Trouble.AHEAD and _is_old(head, outcome):
        return False
    record(url=url, head=head, outcome=outcome, now=now)
    return bool(outcome.lines)


def _have_signed(head: Checkpoint, keys: Collection[VerifierKey]) -> bool:
    """Whether the newest head has the lines of all these keys already."""
    seen = WitnessedHead.objects.filter(size=head.size).first()
    if seen is None or not settings.WITNESSES:
        return False
    try:
        signed = {one.key for one in witnessed_by(seen.note, settings.WITNESSES).values()}
    except BadNote:
        return False
    return set(keys) <= signed


def _is_old(head: Checkpoint, outcome: Outcome) -> bool:
    """Whether another worker sealed and asked while we did: then nobody is ahead of us."""
    newest = newest_checkpoint()
    return newest is not None and newest.size > head.size and newest.size >= (outcome.size or 0)


@transaction.atomic
def record(*, url: str, head: Checkpoint, outcome: Outcome, now: datetime) -> None:
    """Keep what a witness answered; a trouble that begins or ends stands in the journal."""
    known, _ = Witness.objects.select_for_update().get_or_create(url=url)
    if outcome.lines:
        _keep(head, "".join(outcome.lines.values()), now=now)
    trouble = outcome.trouble or ""
    if trouble != known.trouble:
        append(
            kind="witness.troubled" if trouble else "witness.recovered",
            service="",
            subject=f"witness:{known.pk}",
            actor="system",
            now=now,
            facts={"host": urlsplit(url).hostname or "", "trouble": trouble or known.trouble},
        )
        known.since = now if trouble else None
    known.trouble, known.told, known.asked_at = trouble, outcome.told, now
    if outcome.size is not None:
        known.size = outcome.size
    known.save()


def _keep(head: Checkpoint, lines: str, *, now: datetime) -> None:
    """Add the lines to the head, and let go of earlier heads of the hour that nobody needs."""
    kept, _ = WitnessedHead.objects.select_for_update().get_or_create(
        size=head.size, defaults={"note": head.note, "at": now}
    )
    kept.note += "".join(line for line in lines.splitlines(keepends=True) if line not in kept.note)
    kept.save(update_fields=["note"])
    hour = now.replace(minute=0, second=0, microsecond=0)
    earlier = WitnessedHead.objects.filter(at__gte=hour, size__lt=head.size).order_by("-size")
    needed = None
    if not enough_saw(kept.note):
        needed = next((one.size for one in earlier if enough_saw(one.note)), None)
    for one in earlier:
        if one.size != needed:
            one.delete()
