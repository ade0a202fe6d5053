"""Phrases and patterns of one bank, and which of them a text holds."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ahocorasick_rs import AhoCorasick, MatchKind

from dutybound.matching import words
from dutybound.matching.patterns import Pattern, compile_pattern

_MOST_FRESH = 500
# Other threads wait while an automaton is built: some 30 ms for this many.
_MOST_IN_ONE = 20_000


class TextViews:
    """The forms of one text, made when first asked for."""

    def __init__(self, text: str) -> None:
        # Half of a surrogate pair is no character, and no engine takes it.
        self.text = text.encode(errors="replace").decode()

    @cached_property
    def _forms(self) -> tuple[str, str]:
        return words.forms(self.text)

    @cached_property
    def usual(self) -> tuple[str, ...]:
        """As words are compared in most banks."""
        return words.views(*self._forms, leetspeak=False) if self.text else ()

    @cached_property
    def with_leetspeak(self) -> tuple[str, ...]:
        """As words are compared in banks that read leetspeak."""
        return words.views(*self._forms, leetspeak=True) if self.text else ()

    @cached_property
    def for_patterns(self) -> tuple[bytes, ...]:
        """As patterns see a text: as it was written, and with its disguises taken off."""
        seen = dict.fromkeys((self.text, *self._forms))
        return tuple(view.encode() for view in seen if view)


@dataclass(frozen=True, slots=True)
class Wording:
    """A stored phrase or pattern under the number of its signal."""

    number: int
    value: str


_Forms = list[tuple[str, Wording]]


class _Automaton:
    """Some phrases in all forms in which they may stand in a text's views."""

    def __init__(self, forms: _Forms) -> None:
        self.forms = forms
        self._search = AhoCorasick([form for form, _ in forms], matchkind=MatchKind.Standard)

    def found_in(self, view: str) -> Iterator[Wording]:
        for place, start, end in self._search.find_matches_as_indexes(view, overlapping=True):
            if words.stands_alone(view, start, end):
                yield self.forms[place][1]


class PhraseIndex:
    """Finds phrases as whole words. One writer, any number of readers.

    An automaton cannot be changed, and readers wait while one is built. So new phrases go into a
    small one that is built anew each time, and from there into large ones of a limited size. A
    removed phrase stays in its automaton and is passed over, until it is built anew.
    """

    def __init__(self, *, leetspeak: bool) -> None:
        self._leetspeak = leetspeak
        self._live: dict[int, str] = {}
        self._fresh: _Forms = []
        self._settled: tuple[_Automaton, ...] = ()
        self._automata: tuple[_Automaton, ...] = ()

    def add(self, phrases: Collection[Wording]) -> None:
        """Make phrases findable; each number is new."""
        if not phrases:
            return
        self._live.update((phrase.number, phrase.value) for phrase in phrases)
        self._fresh = [each for each in self._fresh if self._is_live(each[1])]
        self._fresh += self._forms(phrases)
        if len(self._fresh) > _MOST_FRESH:
            self._settled, self._fresh = self._with_fresh_settled(), []
        fresh = [_Automaton(self._fresh)] if self._fresh else []
        self._automata = (*self._settled, *fresh)

    def _with_fresh_settled(self) -> tuple[_Automaton, ...]:
        """The large automata, those with room built anew with what is fresh."""
        kept, moved = [], self._fresh
        for automaton in self._settled:
            live = [each for each in automaton.forms if self._is_live(each[1])]
            if len(live) > _MOST_IN_ONE // 2 and len(live) + len(moved) > _MOST_IN_ONE:
                kept.append(automaton)
            else:
                moved = [*live, *moved]
        starts = range(0, len(moved), _MOST_IN_ONE)
        return (*kept, *(_Automaton(moved[start : start + _MOST_IN_ONE]) for start in starts))

    def _forms(self, wordings: Iterable[Wording]) -> _Forms:
        return [
            (form, wording)
            for wording in wordings
            for form in words.forms_of_phrase(wording.value, leetspeak=self._leetspeak)
        ]

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
            for wording in automaton.found_in(view)
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
