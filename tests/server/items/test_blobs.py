"""Stored media come back whole, and a stored file that was touched does not open."""

import io
from pathlib import Path

import pytest
from django.core.files.storage import storages
from pytest_django import Settings

from dutybound_server.items.blobs import (
    CHUNK,
    HEADER_BYTES,
    SEALED_CHUNK,
    delete_blob,
    open_blob,
    store_blob,
)
from dutybound_server.lib.sealed import CannotOpen, Key

LONG = bytes(range(256)) * 1000  # four chunks, the last one part full


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def read(name: str) -> bytes:
    with open_blob(name) as file:
        return bytes(file.read())


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_a_file_of_any_size_comes_back_whole(folder: Path, size: int) -> None:
    content = (LONG * 2)[:size]

    name = store_blob(io.BytesIO(content))

    assert read(name) == content
    assert storages["media"].size(name) == size


def test_nothing_of_the_content_is_on_the_disk(folder: Path) -> None:
    name = store_blob(io.BytesIO(b"zonk " * 100))

    assert b"zonk" not in (folder / name).read_bytes()
    assert list(folder.rglob("*.part")) == []


def test_a_part_can_be_read_from_any_position(folder: Path) -> None:
    name = store_blob(io.BytesIO(LONG))

    with open_blob(name) as file:
        file.seek(CHUNK - 3)
        assert file.read(6) == LONG[CHUNK - 3 : CHUNK + 3]
        file.seek(-4, io.SEEK_END)
        assert file.read() == LONG[-4:]


def _cut_short(stored: bytes) -> bytes:
    return stored[: HEADER_BYTES + 2 * SEALED_CHUNK]


def _two_chunks_swapped(stored: bytes) -> bytes:
    start, middle, end = (HEADER_BYTES + n * SEALED_CHUNK for n in range(3))
    return stored[:start] + stored[middle:end] + stored[start:middle] + stored[end:]


def _one_bit_changed(stored: bytes) -> bytes:
    return stored[:100] + bytes([stored[100] ^ 1]) + stored[101:]


def _lengthened(stored: bytes) -> bytes:
    return stored + b"more"


@pytest.mark.parametrize("touch", [_cut_short, _two_chunks_swapped, _one_bit_changed, _lengthened])
def test_a_file_that_was_touched_does_not_open(folder: Path, touch: object) -> None:
    name = store_blob(io.BytesIO(LONG))
    path = folder / name
    assert callable(touch)
    path.write_bytes(touch(path.read_bytes()))

    with pytest.raises(CannotOpen):
        read(name)


def test_a_file_in_the_place_of_another_does_not_open(folder: Path) -> None:
    one, other = store_blob(io.BytesIO(b"one")), store_blob(io.BytesIO(b"other"))
    (folder / one).replace(folder / other)

    with pytest.raises(CannotOpen):
        read(other)


def test_an_old_key_still_reads_what_it_wrote(folder: Path, settings: Settings) -> None:
    name = store_blob(io.BytesIO(LONG))

    settings.CONTENT_KEYS = (Key(b"n" * 32), *settings.CONTENT_KEYS)
    assert read(name) == LONG

    settings.CONTENT_KEYS = settings.CONTENT_KEYS[:1]
    with pytest.raises(CannotOpen, match="no content key"):
        read(name)


def test_deleting_twice_is_fine(folder: Path) -> None:
    name = store_blob(io.BytesIO(b"x"))

    delete_blob(name)
    delete_blob(name)

    assert not (folder / name).exists()
