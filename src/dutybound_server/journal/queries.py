"""The journal as the world may read it, from the rows as they are now, so tampering shows."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from django.conf import settings
from django.db import DataError
from django.db.models import QuerySet

from dutybound.ledger import handovers, trust
from dutybound.ledger.checkpoint import Checkpoint as Head
from dutybound.ledger.checkpoint import checkpoint_in, unverified
from dutybound.ledger.handovers import Handover, as_text
from dutybound.ledger.notes import (
    BadNote,
    Signer,
    VerifierKey,
    is_by,
    key_in,
    open_note,
    split_note,
    verifier_key,
)
from dutybound.ledger.policy import witnessed_by
from dutybound.ledger.proofs import proof_file, verify_proof
from dutybound.ledger.signature_types import SignatureType
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
from dutybound.ledger.tree import (
    HASH_BYTES,
    ProofRejected,
    consistency_proof,
    inclusion_proof,
    verify_consistency,
)
from dutybound_server.journal.entries import as_it_stands, bytes_in
from dutybound_server.journal.models import (
    Checkpoint,
    Entry,
    KeyChange,
    Tile,
    Witness,
    WitnessedHead,
)

TEXTS = ("checkpoint", "key", trust.SECOND_KEY, handovers.PATH, trust.WITNESSED)
"""The paths that are text; the others are tiles."""
LOOKED_BACK = 200
"""How many heads that anybody cosigned are looked through for one that enough did."""
MOST_TILES = 1_000
"""How many tiles, of 8 KiB, are kept while many proofs are made."""


class EntryNotFound(Exception):
    """The journal has no sealed entry of that number, or it is another service's."""


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry, as its row is now, is under the newest head; or why that is not so."""

    file: str
    fault: str


@dataclass(frozen=True, slots=True)
class Witnessed:
    """Up to where others saw the journal, and what they have not seen yet."""

    asked: bool
    """Whether this installation asks anybody."""
    size: int
    """Entries under the newest head that enough witnesses saw; 0 if there is none."""
    seen_by: Mapping[str, datetime]
    """When each of them saw it, by its own clock."""
    note: str
    unwitnessed: int
    """Sealed entries after that head."""
    since: datetime | None
    """When the first of these was written; None if there are none."""
    troubles: tuple[Witness, ...]
    """Witnesses that did not cosign when they were last asked."""


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
    return next(proofs_of([entry], head=head))


def proofs_of(entries: Iterable[Entry], *, head: Checkpoint) -> Iterator[Proof]:
    """The proof of each, in their order; what all of them pass on the way up is read once."""
    # The way up passes each of its few tiles many times.
    hashes = lru_cache(MOST_TILES)(_hashes)
    for entry in entries:
        assert entry.number is not None
        try:
            size = head_in(head).size
            subtree = subtree_from(hashes, size=size)
            proof = inclusion_proof(entry.number, size=size, subtree=subtree)
            file = proof_file(entry.number, proof=proof, note=head.note)
            verify_proof(file, as_it_stands(entry), key=journal_key(head))
        except ValueError as problem:
            yield Proof("", str(problem))
        else:
            yield Proof(file, "")


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


def journal_signers(newest: Checkpoint | None) -> tuple[Signer, Signer]:
    """Who signs the next head: with Ed25519, which all software knows, and with ML-DSA-44."""
    origin = journal_origin(newest)
    return (
        Signer(origin, settings.JOURNAL_KEY, SignatureType.ED25519),
        Signer(origin, settings.JOURNAL_MLDSA_KEY, SignatureType.ML_DSA_44),
    )


def second_key(newest: Checkpoint | None) -> VerifierKey | None:
    """The ML-DSA-44 key, if it signed the newest head; heads of earlier versions lack its line."""
    key = journal_signers(newest)[1].key
    try:
        lines = split_note(newest.note)[1] if newest else []
    except BadNote:
        return None
    return key if any(is_by(key, *line) for line in lines) else None


def head_in(checkpoint: Checkpoint) -> Head:
    """The head that a stored note signs; raises BadNote if it was not signed with our key."""
    return checkpoint_in(open_note(checkpoint.note, journal_key(checkpoint)))


def file_at(path: str, *, head: Checkpoint) -> bytes | None:
    """What the journal of that head has at a path of c2sp.org/tlog-tiles; None for no file."""
    if path in TEXTS:
        text = _text_at(path, head)
        return text.encode() if text else None
    name = name_in(path)
    known = tile_at(name.level, name.index, size=head.size) if name else None
    if not name or not known or name.width > known.width:
        return None
    return _bundle(name) if name.level == ENTRIES else _tile(name)


def growth_proof(old_size: int, *, head: Head) -> list[bytes]:
    """That the head grew from its first `old_size` entries; raises ProofRejected."""
    if old_size == 0:
        return []
    return consistency_proof(
        old_size, size=head.size, subtree=subtree_from(_hashes, size=head.size)
    )


def witnessed() -> Witnessed:
    """What the newest head is that enough witnesses saw, and since when the rest is unseen."""
    head, found = newest_checkpoint(), newest_witnessed()
    sealed = head.size if head else 0
    size = found.size if found else 0
    first = Entry.objects.filter(number=size).first() if size < sealed else None
    policy = settings.WITNESSES
    cosignatures = witnessed_by(found.note, policy) if found and policy else {}
    return Witnessed(
        asked=policy is not None,
        size=size,
        seen_by={name: _moment(one.at) for name, one in cosignatures.items()},
        note=found.note if found else "",
        unwitnessed=max(sealed - size, 0),
        # A row that is gone cannot tell its time; the head over it can.
        since=first.at if first else head.at if head and size < sealed else None,
        troubles=tuple(_troubles()),
    )


def enough_saw(note: str) -> bool:
    """Whether a note carries the cosignatures that our policy asks for, and at least one."""
    policy = settings.WITNESSES
    if policy is None:
        return False
    try:
        seen_by = witnessed_by(note, policy)
    except BadNote:
        return False
    return bool(seen_by) and policy.is_met_by(seen_by)


def newest_witnessed() -> Checkpoint | None:
    """The newest head that enough witnesses saw, with their lines; it may no longer be stored.

    A head that today's journal does not follow from counts for nothing: it is of another history.
    """
    head = newest_checkpoint()
    for one in WitnessedHead.objects.order_by("-size")[:LOOKED_BACK] if head else ():
        if head and enough_saw(one.note) and _follows(head, one.note):
            return Checkpoint(size=one.size, note=one.note, at=one.at)
    return None


def _follows(head: Checkpoint, note: str) -> bool:
    """Whether the stored tree grew from the head of an older note to this one."""
    try:
        old, new = unverified(note), head_in(head)
        verify_consistency(
            old.size,
            old_root=old.root,
            size=new.size,
            root=new.root,
            proof=growth_proof(old.size, head=new),
        )
    except ValueError:
        return False
    return old.origin == new.origin


def _troubles() -> QuerySet[Witness]:
    policy = settings.WITNESSES
    urls = {one.url for one in policy.witnesses.values()} if policy else set()
    return Witness.objects.filter(url__in=urls).exclude(trouble="").order_by("url")


def _moment(at: int) -> datetime:
    """A witness's own time; one that no calendar has is told as the last that one has."""
    try:
        return datetime.fromtimestamp(at, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.max.replace(tzinfo=UTC)


def _text_at(path: str, head: Checkpoint) -> str:
    """A file of text; nothing if there is none at present."""
    match path:
        case "key":
            return f"{journal_key(head)}\n"
        case trust.SECOND_KEY:
            key = second_key(head)
            return f"{key}\n" if key else ""
        case handovers.PATH:
            return _key_changes()
        case trust.WITNESSED:
            return witnessed().note
    seen = WitnessedHead.objects.filter(size=head.size).first()
    # Cosignatures stand after our own lines; what does not begin with those was altered.
    return seen.note if seen and seen.note.startswith(head.note) else head.note


def _key_changes() -> str:
    changes = list(KeyChange.objects.order_by("id"))
    steps = [Handover(key_in(one.old), key_in(one.new), one.note) for one in changes]
    return as_text(steps) if steps else ""


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
    numbers = range(first, first + name.width)
    stand = {entry.number: as_it_stands(entry) for entry in _rows_of(numbers)}
    # No entry is empty, so an empty one in its place says that the row is gone.
    return bundle_of([stand.get(number, b"") for number in numbers])


def _rows_of(numbers: range) -> list[Entry]:
    rows = Entry.objects.filter(number__gte=numbers.start, number__lt=numbers.stop).defer("salts")
    try:
        return list(rows)
    except (ValueError, DataError):
        # Somewhere stands what is no time; each is read for itself, so that the rest can be told.
        return list(rows.defer("at"))
