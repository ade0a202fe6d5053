"""The one door into the journal: `append` beside every write, `seal` every second after."""

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from dutybound.ledger.checkpoint import Checkpoint as Head
from dutybound.ledger.checkpoint import checkpoint_in
from dutybound.ledger.disclosure import digest, disclosure_file
from dutybound.ledger.notes import BadNote, Signer, VerifierKey, open_note
from dutybound.ledger.tiles import Edge, TileName, edge_root, grow, hashes_in, levels_of, tile_at
from dutybound.ledger.tree import EMPTY_ROOT, leaf_hash
from dutybound_server.journal.entries import SALT_BYTES, BadEntry, canonical, in_utc
from dutybound_server.journal.models import LONGEST, Checkpoint, Entry, KeyChange, Tile
from dutybound_server.journal.queries import (
    head_in,
    journal_origin,
    journal_signers,
    newest_checkpoint,
    proof_of,
)

BATCH = 5_000
"""Entries sealed in one transaction: about a tenth of a second of SQLite's only writer."""
KIND = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
ACTOR = re.compile(r"system|staff:[0-9]+|(service|flagger):[-a-z0-9_]+")
NOTHING: Mapping[str, Any] = MappingProxyType({})
EVERY_NAME: Collection[str] = ()


class CannotSeal(Exception):
    """What is stored does not fit the newest checkpoint; sealing on would cover that up."""


class CannotDisclose(Exception):
    """The entry does not verify as it stands, so a disclosure of it would prove nothing."""


def append(
    *,
    kind: str,
    service: str,
    subject: str,
    actor: str,
    now: datetime,
    facts: Mapping[str, Any] = NOTHING,
    personal: Mapping[str, str] = NOTHING,
) -> Entry:
    """Write one entry, which `seal` numbers and signs for within seconds.

    `facts` are JSON values that name no person: an entry outlives every erasure. What does name
    one goes in `personal`: the entry keeps a salted digest of it, and the salt can be erased.
    """
    _check(kind=kind, service=service, subject=subject, actor=actor, now=now)
    salts = {name: secrets.token_bytes(SALT_BYTES) for name in personal}
    body = canonical(
        {
            "actor": actor,
            "at": in_utc(now),
            "facts": dict(facts),
            "kind": kind,
            # Hash tiles are public: without this, a guess at an entry could be tried on them.
            "nonce": secrets.token_hex(SALT_BYTES),
            "personal": {name: digest(personal[name], salt=salts[name]) for name in personal},
            "service": service,
            "subject": subject,
        }
    )
    return Entry.objects.create(
        service=service,
        kind=kind,
        subject=subject,
        actor=actor,
        at=now,
        body=body,
        salts={name: salt.hex() for name, salt in salts.items()},
    )


@transaction.atomic
def erase_salts(
    *, service: str, subjects: Collection[str], names: Collection[str] = EVERY_NAME
) -> int:
    """Erase the salts of what entries about these subjects hold of people; of how many values.

    No digest of theirs can be matched to a value any more, and every proof stays as it was. The
    entry that the caller appends tells of it.
    """
    erased = 0
    of_them = Entry.objects.filter(service=service, subject__in=subjects).exclude(salts={})
    for entry in of_them.select_for_update().only("salts").order_by("id"):
        left = {name: salt for name, salt in entry.salts.items() if names and name not in names}
        if left != entry.salts:
            Entry.objects.filter(pk=entry.pk).update(salts=left)
            erased += len(entry.salts) - len(left)
    return erased


@transaction.atomic
def disclose_entry(*, entry: Entry, service: str, to: str, by: str, now: datetime) -> str:
    """Give a sealed entry with its proof and the salts that remain to somebody, on record.

    Raises CannotDisclose. What a value was stays for whoever discloses it to say.
    """
    head = newest_checkpoint()
    assert head is not None  # An entry has its number from the transaction that made a head.
    proof = proof_of(entry, head=head)
    if proof.fault:
        raise CannotDisclose(f"Entry {entry.number} does not verify: {proof.fault}")
    append(
        kind="entry.disclosed",
        service=service,
        subject=f"entry:{entry.number}",
        actor=by,
        now=now,
        facts={"salts": sorted(entry.salts), "head": head.size},
        personal={"to": to},
    )
    return disclosure_file(bytes(entry.body), salts=entry.salts, proof=proof.file)


