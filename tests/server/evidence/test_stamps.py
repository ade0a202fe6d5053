"""A time-stamp is kept only if it answers what was asked, and openssl agrees with it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from dutybound_server.evidence.actions.snapshots import seal_snapshot
from dutybound_server.evidence.actions.stamps import stamp_due
from dutybound_server.evidence.models import Snapshot
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast
from tests.server.evidence.stamper import Stamper, run, stamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Settings, tmp_path: Path) -> Iterator[Stamper]:
    with stamper(tmp_path) as made:
        settings.TIMESTAMP_URL = made.url
        yield made


@pytest.fixture
def snapshot(cast: Cast) -> Snapshot:
    item = make.item(cast.ridge, text="zonk")
    return seal_snapshot(
        service=cast.ridge, subject_kind="item", subject=item.external_id, item=item,
        concern="", why="Reported", restricted=False, now=NOW,
    )  # fmt: skip


def test_without_a_server_nothing_is_asked_and_the_wish_stays(snapshot: Snapshot) -> None:
    assert stamp_due(now=NOW) == 0

    snapshot.refresh_from_db()
    assert snapshot.stamp_due_at == NOW


def test_openssl_verifies_the_stamp_that_was_kept(
    snapshot: Snapshot, server: Stamper, tmp_path: Path
) -> None:
    assert stamp_due(now=NOW) == 1

    snapshot.refresh_from_db()
    assert snapshot.stamp is not None
    (tmp_path / "content.json").write_text(snapshot.content)
    (tmp_path / "kept.tsr").write_bytes(snapshot.stamp)
    verify = ("ts", "-verify", "-data", "content.json", "-in", "kept.tsr", "-CAfile", "ca.pem")
    assert "Verification: OK" in run(tmp_path, *verify)
    assert Entry.objects.filter(kind="evidence.stamped").count() == 1
    assert stamp_due(now=NOW + timedelta(days=1)) == 0


REFUSED = bytes.fromhex("300f300d02010230080c06") + b"no one"


@pytest.mark.parametrize(
    "answer", [(500, b""), (200, b"hello"), (200, b""), (200, b"\x30\x84"), (200, REFUSED)]
)
def test_what_is_no_stamp_is_not_kept_and_it_is_asked_again(
    snapshot: Snapshot, server: Stamper, answer: tuple[int, bytes]
) -> None:
    server.answers.append(answer)

    assert stamp_due(now=NOW) == 1
    snapshot.refresh_from_db()
    assert (snapshot.stamp, snapshot.stamped_at) == (None, None)
    assert snapshot.stamp_problem
    assert stamp_due(now=NOW) == 0

    assert stamp_due(now=NOW + timedelta(minutes=1)) == 1
    snapshot.refresh_from_db()
    assert snapshot.stamped_at is not None
    assert snapshot.stamp_problem == ""


def test_a_stamp_of_something_else_is_not_kept(
    snapshot: Snapshot, server: Stamper, tmp_path: Path
) -> None:
    (tmp_path / "other").write_text("something else")
    run(tmp_path, "ts", "-query", "-data", "other", "-sha512", "-out", "other.tsq")
    server.answers.append((200, server.stamp((tmp_path / "other.tsq").read_bytes())))

    stamp_due(now=NOW)

    snapshot.refresh_from_db()
    assert snapshot.stamp is None
    assert "something else" in snapshot.stamp_problem
