"""Named arrays in one file that every process maps, whole under its name or not there at all.

    magic, version, length of the head, length of the file, checksum of these and of the head
    the head: JSON that holds the caller's header, and where each array lies
    the arrays, each from a multiple of 64 bytes on, with zeros after it up to the next

Numbers are little-endian. A reader keeps what it has mapped when the name is given to another file
or removed: it sees the old arrays, unchanged, until it lets them go. A file must never be written
to in place, only replaced.
"""

import fcntl
import json
import math
import mmap
import os
import struct
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_128, xxh3_128_digest

Array = NDArray[Any]

MAGIC = b"dutybank"
VERSION = 1
ALIGNMENT = 64
UNFINISHED = ".unfinished"

_FIXED = struct.Struct("<8sIIQ16s")
_BEFORE_CHECKSUM = _FIXED.size - 16
_KINDS = frozenset("biuf")


class BadFile(Exception):
    """A compiled file that cannot be used; the message names it and says what is wrong."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A file that is open: the caller's header, and arrays that can only be read."""

    path: Path
    header: Mapping[str, Any]
    arrays: Mapping[str, Array]
    _regions: Mapping[str, tuple[memoryview, str]]

    def check(self) -> None:
        """Read everything once, and raise BadFile if a byte is not what was written."""
        for name, (region, checksum) in self._regions.items():
            if xxh3_128(region).hexdigest() != checksum:
                raise BadFile(f"{self.path}: array {name!r} does not have its checksum")


def write_arrays(path: Path, *, header: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Make the file, or replace it at once when all is on disk. The header must be JSON.

    It is written under another name in the same folder. What earlier writers left unfinished
    there when they died is removed. OSError, with nothing changed, if there is no room.
    """
    head, size = _head(header, arrays)
    _sweep(path)
    with _unfinished(path) as file:
        file.write(head)
        for array in arrays.values():
            file.write(_bytes_of(array))
            file.write(bytes(-array.nbytes % ALIGNMENT))
        if file.tell() != size:
            raise RuntimeError(f"{path}: wrote {file.tell()} bytes instead of {size}")


def open_arrays(path: Path) -> Compiled:
    """Map a file. It costs milliseconds: the arrays are compared with checksums by `check`.

    Raises BadFile for a file that is not whole, OSError if there is none.
    """
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size < _FIXED.size:
            raise BadFile(f"{path}: too short to be a compiled file")
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    told = _read_head(path, mapped)
    view = memoryview(mapped)
    places = told["arrays"]
    return Compiled(
        path=path,
        header=told["header"],
        arrays={name: _array(mapped, place) for name, place in places.items()},
        _regions={
            name: (view[place["offset"] :][: _padded(_bytes_in(place))], place["checksum"])
            for name, place in places.items()
        },
    )


def _head(header: Mapping[str, Any], arrays: Mapping[str, Array]) -> tuple[bytes, int]:
    """The start of the file up to the first array, and how long the whole will be."""
    places = {name: _described(name, array) for name, array in arrays.items()}
    # The offsets are as wide as they may get, so that the head's length does not hang on them.
    width = _FIXED.size + len(_as_json(header, places)) + 20 * len(places)
    offset = start = _padded(width)
    for place in places.values():
        place["offset"] = offset
        offset += _padded(_bytes_in(place))
    text = _as_json(header, places).ljust(start - _FIXED.size)
    counted = struct.pack("<8sIIQ", MAGIC, VERSION, len(text), offset)
    return counted + xxh3_128_digest(counted + text) + text, offset


def _described(name: str, array: Array) -> dict[str, Any]:
    if array.dtype.kind not in _KINDS or not array.dtype.isnative:
        raise ValueError(f"array {name!r}: {array.dtype} is no plain number of this machine")
    checksum = xxh3_128(_bytes_of(array))
    checksum.update(bytes(-array.nbytes % ALIGNMENT))
    return {
        "dtype": array.dtype.str.replace("=", "<"),
        "shape": list(array.shape),
        "offset": 0,
        "checksum": checksum.hexdigest(),
    }


def _as_json(header: Mapping[str, Any], places: Mapping[str, Any]) -> bytes:
    return json.dumps({"header": dict(header), "arrays": places}, allow_nan=False).encode()


def _read_head(path: Path, mapped: mmap.mmap) -> dict[str, Any]:
    magic, version, length, size, checksum = _FIXED.unpack_from(mapped)
    if magic != MAGIC:
        raise BadFile(f"{path}: not a compiled file")
    if version != VERSION:
        raise BadFile(f"{path}: version {version} of the format; this program reads {VERSION}")
    if size != len(mapped):
        raise BadFile(f"{path}: {len(mapped)} bytes long instead of {size}")
    text = mapped[_FIXED.size : _FIXED.size + length]
    if xxh3_128_digest(mapped[:_BEFORE_CHECKSUM] + text) != checksum:
        raise BadFile(f"{path}: the head does not have its checksum")
    told: dict[str, Any] = json.loads(text)
    return told


def _array(mapped: mmap.mmap, place: Mapping[str, Any]) -> Array:
    # The array holds on to the mapping, and the mapping to the file, whatever becomes of its name.
    return np.ndarray(place["shape"], place["dtype"], buffer=mapped, offset=place["offset"])


def _bytes_in(place: Mapping[str, Any]) -> int:
    items: int = math.prod(place["shape"])
    return items * int(np.dtype(place["dtype"]).itemsize)


def _bytes_of(array: Array) -> memoryview:
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def _padded(size: int) -> int:
    return size + -size % ALIGNMENT


@contextmanager
def _unfinished(path: Path) -> Iterator[IO[bytes]]:
    """A file beside `path` that takes its name, safe on disk, unless writing it fails."""
    prefix = f".{path.name}."
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=prefix, suffix=UNFINISHED, delete=False
    ) as file:
        try:
            # Held until this process closes it or dies: by this a sweeper tells which of the two.
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file.file
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder last through a power cut."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _sweep(path: Path) -> None:
    """Remove what writers of this file left unfinished when they died."""
    for left in path.parent.glob(f".{path.name}.*{UNFINISHED}"):
        with suppress(FileNotFoundError, BlockingIOError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()
