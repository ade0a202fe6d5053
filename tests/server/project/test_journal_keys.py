"""The journal's keys: made once, added where they are new, replaced, and lost."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from dutybound.cli.verify_journal import reader
from dutybound.ledger.notes import Signer, open_note, verifier_key
from dutybound.ledger.verify import verify_journal
from dutybound_server.journal import actions
from dutybound_server.journal.actions import CannotSeal, seal
from dutybound_server.journal.export import export_journal
from dutybound_server.journal.models import Checkpoint, Entry, KeyChange
from dutybound_server.journal.queries import journal_key, journal_signers
from dutybound_server.project.actions import journal_keys
from dutybound_server.project.commands import rotate_journal_key as module
from dutybound_server.project.commands.rotate_journal_key import rotate_journal_key
from dutybound_server.project.keys import JOURNAL, JOURNAL_MLDSA, keys_in, pem_of
from tests.server.journal.story import NOW, entries, take_the_guards_away, the_head

# The folder


def test_a_new_folder_has_both_keys_and_only_we_may_read_them(tmp_path: Path) -> None:
    made = keys_in(tmp_path)

    assert keys_in(tmp_path).journal_mldsa.private_bytes_raw() == (
        made.journal_mldsa.private_bytes_raw()
    )
    for file in (tmp_path / "keys").iterdir():
        assert file.stat().st_mode & 0o77 == 0


def test_a_folder_of_an_earlier_version_gets_the_second_key_and_keeps_the_first(
    tmp_path: Path,
) -> None:
    before = keys_in(tmp_path).journal.private_bytes_raw()
    (tmp_path / "keys" / JOURNAL_MLDSA).unlink()

    after = keys_in(tmp_path)

    assert after.journal.private_bytes_raw() == before
    assert (tmp_path / "keys" / JOURNAL_MLDSA).stat().st_mode & 0o77 == 0
    assert sorted(file.name for file in (tmp_path / "keys").iterdir()) == [
        "content.key", "django.key", JOURNAL_MLDSA, JOURNAL,
    ]  # fmt: skip


def test_a_second_key_that_is_none_is_refused_by_its_name(tmp_path: Path) -> None:
    keys_in(tmp_path)
    (tmp_path / "keys" / JOURNAL_MLDSA).write_bytes(pem_of(Ed25519PrivateKey.generate()))

    with pytest.raises(ImproperlyConfigured, match="expected an ML-DSA-44 private key"):
        keys_in(tmp_path)


# Replacing them


@pytest.fixture
def folder(db: None, tmp_path: Path, settings: LazySettings) -> Path:
    """A keys folder whose journal has three entries."""
    keys = keys_in(tmp_path)
    settings.DATA = tmp_path
    settings.JOURNAL_KEY, settings.JOURNAL_MLDSA_KEY = keys.journal, keys.journal_mldsa
    entries(3)
    seal(now=NOW)
    return tmp_path / "keys"


def run(*arguments: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setattr(module, "set_up", lambda: None)
    return CliRunner().invoke(rotate_journal_key, arguments)


def test_both_keys_sign_the_head_over_the_entry_that_names_the_new_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = journal_signers(the_head())

    answer = run(monkeypatch=monkeypatch)

    new = journal_signers(the_head())
    assert answer.exit_code == 0, answer.output
    assert str(new[0].key) in answer.output
    for signer in (*old, *new):
        open_note(the_head().note, signer.key)
    told = json.loads(bytes(Entry.objects.get(kind="journal.key_changed").body))
    assert told["facts"] == {
        "old": [str(one.key) for one in old],
        "new": [str(one.key) for one in new],
    }
    on_disk = keys_in(folder.parent)
    assert verifier_key(new[0].name, on_disk.journal) == new[0].key
    assert len(list(folder.iterdir())) == 4


def test_whoever_trusts_the_old_key_can_go_on_after_two_changes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [journal_key(the_head())]
    for hours in (1, 2):
        assert run(monkeypatch=monkeypatch).exit_code == 0
        keys.append(journal_key(the_head()))
        entries(2)
        seal(now=timezone.now() + timedelta(hours=hours))
    export_journal(tmp_path / "out", head=the_head(), progress=lambda *_: None)

    for key in keys:
        answer = verify_journal(reader(tmp_path / "out"), key=key)
        assert answer.verifies, answer.findings
    assert KeyChange.objects.count() == 4
    told = verify_journal(reader(tmp_path / "out"), key=keys[0]).remarks
    assert told[0].startswith(f"The key {keys[0].id.hex()} handed over to {keys[1].id.hex()}")


def test_a_change_that_was_cut_off_leaves_the_old_keys_good_and_is_done_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = journal_key(the_head())

    def cut_off(*, to: Sequence[Signer], actor: str, now: datetime) -> None:
        hand_over(to=to, actor=actor, now=now)
        raise KeyboardInterrupt

    hand_over = actions.hand_over
    with monkeypatch.context() as patched:
        patched.setattr(actions, "hand_over", cut_off)
        with pytest.raises(KeyboardInterrupt):
            journal_keys.replace(folder)
    entries(1)
    assert seal(now=NOW) == 1
    assert journal_key(the_head()) == old

    made = (folder / journal_keys.NEXT).read_bytes()
    assert run(monkeypatch=monkeypatch).exit_code == 0
    assert (folder / JOURNAL).read_bytes() == made


def test_keys_are_not_changed_while_dutybound_serves(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dutybound_server.project.heartbeat.is_beating", lambda **_: True)

    answer = run(monkeypatch=monkeypatch)

    assert answer.exit_code == 2
    assert "Stop it" in answer.output
    assert not Entry.objects.filter(kind="journal.key_changed").exists()


def test_keys_are_not_changed_over_a_journal_that_was_tampered_with(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (folder / JOURNAL).read_bytes()
    take_the_guards_away()
    Checkpoint.objects.update(note="zonk")

    answer = run(monkeypatch=monkeypatch)

    assert answer.exit_code == 2
    assert "The key was not changed: The newest checkpoint" in answer.output
    assert (folder / JOURNAL).read_bytes() == before


# Losing them


def test_a_lost_key_leaves_a_journal_that_goes_on_and_says_so(
    folder: Path, tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = journal_key(the_head())
    (folder / JOURNAL).unlink()
    monkeypatch.setenv("DUTYBOUND_DATA", str(folder.parent))
    monkeypatch.setattr(
        module, "set_up", lambda: setattr(settings, "JOURNAL_KEY", keys_in(folder.parent).journal)
    )

    answer = CliRunner().invoke(rotate_journal_key, ["--lost", str(lost)])

    assert answer.exit_code == 0, answer.output
    new = journal_key(the_head())
    assert new != lost
    assert Entry.objects.get(kind="journal.key_lost").number == 3
    entries(1)
    assert seal(now=NOW) == 1
    export_journal(tmp_path / "out", head=the_head(), progress=lambda *_: None)
    assert verify_journal(reader(tmp_path / "out"), key=new).verifies
    assert not verify_journal(reader(tmp_path / "out"), key=lost).verifies


def test_without_the_public_key_of_the_lost_one_nothing_goes_on(
    folder: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = journal_key(the_head())
    not_lost = run("--lost", str(ours), monkeypatch=monkeypatch)
    settings.JOURNAL_KEY = Ed25519PrivateKey.generate()
    stranger = verifier_key(ours.name, Ed25519PrivateKey.generate())
    wrong = run("--lost", str(stranger), monkeypatch=monkeypatch)

    assert "that key is not lost" in not_lost.output
    assert "was signed with another key" in wrong.output
    assert not Entry.objects.filter(kind="journal.key_lost").exists()
    entries(1)
    with pytest.raises(CannotSeal):
        seal(now=NOW)