def seal(*, now: datetime) -> int:
    """Number what is pending, extend the tree and sign its new head; how many entries.

    Killed at any moment, it leaves the old head or the new one: each batch is one transaction.
    """
    sealed = 0
    while count := _seal_batch(now=now):
        sealed += count
        if count < BATCH:
            break
    return sealed


@transaction.atomic
def hand_over(*, to: Sequence[Signer], actor: str, now: datetime) -> None:
    """Write down that other keys sign from now on, under a head that the old and the new sign.

    Whoever calls it makes `to` the installation's keys right after. Until that is done the old
    ones go on signing; then the old and the new are both good.
    """
    newest = newest_checkpoint()
    old = journal_signers(newest)
    facts = {"old": [str(one.key) for one in old], "new": [str(one.key) for one in to]}
    append(
        kind="journal.key_changed", service="", subject="journal_key", actor=actor, now=now,
        facts=facts,
    )  # fmt: skip
    _extend(newest, signers=(*old, *to), now=now)
    head = _all_sealed()
    for before, after in zip(old, to, strict=True):
        KeyChange.objects.create(old=str(before.key), new=str(after.key), note=head.note, at=now)


@transaction.atomic
def begin_again(*, lost: VerifierKey, actor: str, now: datetime) -> None:
    """Go on under the installation's new keys, where the private key of `lost` is gone.

    The newest head must still carry the signature of the lost key; nothing of that key's can say
    that the new one is its heir, so people have to be told in another way.
    """
    newest = newest_checkpoint()
    new = journal_signers(newest)
    facts = {"old": [str(lost)], "new": [str(one.key) for one in new]}
    append(
        kind="journal.key_lost", service="", subject="journal_key", actor=actor, now=now,
        facts=facts,
    )  # fmt: skip
    _extend(newest, signers=new, now=now, key=lost)
    _all_sealed()


def _all_sealed() -> Checkpoint:
    """The newest head; raises CannotSeal if so much was pending that it is not under it."""
    head = newest_checkpoint()
    if head is None or Entry.objects.filter(number=None).exists():
        raise CannotSeal("Too many entries wait to be sealed; let the worker run, then try again.")
    return head


def _check(*, kind: str, service: str, subject: str, actor: str, now: datetime) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise BadEntry(f"{kind}: an entry is written in the transaction of what it tells of")
    if now.utcoffset() is None:
        raise BadEntry(f"{kind}: expected a time with a time zone, got {now!r}")
    if not KIND.fullmatch(kind):
        raise BadEntry(f"expected a kind such as 'case.decided', got {kind!r}")
    if not ACTOR.fullmatch(actor):
        expected = "'staff:7', 'service:ridge', 'flagger:police' or 'system'"
        raise BadEntry(f"{kind}: expected {expected}, got {actor!r}")
    given = {"kind": kind, "service": service, "subject": subject, "actor": actor}
    for name, value in given.items():
        if len(value) > LONGEST[name] or "\0" in value:
            raise BadEntry(f"{kind}: {name}: expected at most {LONGEST[name]} characters, no NUL")


def _seal_batch(*, now: datetime) -> int:
    # Asked outside the transaction, so that an idle journal never takes SQLite's write lock.
    if not Entry.objects.filter(number=None).exists():
        return 0
    newest = newest_checkpoint()
    try:
        with transaction.atomic():
            return _extend(newest, signers=journal_signers(newest), now=now)
    except (IntegrityError, CannotSeal):
        if newest != newest_checkpoint():
            return 0  # Another worker sealed meanwhile; what it left comes with the next second.
        raise


