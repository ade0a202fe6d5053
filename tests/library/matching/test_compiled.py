"""A compiled file is whole, or it is refused by name."""

import gc
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from dutybound.matching import compiled
from dutybound.matching.compiled import ALIGNMENT, BadFile, open_arrays, write_arrays

ARRAYS: dict[str, NDArray[Any]] = {
    "words": np.arange(21, dtype=np.uint64).reshape(7, 3),
    "none": np.empty((0, 4), dtype=np.int64),
    "short": np.array([7], dtype=np.uint16),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "bank.compiled"
    write_arrays(path, header={"as_of": 12, "bank": "Ridge ✓"}, arrays=ARRAYS)
    return path


def refusal(path: Path) -> str:
    """Why opening and checking a file is refused."""
    with pytest.raises(BadFile) as raised:
        open_arrays(path).check()
    assert str(path) in str(raised.value)
    return str(raised.value)


def test_what_is_written_is_what_is_read(path: Path) -> None:
    opened = open_arrays(path)
    opened.check()

    assert opened.header == {"as_of": 12, "bank": "Ridge ✓"}
    assert list(opened.arrays) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert opened.arrays[name].dtype == array.dtype
        assert opened.arrays[name].tolist() == array.tolist()
        assert opened.arrays[name].ctypes.data % ALIGNMENT == 0


def test_what_is_mapped_cannot_be_written_to(path: Path) -> None:
    words = open_arrays(path).arrays["words"]

    with pytest.raises(ValueError, match="read-only"):
        words[0, 0] = 1


def test_a_file_cut_short_anywhere_is_refused(path: Path) -> None:
    size = path.stat().st_size

    for length in [size - 1, *range(size - ALIGNMENT, 0, -ALIGNMENT), 41, 40, 39, 7, 1, 0]:
        path.write_bytes(path.read_bytes()[:length])
        assert "too short" in refusal(path) or "bytes long instead of" in refusal(path)


def test_a_file_that_grew_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")

    assert "bytes long instead of" in refusal(path)


def test_a_byte_changed_anywhere_is_found(path: Path) -> None:
    whole = path.read_bytes()
    reasons = set()

    for place in range(0, len(whole), 5):
        with path.open("r+b") as file:
            file.seek(place)
            file.write(bytes([whole[place] ^ 0x10]))
        reasons.add(re.sub(r"\d+", "#", refusal(path).removeprefix(f"{path}: ")))
        path.write_bytes(whole)

    assert reasons == {
        "not a compiled file",
        "version # of the format; this program reads #",
        "# bytes long instead of #",
        "the head does not have its checksum",
        "array 'words' does not have its checksum",
        "array 'short' does not have its checksum",
    }


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "photo.jpg"
    other.write_bytes(b"\xff\xd8" + bytes(100))

    assert "not a compiled file" in refusal(other)


@pytest.mark.parametrize("array", [np.array([{}], dtype=object), np.array(["a"])])
def test_only_numbers_are_written(tmp_path: Path, array: NDArray[Any]) -> None:
    with pytest.raises(ValueError, match="no plain number"):
        write_arrays(tmp_path / "bank", header={}, arrays={"a": array})

    assert list(tmp_path.iterdir()) == []


def test_a_writer_that_fails_leaves_the_old_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(number: int) -> None:
        raise OSError("no room")

    monkeypatch.setattr("os.fsync", fail)

    with pytest.raises(OSError, match="no room"):
        write_arrays(path, header={"as_of": 13}, arrays={})

    assert open_arrays(path).header["as_of"] == 12
    assert list(path.parent.iterdir()) == [path]


def test_what_a_dead_writer_left_is_swept_and_what_a_live_one_writes_is_not(path: Path) -> None:
    dead = path.parent / f".{path.name}.dead{compiled.UNFINISHED}"
    dead.write_bytes(b"half a file")

    with compiled._unfinished(path) as file:
        file.write(b"being written")
        write_arrays(path, header={"as_of": 13}, arrays={})
        left = [each.name for each in path.parent.iterdir() if each != path]

    assert len(left) == 1
    assert not dead.exists()


@pytest.mark.parametrize(
    "end", [Path.unlink, lambda path: write_arrays(path, header={}, arrays={})]
)
def test_arrays_outlive_the_name_of_their_file(path: Path, end: Callable[[Path], None]) -> None:
    words = open_arrays(path).arrays["words"]

    end(path)
    gc.collect()

    assert words.tolist() == ARRAYS["words"].tolist()
