"""Signals as they are offered to a bank, and what makes one fit to be kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dutybound.matching import BadSignal, SignalKind, clean_value
from dutybound.matching.signals import MAX_VALUE_CHARACTERS
from dutybound_server.banks.checks import is_text

LONGEST_VALUE_BYTES = 2048
"""What fits into an index of PostgreSQL, whatever the alphabet."""
LONGEST_WORD = 200
MOST_TAGS = 20


@dataclass(frozen=True, slots=True)
class NewSignal:
    """A signal as it is offered to a bank; its value is not canonical yet."""

    kind: str
    value: str
    source_record: str = ""
    tags: tuple[str, ...] = ()


class BadNewSignal(BadSignal):
    """One of several offered signals is wrong; `position` counts from 0."""

    def __init__(self, position: int, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.position = position
        self.field = field


def cleaned(signals: Iterable[NewSignal], *, leetspeak: bool) -> Iterator[NewSignal]:
    """Each with its value in the stored form; raises BadNewSignal at the first wrong one."""
    for position, signal in enumerate(signals):
        yield clean_one(signal, position=position, leetspeak=leetspeak)


def clean_one(signal: NewSignal, *, position: int, leetspeak: bool) -> NewSignal:
    """One signal with its value in the stored form; raises BadNewSignal."""
    if signal.kind not in set(SignalKind):
        kinds = ", ".join(SignalKind)
        raise BadNewSignal(position, "kind", f"expected one of {kinds}; got {signal.kind!r:.40}")
    kind = SignalKind(signal.kind)
    if not is_text(signal.value, longest=MAX_VALUE_CHARACTERS):
        expected = f"expected at most {MAX_VALUE_CHARACTERS} characters, none of them NUL"
        raise BadNewSignal(position, "value", expected)
    try:
        value = clean_value(kind, signal.value, leetspeak=leetspeak)
    except BadSignal as error:
        raise BadNewSignal(position, "value", str(error)) from None
    if len(value.encode()) > LONGEST_VALUE_BYTES:
        expected = f"expected at most {LONGEST_VALUE_BYTES} bytes of UTF-8"
        raise BadNewSignal(position, "value", expected)
    if not is_text(signal.source_record, longest=LONGEST_WORD):
        expected = f"expected at most {LONGEST_WORD} characters"
        raise BadNewSignal(position, "source_record", expected)
    fit = all(is_text(tag, longest=LONGEST_WORD) for tag in signal.tags)
    if len(signal.tags) > MOST_TAGS or not fit:
        expected = f"expected at most {MOST_TAGS} tags of {LONGEST_WORD} characters"
        raise BadNewSignal(position, "tags", expected)
    return NewSignal(kind, value, signal.source_record, signal.tags)
