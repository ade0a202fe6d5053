"""Go's golang.org/x/mod/sumdb, note and tlog, which this journal was not made for, verifies it."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dutybound.ledger.checkpoint import Checkpoint
from tests.foreign.conftest import Answer, Journal
from tests.library.ledger import test_tree as vectors
from tests.library.ledger.oracle import entries_of
from tests.library.ledger.published import KEY, ORIGIN, SIGNER, Paths
from tests.library.ledger.published import journal as written

pytestmark = [pytest.mark.foreign, pytest.mark.django_db]

Go = Callable[..., Answer]


def write(paths: Paths, folder: Path) -> Path:
    for path, content in paths.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def tiles_in(folder: Path) -> int:
    return sum(path.is_file() for path in folder.glob("tile/[0-9]*/**/*"))


def end_of_our_line(note: bytes) -> int:
    """Where the first line of signatures ends, which is of the key that all software knows."""
    return note.index(b"\n", note.index("\n— ".encode()) + 1)


def test_go_verifies_the_head_every_tile_and_every_entry(journal: Journal, go: Go) -> None:
    size = journal.heads[-1].size
    assert size > 600

    answer = go(journal.folder, key=journal.key)

    assert answer.verified, answer.words
    assert answer.words == f"verified: {size} entries, {tiles_in(journal.folder)} tiles"


def test_go_verifies_that_the_journal_grew_from_each_older_head(
    journal: Journal, go: Go, tmp_path: Path
) -> None:
    assert len(journal.heads) == 3
    for head in journal.heads:
        older = tmp_path / "older"
        older.write_text(head.note)

        answer = go(journal.folder, key=journal.key, since=older)

        assert answer.verified, answer.words
        assert answer.words.endswith(f"grown from {head.size}")


def test_go_refuses_a_turned_bit_in_any_file(journal: Journal, go: Go, tmp_path: Path) -> None:
    chosen = random.Random(6)
    folder = Path(shutil.copytree(journal.folder, tmp_path / "copy"))
    tiles = sorted(path for path in (folder / "tile").rglob("*") if path.is_file())
    for path in (folder / "checkpoint", *tiles):
        whole = path.read_bytes()
        # Go passes over lines of signers it was not told of, and over the spare bits of base64.
        last = end_of_our_line(whole) - 4 if path.name == "checkpoint" else len(whole)
        for at in chosen.sample(range(last), 4):
            changed = bytearray(whole)
            changed[at] ^= 1
            path.write_bytes(changed)

            assert not go(folder, key=journal.key, every=100).verified, f"byte {at} of {path}"
        path.write_bytes(whole)
    assert go(folder, key=journal.key).verified


def test_go_names_the_entry_that_was_changed(journal: Journal, go: Go, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(journal.folder, tmp_path / "copy"))
    bundle = folder / "tile/entries/001"
    bundle.write_bytes(bundle.read_bytes()[:-1] + b"?")

    assert go(folder, key=journal.key).words == "refused: entry 511 is not what the tree holds"


def test_go_refuses_another_key_and_another_history(tmp_path: Path, go: Go) -> None:
    old, forked = entries_of(300), [b"forged", *entries_of(600)[1:]]
    older = tmp_path / "older"
    older.write_bytes(written(old)["checkpoint"])
    folder = write(written(forked), tmp_path / "forked")

    assert go(folder, key=str(KEY)).verified
    assert not go(folder, key=str(KEY), since=older).verified
    assert not go(folder, key=str(KEY).replace("journal", "diary")).verified


def test_go_verifies_a_tree_of_three_levels(tmp_path: Path, go: Go) -> None:
    size = 256 * 256 + 300
    folder = write(written(entries_of(size)), tmp_path / "large")
    older = tmp_path / "older"
    older.write_bytes(written(entries_of(65_536))["checkpoint"])

    answer = go(folder, key=str(KEY), since=older, every=1009)

    assert answer.words == f"verified: {size} entries, {tiles_in(folder)} tiles, grown from 65536"


def test_go_verifies_the_published_vectors_as_we_lay_them_out(tmp_path: Path, go: Go) -> None:
    for size in range(1, len(vectors.ENTRIES) + 1):
        paths = written(vectors.ENTRIES[:size])
        root = bytes.fromhex(vectors.ROOTS[size])
        assert paths["checkpoint"] == Checkpoint(ORIGIN, size, root).signed(SIGNER).encode()

        assert go(write(paths, tmp_path / str(size)), key=str(KEY)).verified
