"""A bank compiled to one file: its hashes and look-ups, in arrays that every process maps.

The file has no words: phrases and patterns are few, and searched another way. It has no records
either, only the numbers of signals; whoever keeps the signals tells the rest of those that are met.
"""

from array import array
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dutybound.matching.bank_index import exact_entries
from dutybound.matching.compiled import open_arrays, write_arrays
from dutybound.matching.index import base_of
from dutybound.matching.lookup import LookupIndex
from dutybound.matching.signals import Signal, SignalKind
from dutybound.matching.tables import HASH_BYTES

LAYOUT = "radius2 lookup1"
"""What the arrays are. Whoever changes how they are made or read changes its number."""

COMPILED_KINDS = frozenset(SignalKind) - {SignalKind.PHRASE, SignalKind.PATTERN}
"""Kinds of signals that such a file has."""


def arrays_of(signals: Iterable[Signal]) -> dict[str, NDArray[Any]]:
    """What a Base searches, of signals of COMPILED_KINDS; those of other kinds are passed over."""
    numbers, hashes = array("q"), bytearray()
    lookups, looked_up = LookupIndex(), list[tuple[int, int]]()
    for signal in signals:
        if signal.kind is SignalKind.PDQ:
            numbers.append(signal.id)
            hashes += bytes.fromhex(signal.value)
        else:
            looked_up += exact_entries((signal,))
    lookups.add(looked_up)
    pictures = np.frombuffer(hashes, dtype=np.uint8).reshape(-1, HASH_BYTES)
    radius = base_of(np.frombuffer(numbers, dtype=np.int64), pictures)
    return {**radius, **lookups.arrays()}


def compile_bank(path: Path, *, signals: Iterable[Signal], header: Mapping[str, Any]) -> None:
    """Write the arrays to a file, or replace it at once, and read it back.

    The header is the caller's, and must be JSON. Raises BadFile when what is on disk is not what
    was written, OSError when there is no room; then what was there before may be there still.
    """
    write_arrays(path, header=header, arrays=arrays_of(signals))
    open_arrays(path).check()
