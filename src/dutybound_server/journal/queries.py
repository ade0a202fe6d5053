"""The journal as the world may read it, from the rows as they are now, so tampering shows."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db.models import QuerySet

from dutybound.ledger.checkpoint import Checkpoint as Head
from dutybound.ledger.checkpoint import checkpoint_in, unverified
from dutybound.ledger.notes import BadNote, VerifierKey, open_note, verifier_key
from dutybound.ledger.proofs import proof_file, verify_proof
from dutybound.ledger.tiles import (
    ENTRIES,
    WIDTH,
    TileName,
    bundle_of,
    hashes_in,
    name_in,
    subtree_from,
    tile_at,
)
from dutybound.ledger.tree import HASH_BYTES, ProofRejected, inclusion_proof
from dutybound_server.journal.entries import as_it_stands, bytes_in
from dutybound_server.journal.models import Checkpoint, Entry, Tile


class EntryNotFound(Exception):
    """The journal has no sealed entry of that number, or it is another service's."""


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry, as its row is now, is under the newest head; or why that is not so."""

    file: str
    fault: str


def entries_of(
    service: str, *, kind: str = "", subject: str = "", without: Collection[str] = ()
) -> QuerySet[Entry]:
    """The entries of a service and of the whole installation, the newest first.

    `without` are subjects that whoever asks may not read of at present.
    """
    found = Entry.objects.filter(service__in=[service, ""]).order_by("-id")
    if without:
        found = found.exclude(subject__in=without)
    if kind:
        found = found.filter(kind__startswith=kind)
    return found.filter(subject__startswith=subject) if subject else found


def entry_for(service: str, number: int, *, without: Collection[str] = ()) -> Entry:
    """The sealed entry of that number, if it is the service's; raises EntryNotFound."""
    entry = entries_of(service, without=without).filter(number=number).first()
    if entry is None:
        raise EntryNotFound(f"There is no entry {number}.")
    return entry


def proof_of(entry: Entry, *, head: Checkpoint) -> Proof:
    """The entry's proof under that head, checked."""
    assert entry.number is not None
    try:
        size = head_in(head).size
        # The way up passes each of its few tiles many times.
        subtree = subtree_from(cache(_hashes), size=size)
        proof = inclusion_proof(entry.number, size=size, subtree=subtree)
        file = proof_file(entry.number, proof=proof, note=head.note)
        verify_proof(file, as_it_stands(entry), key=journal_key(head))
    except ValueError as problem:
        return Proof("", str(problem))
    return Proof(file, "")


def newest_checkpoint() -> Checkpoint | None:
    return Checkpoint.objects.order_by("-size").first()


def newest_head() -> Head | None:
    """What the newest checkpoint says its head is; None before the first, or if it was changed."""
    newest = newest_checkpoint()
    try:
        return head_in(newest) if newest else None
    except BadNote:
        return None


def pending_count() -> int:
    """Entries that no head covers yet."""
    return Entry.objects.filter(number=None).count()


def journal_origin(newest: Checkpoint | None) -> str:
    """The journal's name: the one of its heads so far, even after the site has moved."""
    try:
        return unverified(newest.note).origin if newest else settings.JOURNAL_ORIGIN
    except BadNote:
        return str(settings.JOURNAL_ORIGIN)


def journal_key(newest: Checkpoint | None) -> VerifierKey:
    """Whose signature the newest head should carry."""
    return verifier_key(journal_origin(newest), settings.JOURNAL_KEY)


def head_in(checkpoint: Checkpoint) -> Head:
    """The head that a stored note signs; raises BadNote if it was not signed with our key."""
    return checkpoint_in(open_note(checkpoint.note, journal_key(checkpoint)))


def file_at(path: str, *, head: Checkpoint) -> bytes | None:
    """What the journal of that head has at a path of c2sp.org/tlog-tiles; None for no file."""
    if path == "checkpoint":
        return head.note.encode()
    if path == "key":
        return f"{journal_key(head)}\n".encode()
    name = name_in(path)
    known = tile_at(name.level, name.index, size=head.size) if name else None
    if not name or not known or name.width > known.width:
        return None
    return _bundle(name) if name.level == ENTRIES else _tile(name)


def _hashes(name: TileName) -> tuple[bytes, ...]:
    tile = _tile(name)
    if tile is None or len(tile) != name.width * HASH_BYTES:
        raise ProofRejected(f"{name.path} is missing or cut short")
    return hashes_in(tile)


def _tile(name: TileName) -> bytes | None:
    found = Tile.objects.filter(level=name.level, index=name.index).values_list("hashes", flat=True)
    return next((bytes_in(hashes)[: name.width * HASH_BYTES] for hashes in found), None)


def _bundle(name: TileName) -> bytes:
    first = name.index * WIDTH
    rows = Entry.objects.filter(number__gte=first, number__lt=first + name.width)
    stand = {entry.number: as_it_stands(entry) for entry in rows}
    # No entry is empty, so an empty one in its place says that the row is gone.
    return bundle_of([stand.get(number, b"") for number in range(first, first + name.width)])
