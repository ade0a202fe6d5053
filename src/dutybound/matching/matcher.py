"""Banks made searchable, and every match of one item with them.

One thread changes a matcher, under a lock of the caller's; any number may call `match` meanwhile.
A signal is in force exactly while its record is in its bank's `_signals`: it enters there after it
can be found, and leaves before it cannot.
"""

from collections.abc import Callable, Collection, Container, Iterable, Iterator
from dataclasses import dataclass

from dutybound.matching import links
from dutybound.matching.content import Content, MediaHashes
from dutybound.matching.index import RadiusIndex
from dutybound.matching.lookup import LookupIndex, fingerprint
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


class Matcher:
    """All banks of an installation, searched together."""

    def __init__(self) -> None:
        self._banks: dict[int, _BankIndex] = {}
        self._bank_of: dict[int, int] = {}

    def put_bank(self, key: int, bank: Bank) -> None:
        """Make a bank known, or change the settings of one that is; its signals stay."""
        known = self._banks.get(key)
        if known is not None and known.bank.leetspeak == bank.leetspeak:
            known.bank = bank
            return
        changed = _BankIndex(bank)
        changed.add(known.signals() if known else [])
        self._banks[key] = changed

    def drop_bank(self, key: int) -> None:
        """Forget a bank and its signals; a bank not known is passed over."""
        dropped = self._banks.pop(key, None)
        for signal in dropped.signals() if dropped else ():
            self._bank_of.pop(signal.id, None)

    def add(self, bank_key: int, signals: Iterable[Signal]) -> None:
        """Put signals in force. One whose id is known replaces the earlier one."""
        fresh = {signal.id: signal for signal in signals}
        self.remove([each for each in fresh if self._bank_of.get(each, bank_key) != bank_key])
        self._banks[bank_key].add(fresh.values())
        self._bank_of.update(dict.fromkeys(fresh, bank_key))

    def remove(self, signal_ids: Iterable[int]) -> None:
        """Put signals out of force; ids not known are passed over."""
        by_bank: dict[int, list[int]] = {}
        for signal_id in signal_ids:
            if (key := self._bank_of.pop(signal_id, None)) is not None:
                by_bank.setdefault(key, []).append(signal_id)
        for key, ids in by_bank.items():
            self._banks[key].remove(ids)

    def match(self, content: Content, *, banks: Container[int] | None = None) -> list[Match]:
        """Every signal the content meets: once for its words and links, once for each file."""
        looked_in = [(k, b) for k, b in self._banks.copy().items() if banks is None or k in banks]
        views = TextViews(content.text)
        told = _Told(links.links_told(content.text, content.links))
        return [
            match
            for key, index in looked_in
            for match in index.matches(content, key=key, views=views, told=told)
        ]


