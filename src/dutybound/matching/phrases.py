"""Phrases and patterns of one bank, and which of them a text holds."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from ahocorasick_rs import AhoCorasick, MatchKind

from dutybound.matching import words
from dutybound.matching.patterns import Pattern, compile_pattern

_MOST_FRESH = 1000


class TextViews:
    """The forms of one text, made when first asked for."""

    def __init__(self, text: str) -> None:
        # Half of a surrogate pair is no character, and no engine takes it.
        self.text = text.encode(errors="replace").decode()

    @cached_property
    def usual(self) -> tuple[str, ...]:
        """As words are compared in most banks."""
        return words.views(self.text, leetspeak=False) if self.text else ()

    @cached_property
    def with_leetspeak(self) -> tuple[str, ...]:
        """As words are compared in banks that read leetspeak."""
        return words.views(self.text, leetspeak=True) if self.text else ()

    @cached_property
    def for_patterns(self) -> tuple[bytes, ...]:
        """As patterns see a text: as it was written, and with its disguises taken off."""
        seen = dict.fromkeys((self.text, words.plain(self.text), words.unmasked(self.text)))
        return tuple(view.encode() for view in seen if view)


@dataclass(frozen=True, slots=True)
class Wording:
    """A stored phrase or pattern under the number of its signal."""

    number: int
    value: str


@dataclass(frozen=True, slots=True)
class _Automaton:
    search: AhoCorasick
    wordings: tuple[Wording, ...]


class PhraseIndex:
    """Finds phrases as whole words. One writer, any number of readers.

    An automaton cannot be changed, so new phrases go into a small second one that is rebuilt each
    time, until it has grown enough to be merged. A removed phrase stays in its automaton and is
    passed over.
    """

    def __init__(self, *, leetspeak: bool) -> None:
        self._leetspeak = leetspeak
        self._live: dict[int, str] = {}
        self._fresh: list[Wording] = []
        self._settled = _automaton([], leetspeak=leetspeak)
        self._automata: tuple[_Automaton, ...] = (self._settled,)

    def add(self, phrases: Collection[Wording]) -> None:
        """Make phrases findable; each number is new."""
        if not phrases:
            return
        self._live.update((phrase.number, phrase.value) for phrase in phrases)
        self._fresh = [each for each in (*self._fresh, *phrases) if self._is_live(each)]
        if len(self._fresh) > _MOST_FRESH:
            every = [Wording(*each) for each in self._live.items()]
            self._settled, self._fresh = _automaton(every, leetspeak=self._leetspeak), []
        fresh = _automaton(self._fresh, leetspeak=self._leetspeak)
        self._automata = (self._settled, fresh)

    def remove(self, numbers: Collection[int]) -> None:
        """Make phrases unfindable."""
        for number in numbers:
            self._live.pop(number, None)

    def found_in(self, views: TextViews) -> set[int]:
        """Numbers of the phrases a text holds."""
        looked_at = views.with_leetspeak if self._leetspeak else views.usual
        return {
            wording.number
            for automaton in self._automata
            for view in looked_at
            for wording in _found(automaton, view)
            if self._is_live(wording)
        }

    def _is_live(self, wording: Wording) -> bool:
        return self._live.get(wording.number) == wording.value


class PatternIndex:
    """Finds patterns. One writer, any number of readers."""

    def __init__(self) -> None:
        self._patterns: dict[int, Pattern] = {}

    def add(self, patterns: Collection[Wording]) -> None:
        """Make patterns findable."""
        for pattern in patterns:
            self._patterns[pattern.number] = compile_pattern(pattern.value)

    def remove(self, numbers: Collection[int]) -> None:
        """Make patterns unfindable."""
        for number in numbers:
            self._patterns.pop(number, None)

    def found_in(self, views: TextViews) -> set[int]:
        """Numbers of the patterns a text holds."""
        if not self._patterns:
            return set()
        return {
            number
            for number, pattern in self._patterns.copy().items()
            if any(pattern.search(view) for view in views.for_patterns)
        }


def _automaton(wordings: Collection[Wording], *, leetspeak: bool) -> _Automaton:
    forms = [
        (form, wording)
        for wording in wordings
        for form in words.forms_of_phrase(wording.value, leetspeak=leetspeak)
    ]
    search = AhoCorasick([form for form, _ in forms], matchkind=MatchKind.Standard)
    return _Automaton(search, tuple(wording for _, wording in forms))


def _found(automaton: _Automaton, view: str) -> Iterator[Wording]:
    for place, start, end in automaton.search.find_matches_as_indexes(view, overlapping=True):
        if words.stands_alone(view, start, end):
            yield automaton.wordings[place]