def _extend(
    newest: Checkpoint | None,
    *,
    signers: Sequence[Signer],
    now: datetime,
    key: VerifierKey | None = None,
) -> int:
    """Seal what is pending under the newest head, which our own key signed, or `key`."""
    head = _signed_head(newest, key)
    edge = _stored_edge(head)
    pending = list(
        Entry.objects.filter(number=None).order_by("id").values_list("id", "body")[:BATCH]
    )
    leaves = [leaf_hash(bytes(body)) for _, body in pending]
    edge, tiles = grow(edge, size=head.size, leaves=leaves)
    _give_numbers([entry_id for entry_id, _ in pending], first=head.size)
    _store(tiles)
    head = Head(head.origin, head.size + len(pending), edge_root(edge))
    _publish(head, after=newest, signers=signers, now=now)
    return len(pending)


def _signed_head(newest: Checkpoint | None, key: VerifierKey | None) -> Head:
    if newest is None:
        return Head(journal_origin(None), 0, EMPTY_ROOT)
    try:
        head = checkpoint_in(open_note(newest.note, key)) if key else head_in(newest)
    except BadNote as problem:
        raise CannotSeal(
            f"The newest checkpoint, of {newest.size} entries, was changed or was signed with "
            f"another key than keys/journal.key: {problem}"
        ) from problem
    if head.size != newest.size:
        raise CannotSeal(f"The checkpoint of {newest.size} entries signs for {head.size}.")
    return head


def _stored_edge(head: Head) -> Edge:
    """The hashes that the tree grows from, if they are the ones that were signed for."""
    if forged := Entry.objects.filter(number__gte=head.size).order_by("number").first():
        raise CannotSeal(f"Entry {forged.number} has a number that was never given out.")
    last = {
        level: tile_at(level, head.size >> 8 * (level + 1), size=head.size)
        for level in levels_of(head.size)
    }
    wanted = Q(pk__in=[])
    for level, name in last.items():
        wanted |= Q(level=level, index=name.index) if name else Q(pk__in=[])
    stored = {tile.level: hashes_in(bytes(tile.hashes)) for tile in Tile.objects.filter(wanted)}
    edge = tuple(stored.get(level, ()) for level in last)
    if edge_root(edge) != head.root:
        raise CannotSeal(
            f"The stored tiles do not give the root that the checkpoint of {head.size} entries "
            "signs. Run `dutybound export-journal` and `dutybound verify-journal` to see where."
        )
    return edge


def _give_numbers(entry_ids: list[int], *, first: int) -> None:
    numbers = range(first, first + len(entry_ids))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # One statement for the batch takes half as long as one for each row.
            cursor.execute(
                "UPDATE journal_entry SET number = given.number"
                " FROM unnest(%s::bigint[], %s::bigint[]) AS given (id, number)"
                " WHERE journal_entry.id = given.id AND journal_entry.number IS NULL",
                [entry_ids, list(numbers)],
            )
        else:
            cursor.executemany(
                "UPDATE journal_entry SET number = %s WHERE id = %s AND number IS NULL",
                list(zip(numbers, entry_ids, strict=True)),
            )
        if cursor.rowcount != len(entry_ids):
            raise CannotSeal("Pending entries went, or were numbered, while they were sealed.")


def _store(tiles: dict[TileName, tuple[bytes, ...]]) -> None:
    Tile.objects.bulk_create(
        [
            Tile(level=name.level, index=name.index, hashes=b"".join(hashes))
            for name, hashes in tiles.items()
        ],
        update_conflicts=True,
        unique_fields=["level", "index"],
        update_fields=["hashes"],
    )


def _publish(
    head: Head, *, after: Checkpoint | None, signers: Sequence[Signer], now: datetime
) -> None:
    # A clock that was set back must not leave entries unsigned for as long as it is wrong. The
    # text itself tells no time, so the head is stored as no older than the one before it.
    at = max(now, after.at) if after else now
    note = head.signed_by(*signers, at=int(at.timestamp()))
    Checkpoint.objects.create(size=head.size, note=note, at=at)
    if after and after.at >= at.replace(minute=0, second=0, microsecond=0):
        # One head an hour is kept; any older one can be proved from the tiles alone. The database
        # lets a head go only once a newer one stands, so it goes last.
        after.delete()