class _Told:
    """What the links of an item are looked up by: fingerprints, each with its kind and link."""

    def __init__(self, told: Iterable[str]) -> None:
        self.fingerprints: list[int] = []
        self.kinds_and_links: list[tuple[SignalKind, str]] = []
        for link in told:
            for kind, key in _keys_of_link(link):
                self.fingerprints.append(fingerprint(kind, key))
                self.kinds_and_links.append((kind, link))


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Where a signal was met, before it is told with its bank."""

    signal: int
    distance: int = 0
    variant: str = ""
    links: tuple[str, ...] = ()


class _BankIndex:
    """One bank's signals, by what they are compared with."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self._signals: dict[int, Signal] = {}
        self._pictures = RadiusIndex()
        self._phrases = PhraseIndex(leetspeak=bank.leetspeak)
        self._patterns = PatternIndex()
        self._exact = LookupIndex()

    def signals(self) -> Collection[Signal]:
        return list(self._signals.values())

    def add(self, signals: Collection[Signal]) -> None:
        known = {each.id: self._signals.get(each.id) for each in signals}
        fresh = [each for each in signals if _differs(each, known[each.id])]
        self.remove([each.id for each in fresh])
        self._pictures.add((s.id, bytes.fromhex(s.value)) for s in _of(fresh, SignalKind.PDQ))
        self._phrases.add([Wording(s.id, s.value) for s in _of(fresh, SignalKind.PHRASE)])
        self._patterns.add([Wording(s.id, s.value) for s in _of(fresh, SignalKind.PATTERN)])
        self._exact.add(_exact_entries(fresh))
        self._signals.update({each.id: each for each in signals})

    def remove(self, ids: Iterable[int]) -> None:
        gone = [self._signals.pop(each) for each in ids if each in self._signals]
        self._pictures.remove(s.id for s in _of(gone, SignalKind.PDQ))
        self._phrases.remove([s.id for s in _of(gone, SignalKind.PHRASE)])
        self._patterns.remove([s.id for s in _of(gone, SignalKind.PATTERN)])
        self._exact.remove(_exact_entries(gone))

    def matches(
        self, content: Content, *, key: int, views: TextViews, told: _Told
    ) -> Iterator[Match]:
        # The settings as they are now, for all of this content.
        bank = self.bank
        for media, met in self._meetings(content, bank=bank, views=views, told=told):
            signal = self._signals.get(met.signal)
            # It may be gone since it was met. One of known good content that may only flag must
            # not flag good content, and so does nothing.
            if signal and not (signal.flag_only and bank.effect is Effect.NEVER):
                yield _match(met, media=media, key=key, bank=bank, signal=signal)

    def _meetings(
        self, content: Content, *, bank: Bank, views: TextViews, told: _Told
    ) -> Iterator[tuple[str | None, _Meeting]]:
        for number in self._phrases.found_in(views) | self._patterns.found_in(views):
            yield None, _Meeting(number)
        for met in self._met_by_links(told):
            yield None, met
        for media in content.media:
            for met in self._met_by_media(media, bank):
                yield media.id, met

    def _met_by_links(self, told: _Told) -> Iterator[_Meeting]:
        met: dict[int, dict[str, None]] = {}
        for number, place in self._exact.find(told.fingerprints):
            kind, link = told.kinds_and_links[place]
            signal = self._signals.get(number)
            # Another value can have the same fingerprint.
            if signal and signal.kind is kind and _IS_MET[kind](link, signal.value):
                met.setdefault(number, {})[link] = None
        yield from (_Meeting(number, links=tuple(by)) for number, by in met.items())

    def _met_by_media(self, media: MediaHashes, bank: Bank) -> Iterator[_Meeting]:
        for kind, value in ((SignalKind.SHA256, media.sha256), (SignalKind.MD5, media.md5)):
            for number, _ in self._exact.find([fingerprint(kind, value.encode())]):
                signal = self._signals.get(number)
                if signal and (signal.kind, signal.value) == (kind, value):
                    yield _Meeting(number)
        nearest: dict[int, _Meeting] = {}
        for frame in media.frames:
            if frame.quality < LEAST_QUALITY:
                continue
            hashes = frame.hashes if bank.any_orientation else frame.hashes[:1]
            for number, distance, place in self._pictures.search(hashes, bank.threshold):
                if number not in nearest or distance < nearest[number].distance:
                    nearest[number] = _Meeting(number, distance, ORIENTATIONS[place])
        yield from nearest.values()


def _match(met: _Meeting, *, media: str | None, key: int, bank: Bank, signal: Signal) -> Match:
    return Match(
        media=media,
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


_LOOKED_UP_BY: dict[SignalKind, Callable[[str], str]] = {
    SignalKind.URL: links.address,
    SignalKind.URL_PREFIX: links.address,
    SignalKind.HOST: str,
    SignalKind.DOMAIN: str,
    SignalKind.SHA256: str,
    SignalKind.MD5: str,
}
_IS_MET: dict[SignalKind, Callable[[str, str], bool]] = {
    SignalKind.URL: links.is_same_address,
    SignalKind.URL_PREFIX: links.is_below,
    SignalKind.HOST: links.is_on_host,
    SignalKind.DOMAIN: links.is_in_domain,
}


def _exact_entries(signals: Iterable[Signal]) -> Iterator[tuple[int, int]]:
    """Number and fingerprint of the signals that are not searched for, but looked up."""
    for signal in signals:
        if (form := _LOOKED_UP_BY.get(signal.kind)) is not None:
            yield signal.id, fingerprint(signal.kind, form(signal.value).encode())


def _keys_of_link(link: str) -> Iterator[tuple[SignalKind, bytes]]:
    """What a link can be looked up by."""
    host = links.host_of(link)
    yield SignalKind.URL, links.address(link).encode()
    yield SignalKind.HOST, host.encode()
    if (domain := links.registered_domain(host)) is not None:
        yield SignalKind.DOMAIN, domain.encode()
    for prefix in links.prefixes(link):
        yield SignalKind.URL_PREFIX, prefix


def _of(signals: Iterable[Signal], kind: SignalKind) -> list[Signal]:
    return [signal for signal in signals if signal.kind is kind]


def _differs(signal: Signal, known: Signal | None) -> bool:
    """Whether a signal must be indexed anew, not only its record changed."""
    return known is None or (signal.kind, signal.value) != (known.kind, known.value)
