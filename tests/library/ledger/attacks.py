"""An adversary: what can be done to a journal's files, and to its history by who has the key."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dutybound.ledger.checkpoint import unverified
from dutybound.ledger.files import Files
from dutybound.ledger.findings import Finding, What
from dutybound.ledger.notes import verifier_key
from dutybound.ledger.policy import Policy, policy_in
from dutybound.ledger.tiles import WIDTH, subtree_from
from dutybound.ledger.tree import consistency_proof
from dutybound.ledger.witness import Remembered, refusal_of, request_in, request_of
from dutybound.ledger.witness import cosigned as lines_of
from tests.library.ledger.published import KEY, ORIGIN, Paths, journal, with_entries
from tests.library.ledger.witnesses import AT, witness

WITNESS = witness(1)
ABOUT_THE_HEAD = frozenset({What.CHECKPOINT, What.ROOT, What.HISTORY, What.KEY})


@dataclass(frozen=True, slots=True)
class Place:
    """Where the adversary was: an entry, a file, or, with neither, the head."""

    number: int | None = None
    path: str = ""

    def is_named_by(self, findings: Sequence[Finding]) -> bool:
        """Whether a finding says so."""
        if self.path:
            return any(self.path in finding.sentence for finding in findings)
        if self.number is None:
            return any(finding.what in ABOUT_THE_HEAD for finding in findings)
        return any(
            finding.first is not None
            and finding.last is not None
            and finding.first <= self.number <= finding.last
            for finding in findings
        )


THE_HEAD = Place()


def other_byte(content: bytes, at: int, *, by: Random) -> bytes:
    """The content with one byte changed to any other."""
    changed = bytearray(content)
    changed[at] ^= by.randrange(1, 256)
    return bytes(changed)


# To files

Attack = Callable[[Paths, list[bytes], Random], tuple[Paths, Place]]
"""A journal and its entries → the journal as the adversary left it, and where."""


def _byte_of_an_entry(paths: Paths, entries: list[bytes], by: Random) -> tuple[Paths, Place]:
    number = by.randrange(len(entries))
    entry = entries[number]
    changed = other_byte(entry, by.randrange(len(entry)), by=by)
    return _with(paths, [*entries[:number], changed, *entries[number + 1 :]], len(entries), number)


def _byte_of_a_bundle(paths: Paths, entries: list[bytes], by: Random) -> tuple[Paths, Place]:
    """Lengths of entries included, so that all that follows may be read wrongly."""
    path = by.choice(sorted(path for path in paths if "entries" in path))
    at = by.randrange(len(paths[path]))
    first = int(path.partition("entries/")[2][:3]) * WIDTH
    before, number = 0, first
    while before + 2 + len(entries[number]) <= at:
        before, number = before + 2 + len(entries[number]), number + 1
    return {**paths, path: other_byte(paths[path], at, by=by)}, Place(number)


def _byte_of_a_tile(paths: Paths, entries: list[bytes], by: Random) -> tuple[Paths, Place]:
    path = by.choice(_tiles(paths))
    at = by.randrange(len(paths[path]))
    return {**paths, path: other_byte(paths[path], at, by=by)}, Place(path=path)


def _byte_of_the_head(paths: Paths, entries: list[bytes], by: Random) -> tuple[Paths, Place]:
    note = paths["checkpoint"]
    return {**paths, "checkpoint": other_byte(note, by.randrange(len(note)), by=by)}, THE_HEAD


def _entries_swapped(paths: Paths, entries: list[bytes], by: Random) -> tuple[Paths, Place]:
    one, other = by.sample(range(len(entries)), 2)
    changed = list(entries)
    changed[one], changed[other] = changed[other], changed[one]
    return _with(paths, changed, len(entries), one)


def _entry_moved(paths: Paths, entries: list[bytes], by: Random) -> tuple[Paths, Place]:
    at, to = by.sample(range(len(entries)), 2)
    changed = list(entries)
    changed.insert(to, changed.pop(at))
    # When neighbours change places, either may be said to have moved.
    return _with(paths, changed, len(entries), at if abs(at - to) > 1 else min(at, to))


def _entry_removed(paths: Paths, entries: list[bytes], by: Random) -> tuple[Paths, Place]:
    number = by.randrange(len(entries))
    return _with(paths, [*entries[:number], *entries[number + 1 :]], len(entries), number)


def _entry_inserted(paths: Paths, entries: list[bytes], by: Random) -> tuple[Paths, Place]:
    number = by.randrange(len(entries) + 1)
    changed = [*entries[:number], by.randbytes(40), *entries[number:]]
    beside = number if number % WIDTH == 0 and number < len(entries) else number - 1
    return _with(paths, changed, len(entries), max(beside, 0))


def _end_cut_off(paths: Paths, entries: list[bytes], by: Random) -> tuple[Paths, Place]:
    number = by.randrange(1, len(entries))
    return _with(paths, entries[:number], len(entries), number)


def _file_removed(paths: Paths, entries: list[bytes], by: Random) -> tuple[Paths, Place]:
    path = by.choice(_tiles(paths))
    return {other: content for other, content in paths.items() if other != path}, Place(path=path)


def _with(paths: Paths, entries: list[bytes], size: int, number: int) -> tuple[Paths, Place]:
    return with_entries(paths, entries, size=size), Place(number)


def _tiles(paths: Paths) -> list[str]:
    return sorted(path for path in paths if path.startswith("tile/") and "entries" not in path)


TO_FILES: Mapping[str, Attack] = MappingProxyType(
    {
        "a byte of an entry": _byte_of_an_entry,
        "a byte of a bundle of entries": _byte_of_a_bundle,
        "a byte of a tile": _byte_of_a_tile,
        "a byte of the checkpoint": _byte_of_the_head,
        "two entries changed places": _entries_swapped,
        "an entry moved": _entry_moved,
        "an entry removed": _entry_removed,
        "an entry inserted": _entry_inserted,
        "the end cut off": _end_cut_off,
        "a tile removed": _file_removed,
    }
)

# To history, with the key that signs: each of these fits itself

Forgery = Callable[[list[bytes], int, Random], Paths]
"""(entries, how many of them somebody outside knew of, chance) → another journal, signed."""


def _rolled_back(entries: list[bytes], known: int, by: Random) -> Paths:
    return journal(entries[: by.randrange(known + 1, len(entries))])


def _rolled_back_and_grown(entries: list[bytes], known: int, by: Random) -> Paths:
    kept = entries[: by.randrange(known + 1, len(entries))]
    return journal([*kept, *(by.randbytes(40) for _ in range(len(entries)))])


def _early_entry_rewritten(entries: list[bytes], known: int, by: Random) -> Paths:
    number = by.randrange(known)
    return journal([*entries[:number], by.randbytes(40), *entries[number + 1 :]])


def _late_entry_rewritten(entries: list[bytes], known: int, by: Random) -> Paths:
    number = by.randrange(known, len(entries))
    return journal([*entries[:number], by.randbytes(40), *entries[number + 1 :]])


def _signed_by_another(entries: list[bytes], known: int, by: Random) -> Paths:
    forged = _late_entry_rewritten(entries, known, by)
    forger = Ed25519PrivateKey.from_private_bytes(by.randbytes(32))
    head = unverified(forged["checkpoint"].decode())
    key = f"{verifier_key(ORIGIN, forger)}\n".encode()
    return {**forged, "checkpoint": head.signed(forger).encode(), "key": key}


def _only_the_head_forged(entries: list[bytes], known: int, by: Random) -> Paths:
    forged = journal([*entries[:-1], by.randbytes(40)])["checkpoint"]
    return {**journal(entries), "checkpoint": forged}


FORGERIES: Mapping[str, Forgery] = MappingProxyType(
    {
        "history signed with another key": _signed_by_another,
        "stolen key: another head over these tiles": _only_the_head_forged,
        "stolen key: an entry that outsiders knew of": _early_entry_rewritten,
        "stolen key: an entry that came later": _late_entry_rewritten,
        "database rolled back": _rolled_back,
        "rolled back, and grown otherwise": _rolled_back_and_grown,
    }
)


def brought_to_a_witness(forged: Paths, *, honest: Paths) -> tuple[Paths, Policy]:
    """The forged journal as it comes back from a witness that has cosigned the honest head.

    The forger sends the best proof that their own tiles give. The policy is that of a doubter who
    knows the journal's key and the witness's.
    """
    seen = unverified(honest["checkpoint"].decode())
    remembered = Remembered((KEY,), seen.size, seen.root)
    note = forged["checkpoint"].decode()
    body = request_of(note, old_size=seen.size, proof=_best_proof(forged, seen.size))
    request = request_in(body.encode())
    if refusal_of(request, remembered) is None:
        note += lines_of(request, signers=[WITNESS], at=AT)
    policy = policy_in(f"log {KEY}\nwitness ngo {WITNESS.key}\nquorum ngo\n")
    return {**forged, "checkpoint": note.encode()}, policy


def _best_proof(forged: Paths, old_size: int) -> list[bytes]:
    head = unverified(forged["checkpoint"].decode())
    if head.size <= old_size:
        return []
    files = Files(forged.get)
    subtree = subtree_from(lambda name: files.hashes(name) or (), size=head.size)
    return consistency_proof(old_size, size=head.size, subtree=subtree)
