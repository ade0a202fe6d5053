"""Banks made searchable, and every match of one item with them.

One thread changes a matcher, under a lock of the caller's; any number may call `match` meanwhile.
"""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable

from dutybound.matching import links
from dutybound.matching.bank_index import BankIndex, Base, Match, Told
from dutybound.matching.content import Content
from dutybound.matching.phrases import TextViews
from dutybound.matching.signals import Bank, Signal


class Matcher:
    """All banks of an installation, searched together. A signal stays in the bank it came to."""

    def __init__(self) -> None:
        self._banks: dict[int, BankIndex] = {}
        self._bank_of: dict[int, int] = {}

    def put_bank(self, key: int, bank: Bank) -> None:
        """Make a bank known, or change the settings of one that is; its signals stay."""
        if (known := self._banks.get(key)) is not None:
            known.change(bank)
        else:
            self._banks[key] = BankIndex(bank)

    def put_bank_on_base(
        self, key: int, bank: Bank, base: Base, *, signals: Collection[Signal], gone: Iterable[int]
    ) -> None:
        """Make a bank known by a base and what came after it, in place of what was known of it.

        `signals` are those in force that the base has not, or not as they are now; `gone` are
        those it has that are no longer in force. Readers see the bank as it was, or all of this.
        """
        index = BankIndex(bank, base)
        index.add(signals)
        index.remove(gone)
        before = self._banks.get(key)
        self._banks[key] = index
        self._disown(before)
        self._bank_of.update((signal.id, key) for signal in signals)

    def drop_bank(self, key: int) -> None:
        """Forget a bank and its signals; a bank not known is passed over."""
        self._disown(self._banks.pop(key, None))

    def add(self, bank_key: int, signals: Iterable[Signal]) -> None:
        """Put signals in force. One whose id is known replaces the earlier one."""
        fresh = {signal.id: signal for signal in signals}
        self.remove([each for each in fresh if self._bank_of.get(each, bank_key) != bank_key])
        self._banks[bank_key].add(fresh.values())
        self._bank_of.update(dict.fromkeys(fresh, bank_key))

    def remove(self, signal_ids: Iterable[int]) -> None:
        """Put signals out of force; ids not known are passed over."""
        by_bank: defaultdict[int, list[int]] = defaultdict(list)
        with_base = [key for key, index in self._banks.items() if index.base is not None]
        for signal_id in signal_ids:
            owner = self._bank_of.pop(signal_id, None)
            for key in with_base if owner is None else [owner]:
                by_bank[key].append(signal_id)
        for key, ids in by_bank.items():
            self._banks[key].remove(ids)

    def match(
        self, content: Content, *, banks: Container[int] | None = None, margin: int = 0
    ) -> list[Match]:
        """Every signal the content meets: once for its words and links, once for each file.

        With a margin, pictures meet those so many bits beyond each bank's threshold too.
        """
        looked_in = [(k, b) for k, b in self._banks.copy().items() if banks is None or k in banks]
        views = TextViews(content.text)
        told = Told(links.links_told(content.text, content.links))
        return [
            match
            for key, index in looked_in
            for match in index.matches(content, key=key, views=views, told=told, margin=margin)
        ]

    def _disown(self, index: BankIndex | None) -> None:
        for signal in index.signals() if index else ():
            self._bank_of.pop(signal.id, None)
