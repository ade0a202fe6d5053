import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from click.testing import CliRunner
from django.conf import LazySettings

from dutybound_server.items.blobs import delete_blob, open_blob, store_blob
from dutybound_server.journal.models import Entry
from dutybound_server.lib.sealed import CannotOpen, keys_from_text, seal, unseal
from dutybound_server.people.models import Account
from dutybound_server.project.actions import rotation
from dutybound_server.project.commands.rotate import rotate
from tests.cast import NOW, Cast

PICTURE = b"a picture of more than one chunk " * 5000


@pytest.fixture
def ring(settings: LazySettings, tmp_path: Path) -> Path:
    """A key file of its own with the key of the tests."""
    file = tmp_path / "keys" / "content.key"
    file.parent.mkdir()
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CONTENT_KEYS_FILE = file
    rotation.write_ring(file, settings.CONTENT_KEYS)
    return file


@pytest.fixture
def blob(ring: Path) -> Iterator[str]:
    name = store_blob(io.BytesIO(PICTURE))
    yield name
    delete_blob(name)


def test_everything_stored_is_read_by_the_new_key_alone(
    cast: Cast, ring: Path, blob: str, settings: LazySettings
) -> None:
    old = settings.CONTENT_KEYS[0].id
    factor = Authenticator.objects.get(user=cast.mo, type="totp")
    secret = decrypt(factor.data["secret"])

    rotation.add_key(ring, now=NOW)
    assert old in rotation.ids_in_use()
    done = sum(rotation.reseal_all())
    assert rotation.ids_in_use() == {settings.CONTENT_KEYS[0].id}
    assert rotation.drop_unneeded_keys(ring, now=NOW) == 1

    assert done >= 2 + 8 + 1
    assert len(settings.CONTENT_KEYS) == 1
    kinds = Entry.objects.filter(subject="content_key").order_by("id")
    assert list(kinds.values_list("kind", flat=True)) == [
        "content_key.added",
        "content_key.dropped",
    ]
    assert Account.objects.get(id=cast.bram.pk).email == "bram@example.com"
    factor.refresh_from_db()
    assert decrypt(factor.data["secret"]) == secret
    with open_blob(blob) as file:
        assert file.read() == PICTURE
    assert sum(rotation.reseal_all()) == 0


def test_the_command_says_when_dutybound_may_serve(cast: Cast, ring: Path) -> None:
    added = CliRunner().invoke(rotate, [])
    dropped = CliRunner().invoke(rotate, ["--drop-old"])

    assert "may serve meanwhile" in added.output
    assert dropped.output.endswith("Dutybound may be started again.\n")


def test_a_rotation_that_was_killed_goes_on_where_it_stopped(
    cast: Cast, ring: Path, blob: str, settings: LazySettings
) -> None:
    rotation.add_key(ring, now=NOW)
    steps = rotation.reseal_all()
    next(steps)
    del steps

    list(rotation.reseal_all())

    assert rotation.ids_in_use() == {settings.CONTENT_KEYS[0].id}


def test_a_process_that_runs_meanwhile_learns_the_new_key_from_the_file(
    db: None, ring: Path, settings: LazySettings
) -> None:
    old_ring = settings.CONTENT_KEYS
    rotation.add_key(ring, now=NOW)
    written = seal(b"by another process")
    settings.CONTENT_KEYS = old_ring

    assert unseal(written) == b"by another process"
    assert len(settings.CONTENT_KEYS) == 2


def test_a_key_that_is_in_no_ring_is_said_to_be_missing(ring: Path) -> None:
    with pytest.raises(CannotOpen, match="no content key has the id 7a7a7a7a"):
        unseal(b"zzzz" + bytes(40))


def test_the_ring_file_is_only_for_its_owner_and_the_newest_comes_first(
    db: None, ring: Path, settings: LazySettings
) -> None:
    rotation.add_key(ring, now=NOW)

    assert ring.stat().st_mode & 0o077 == 0
    assert keys_from_text(ring.read_text()) == settings.CONTENT_KEYS
    assert list(ring.parent.iterdir()) == [ring]
