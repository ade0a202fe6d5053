"""One bank made searchable: what is in memory, and the base below it that processes share.

A signal is in force exactly while its record can be had. Of one in memory that is while it is in
`_signals`: it enters there after it can be found, and leaves before it cannot. Of one in the base
the record is asked for when it was met, unless it is known to be gone.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import NDArray

from dutybound.matching import links
from dutybound.matching.content import Content, MediaHashes
from dutybound.matching.index import RadiusIndex
from dutybound.matching.lookup import (
    LookupIndex,
    fingerprint,
    fingerprints_of_link,
    is_looked_up,
)
from dutybound.matching.phrases import PatternIndex, PhraseIndex, TextViews, Wording
from dutybound.matching.pictures import LEAST_QUALITY, ORIENTATIONS
from dutybound.matching.signals import Bank, Effect, Signal, SignalKind


@dataclass(frozen=True, slots=True)
class Match:
    """An item meets a signal, with everything a reader needs to know why.

    `media` is the id of the file it was found in, None for the item's text and links. `variant`
    is how the picture was turned from the known one. `links` are those a link signal was met by.
    """

    media: str | None
    bank_key: int
    bank: str
    signal: int
    kind: SignalKind
    value: str
    distance: int
    threshold: int
    variant: str
    harm: str
    source: str
    source_record: str
    tags: tuple[str, ...]
    effect: Effect
    dry_run: bool
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Base:
    """Signals that are searched where they lie, without a record of each in this process.

    `arrays` are those of `compile_bank`. `records` answers with those of the signals asked for
    that are in force; it is called while an item is matched, with the few that may be met.
    """

    arrays: Mapping[str, NDArray[Any]]
    records: Callable[[Collection[int]], Iterable[Signal]]


class Told:
    """What the links of an item are looked up by: fingerprints, each with its kind and link."""

    def __init__(self, told: Iterable[str]) -> None:
        self.fingerprints: list[int] = []
        self.kinds_and_links: list[tuple[SignalKind, str]] = []
        for link in told:
            for kind, its_fingerprint in fingerprints_of_link(link):
                self.fingerprints.append(its_fingerprint)
                self.kinds_and_links.append((kind, link))


@dataclass(frozen=True, slots=True)
class _Meeting:
    """A signal that was met, in a file or in words and links, if its record `fits`."""

    media: str | None
    signal: int
    distance: int = 0
    variant: str = ""
    links: tuple[str, ...] = ()
    fits: Callable[[Signal], bool] = lambda _: True


class BankIndex:
    """One bank's signals, by what they are compared with."""

    def __init__(self, bank: Bank, base: Base | None = None) -> None:
        self.bank = bank
        self.base = base
        self._signals: dict[int, Signal] = {}
        self._gone: set[int] = set()
        self._pictures = RadiusIndex(base.arrays if base else None)
        self._exact = LookupIndex.from_arrays(base.arrays) if base else LookupIndex()
        self._phrases = PhraseIndex(leetspeak=bank.leetspeak)
        self._patterns = PatternIndex()

    def change(self, bank: Bank) -> None:
        """Take other settings; the signals stay."""
        if bank.leetspeak != self.bank.leetspeak:
            phrases = PhraseIndex(leetspeak=bank.leetspeak)
            phrases.add(_wordings(self._signals.copy().values(), SignalKind.PHRASE))
            self._phrases = phrases
        self.bank = bank

    def signals(self) -> Collection[Signal]:
        """Those with a record in memory."""
        return list(self._signals.values())

    def add(self, signals: Collection[Signal]) -> None:
        fresh = [each for each in signals if _differs(each, self._signals.get(each.id))]
        # One of the base is found there until it is found here: it must not be missed between.
        self.remove([each.id for each in fresh if each.id in self._signals])
        pictures = [each for each in fresh if each.kind is SignalKind.PDQ]
        self._pictures.add((each.id, bytes.fromhex(each.value)) for each in pictures)
        self._phrases.add(_wordings(fresh, SignalKind.PHRASE))
        self._patterns.add(_wordings(fresh, SignalKind.PATTERN))
        self._exact.add(exact_entries(fresh))
        self._signals.update({each.id: each for each in signals})

    def remove(self, ids: Iterable[int]) -> None:
        gone = list(ids)
        if self.base is not None:
            self._gone.update(gone)
        dropped = [self._signals.pop(each) for each in gone if each in self._signals]
        self._pictures.remove(gone)
        self._phrases.remove([each.number for each in _wordings(dropped, SignalKind.PHRASE)])
        self._patterns.remove([each.number for each in _wordings(dropped, SignalKind.PATTERN)])
        self._exact.remove(exact_entries(dropped))

    def matches(
        self, content: Content, *, key: int, views: TextViews, told: Told, margin: int = 0
    ) -> Iterator[Match]:
        # The settings as they are now, for all of this content.
        bank = self.bank
        met = list(self._meetings(content, bank=bank, views=views, told=told, margin=margin))
        known = self._records_of({meeting.signal for meeting in met})
        for meeting in _with_links_together(met, known):
            signal = known[meeting.signal]
            # One of known good content that may only flag must not flag good content, and so
            # does nothing.
            if not (signal.flag_only and bank.effect is Effect.NEVER):
                yield _match(meeting, key=key, bank=bank, signal=signal)

    def _records_of(self, ids: Iterable[int]) -> dict[int, Signal]:
        """The records of those that are in force; one may be gone since it was met."""
        wanted = list(ids)
        known = {each: signal for each in wanted if (signal := self._signals.get(each))}
        if self.base is not None:
            elsewhere = [each for each in wanted if each not in known and each not in self._gone]
            if elsewhere:
                known.update((signal.id, signal) for signal in self.base.records(elsewhere))
        return known

    def _meetings(
        self, content: Content, *, bank: Bank, views: TextViews, told: Told, margin: int
    ) -> Iterator[_Meeting]:
        for number in self._phrases.found_in(views) | self._patterns.found_in(views):
            yield _Meeting(None, number)
        for number, place in self._exact.find(told.fingerprints):
            kind, link = told.kinds_and_links[place]
            yield _Meeting(None, number, links=(link,), fits=_leads_to(kind, link))
        for media in content.media:
            yield from self._met_by_media(media, bank, radius=bank.threshold + margin)

    def _met_by_media(self, media: MediaHashes, bank: Bank, *, radius: int) -> Iterator[_Meeting]:
        for kind, value in ((SignalKind.SHA256, media.sha256), (SignalKind.MD5, media.md5)):
            for number, _ in self._exact.find([fingerprint(kind, value)]):
                yield _Meeting(media.id, number, fits=_is_exactly(kind, value))
        nearest: dict[int, _Meeting] = {}
        for frame in media.frames:
            if frame.quality < LEAST_QUALITY:
                continue
            hashes = frame.hashes if bank.any_orientation else frame.hashes[:1]
            for number, distance, place in self._pictures.search(hashes, radius):
                if number not in nearest or distance < nearest[number].distance:
                    fits = _is_so_far_from(hashes[place], distance)
                    turned = ORIENTATIONS[place]
                    nearest[number] = _Meeting(media.id, number, distance, turned, fits=fits)
        yield from nearest.values()


