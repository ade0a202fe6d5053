"""The demo's journal, as `make run` begins it, verifies with software that is not ours."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dutybound_server.journal.actions import seal
from dutybound_server.journal.export import export_journal
from dutybound_server.journal.models import Entry
from dutybound_server.journal.queries import journal_key, proof_of
from dutybound_server.project.demo.fill import begin
from tests.cast import NOW
from tests.foreign.conftest import Answer
from tests.server.journal.story import the_head

pytestmark = [pytest.mark.foreign, pytest.mark.django_db]


def test_go_and_npm_verify_the_journal_of_the_demo(
    tmp_path: Path, go: Callable[..., Answer], npm: Callable[..., list[str]]
) -> None:
    begin(files=tmp_path / "demo", now=NOW)
    seal(now=NOW)
    head = the_head()
    key = str(journal_key(head))
    export_journal(tmp_path / "journal", head=head, progress=lambda *_: None)
    proofs = []
    for entry in Entry.objects.order_by("number"):
        proof, body = tmp_path / f"{entry.number}.tlog-proof", tmp_path / f"{entry.number}.json"
        proof.write_text(proof_of(entry, head=head).file)
        body.write_bytes(bytes(entry.body))
        proofs.append((proof, body))

    answer = go(tmp_path / "journal", key=key)

    assert answer.verified, answer.words
    assert npm(proofs, key=key) == ["verified"] * head.size
    assert head.size > 200
