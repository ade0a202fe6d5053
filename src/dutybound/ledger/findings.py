"""What is wrong with a journal, told by the numbers of its entries."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dutybound.ledger.tree import leaf_hash

HOLE = leaf_hash(b"")
"""An empty entry where the tree has another: how a journal shows a row that is gone."""


class What(StrEnum):
    CHANGED = "changed"
    MISSING = "missing"
    MOVED = "moved"
    INSERTED = "inserted"
    TILE = "tile"
    ROOT = "root"
    CHECKPOINT = "checkpoint"
    KEY = "key"
    HISTORY = "history"
    WITNESS = "witness"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not verify; `first` to `last` are the entries it is about."""

    what: What
    sentence: str
    first: int | None = None
    last: int | None = None

    def __str__(self) -> str:
        return self.sentence


def missing(first: int, last: int) -> Finding:
    return Finding(What.MISSING, f"{_entries(first, last, 'is', 'are')} missing", first, last)


def differences(
    expected: Sequence[bytes], actual: Sequence[bytes], *, numbers: Sequence[int]
) -> list[Finding]:
    """How leaf hashes differ from those that were signed for under these numbers.

    The shorter of two stories is told: what stands at each number now, or, when entries were
    taken out or put in so that later ones shifted, what that was.
    """
    place = {hash_: at for at, hash_ in enumerate(expected)}
    by_order = _by_order(expected, actual, place, numbers)
    if len(expected) != len(actual):
        return by_order
    wrong = [at for at, hash_ in enumerate(expected) if actual[at] != hash_]
    # Two entries that changed places are better told by their two places.
    if len(wrong) > sum(2 if told.what == What.MOVED else 1 for told in by_order):
        return by_order
    return list(_joined(_at_its_place(at, expected, actual, place, numbers) for at in wrong))


def _at_its_place(
    at: int,
    expected: Sequence[bytes],
    actual: Sequence[bytes],
    place: dict[bytes, int],
    numbers: Sequence[int],
) -> Finding:
    number, other = numbers[at], place.get(actual[at])
    if other is not None:
        told = f"in the place of entry {number} stands entry {numbers[other]}"
        return Finding(What.MOVED, told, number, number)
    if actual[at] == HOLE:
        return missing(number, number)
    return _changed(number, expected[at], actual[at])


def _by_order(
    expected: Sequence[bytes],
    actual: Sequence[bytes],
    place: dict[bytes, int],
    numbers: Sequence[int],
) -> list[Finding]:
    found = [place.get(hash_) for hash_ in actual]
    kept = _longest_rising(found)
    present = {at for at in found if at is not None}
    story: list[Finding] = []
    before, strangers = -1, list[bytes]()
    for step, at in enumerate([*found, len(expected)]):
        if at is None:
            strangers.append(actual[step])
        elif step in kept or step == len(found):
            lost = [gone for gone in range(before + 1, at) if gone not in present]
            places = [(numbers[gone], expected[gone]) for gone in lost]
            story += _between(places, strangers, where=_after(before, lost, numbers))
            before, strangers = at, []
        else:
            number = numbers[at]
            told = f"entry {number} was moved and stands {_after(before, [], numbers)[1]}"
            story.append(Finding(What.MOVED, told, number, number))
    return list(_joined(story))


def _after(before: int, lost: list[int], numbers: Sequence[int]) -> tuple[int, str]:
    """The entry that something stands beside, and the words for it."""
    last = lost[-1] if lost else before
    if last < 0:
        return numbers[0], f"before entry {numbers[0]}"
    return numbers[last], f"after entry {numbers[last]}"


def _between(
    lost: list[tuple[int, bytes]], strangers: list[bytes], *, where: tuple[int, str]
) -> Iterable[Finding]:
    """What befell the entries lost between two that are in order, given what stands there."""
    strangers = [hash_ for hash_ in strangers if hash_ != HOLE]
    for (number, expected), hash_ in zip(lost, strangers, strict=False):
        yield _changed(number, expected, hash_)
    for number, _ in lost[len(strangers) :]:
        yield missing(number, number)
    extra = len(strangers) - len(lost)
    if extra > 0:
        told = "an entry was" if extra == 1 else f"{extra} entries were"
        yield Finding(What.INSERTED, f"{told} inserted {where[1]}", where[0], where[0])


def _changed(number: int, expected: bytes, actual: bytes) -> Finding:
    return Finding(
        What.CHANGED,
        f"entry {number} was changed: it hashes to {actual.hex()[:16]}…, "
        f"the tree has {expected.hex()[:16]}…",
        number,
        number,
    )


def _joined(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Neighbours that are missing, or changed, as one finding."""
    run: list[Finding] = []
    for finding in findings:
        if run and (finding.what != run[-1].what or finding.first != (run[-1].last or 0) + 1):
            yield from _run_told(run)
            run = []
        run.append(finding)
    yield from _run_told(run)


def _run_told(run: list[Finding]) -> Iterable[Finding]:
    if len(run) < 2 or run[0].what not in {What.MISSING, What.CHANGED}:
        yield from run
        return
    first, last = run[0].first or 0, run[-1].last or 0
    if run[0].what == What.MISSING:
        yield missing(first, last)
    else:
        yield Finding(What.CHANGED, f"{_entries(first, last, 'was', 'were')} changed", first, last)


def _entries(first: int, last: int, one: str, more: str) -> str:
    return f"entry {first} {one}" if first == last else f"entries {first} to {last} {more}"


def _longest_rising(numbers: Sequence[int | None]) -> set[int]:
    """The positions of a longest rising row among the numbers, by patience sorting."""
    tops: list[int] = []
    top_at: list[int] = []
    under: dict[int, int | None] = {}
    for at, number in enumerate(numbers):
        if number is None:
            continue
        pile = bisect_left(tops, number)
        under[at] = top_at[pile - 1] if pile else None
        tops[pile : pile + 1] = [number]
        top_at[pile : pile + 1] = [at]
    kept: set[int] = set()
    step = top_at[-1] if top_at else None
    while step is not None:
        kept.add(step)
        step = under[step]
    return kept