def _with_links_together(
    met: Iterable[_Meeting], known: Mapping[int, Signal]
) -> Collection[_Meeting]:
    """Each signal once for words and links and once for each file, if its record fits."""
    together: dict[tuple[str | None, int], _Meeting] = {}
    for meeting in met:
        signal = known.get(meeting.signal)
        if signal is None or not meeting.fits(signal):
            continue
        place = (meeting.media, meeting.signal)
        before = together.get(place)
        told = dict.fromkeys([*before.links, *meeting.links]) if before else meeting.links
        together[place] = replace(before or meeting, links=tuple(told))
    return together.values()


def _match(met: _Meeting, *, key: int, bank: Bank, signal: Signal) -> Match:
    return Match(
        media=met.media,
        bank_key=key,
        bank=bank.name,
        signal=signal.id,
        kind=signal.kind,
        value=signal.value,
        distance=met.distance,
        threshold=bank.threshold if signal.kind is SignalKind.PDQ else 0,
        variant=met.variant,
        harm=bank.harm,
        source=bank.source,
        source_record=signal.source_record,
        tags=signal.tags,
        effect=Effect.FLAG if signal.flag_only else bank.effect,
        dry_run=bank.dry_run,
        links=met.links,
    )


_IS_MET: dict[SignalKind, Callable[[str, str], bool]] = {
    SignalKind.URL: links.is_same_address,
    SignalKind.URL_PREFIX: links.is_below,
    SignalKind.HOST: links.is_on_host,
    SignalKind.DOMAIN: links.is_in_domain,
}


def exact_entries(signals: Iterable[Signal]) -> Iterator[tuple[int, int]]:
    """Number and fingerprint of the signals that are not searched for, but looked up."""
    return ((s.id, fingerprint(s.kind, s.value)) for s in signals if is_looked_up(s.kind))


def _leads_to(kind: SignalKind, link: str) -> Callable[[Signal], bool]:
    """Whether a link meets a signal: another value can have the same fingerprint."""
    return lambda signal: signal.kind is kind and _IS_MET[kind](link, signal.value)


def _is_exactly(kind: SignalKind, value: str) -> Callable[[Signal], bool]:
    return lambda signal: (signal.kind, signal.value) == (kind, value)


def _is_so_far_from(hash_: bytes, distance: int) -> Callable[[Signal], bool]:
    """Whether a signal is the hash that was found, and not another under a number used again."""

    def is_so_far(signal: Signal) -> bool:
        if signal.kind is not SignalKind.PDQ:
            return False
        apart = int(signal.value, 16) ^ int.from_bytes(hash_, "big")
        return apart.bit_count() == distance

    return is_so_far


def _wordings(signals: Iterable[Signal], kind: SignalKind) -> list[Wording]:
    return [Wording(signal.id, signal.value) for signal in signals if signal.kind is kind]


def _differs(signal: Signal, known: Signal | None) -> bool:
    """Whether a signal must be indexed anew, not only its record changed."""
    return known is None or (signal.kind, signal.value) != (known.kind, known.value)
