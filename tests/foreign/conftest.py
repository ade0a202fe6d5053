"""A journal that the server wrote, and two programs that read it without a line of ours."""

import os
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions.answers import answer_concern
from dutybound_server.casework.actions.forgetting import erase_old_concerns
from dutybound_server.intake.actions.accounts import erase_account
from dutybound_server.journal.actions import seal
from dutybound_server.journal.entries import as_it_stands
from dutybound_server.journal.export import export_journal
from dutybound_server.journal.models import Checkpoint, Entry
from dutybound_server.journal.queries import journal_key, proof_of
from tests import make
from tests.cast import NOW, Cast
from tests.needs import FOREIGN, GO_PACKAGES
from tests.server.journal.story import entries, the_head

A_YEAR = timedelta(days=365)

Pairs = list[tuple[Path, Path]]
"""(proof, entry)"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Go said."""

    verified: bool
    words: str


@dataclass(frozen=True, slots=True)
class Journal:
    """An exported journal, whose key it is, and a head of every hour before."""

    folder: Path
    key: str
    heads: tuple[Checkpoint, ...]


@pytest.fixture
def journal(cast: Cast, tmp_path: Path) -> Journal:
    """Over 600 entries under heads of three hours; a person who told us something was erased."""
    make.decided_case(cast.ridge, by=cast.mo, author=cast.bram)
    concern = make.concern(cast.ridge, kind=Kind.DUTIES)
    answer_concern(
        concern_id=concern.pk, by=cast.grace, outcome="upheld", reasons="x", words="x", now=NOW
    )
    entries(300)
    seal(now=NOW)
    entries(300)
    seal(now=NOW + A_YEAR)
    erase_old_concerns(now=NOW + A_YEAR)
    erase_account(service=cast.ridge, external_id="bram", now=NOW + A_YEAR)
    entries(1)
    seal(now=NOW + A_YEAR + timedelta(hours=1))
    assert Entry.objects.filter(kind="concern.erased").exists()
    assert not Entry.objects.filter(subject=f"concern:{concern.reference}").exclude(salts={})

    head = the_head()
    export_journal(tmp_path / "journal", head=head, progress=lambda *_: None)
    heads = tuple(Checkpoint.objects.order_by("size"))
    return Journal(tmp_path / "journal", str(journal_key(head)), heads)


@pytest.fixture
def prove(journal: Journal, tmp_path: Path) -> Callable[[Iterable[int]], Pairs]:
    """Gives entries' proofs and the entries, as files that the console gives."""
    head, folder = the_head(), tmp_path / "proofs"
    folder.mkdir()

    def pair(entry: Entry) -> tuple[Path, Path]:
        proof, body = folder / f"{entry.number}.tlog-proof", folder / f"{entry.number}.json"
        proof.write_text(proof_of(entry, head=head).file)
        body.write_bytes(as_it_stands(entry))
        return proof, body

    def pairs(numbers: Iterable[int]) -> Pairs:
        return [pair(entry) for entry in Entry.objects.filter(number__in=numbers)]

    return pairs


@pytest.fixture(scope="session")
def go_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from Debian's sources of golang.org/x/mod alone: nothing is fetched."""
    program = tmp_path_factory.mktemp("go") / "verify"
    alone = {"GO111MODULE": "off", "GOPATH": str(GO_PACKAGES), "GOPROXY": "off", "CGO_ENABLED": "0"}
    build = ["go", "build", "-o", str(program), "verify.go"]
    subprocess.run(build, cwd=FOREIGN, env=os.environ | alone, check=True)
    return program


@pytest.fixture
def go(go_program: Path) -> Callable[..., Answer]:
    def verify(folder: Path, *, key: str, since: Path | None = None, every: int = 1) -> Answer:
        options = ["-key", key, "-every", str(every), *(["-since", str(since)] if since else [])]
        command = [str(go_program), *options, str(folder)]
        told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        words = (told.stdout + told.stderr).strip()
        # Anything but these two, such as a crash, is no answer.
        assert words.startswith("refused: " if told.returncode else "verified: "), words
        return Answer(told.returncode == 0, words)

    return verify


@pytest.fixture
def npm() -> Callable[..., list[str]]:
    """Says of each proof that it is verified, or why it is refused."""

    def verify(pairs: Iterable[tuple[Path, Path]], *, key: str) -> list[str]:
        files = [str(path) for pair in pairs for path in pair]
        command = ["node", str(FOREIGN / "verify.js"), key, *files]
        told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
        return told.stdout.splitlines()

    return verify
