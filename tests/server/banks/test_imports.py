"""A file of signals counts as a whole, or its wrong rows are named."""

import io
import json

import pytest

from dutybound import matching
from dutybound.matching import Effect, SignalKind
from dutybound.matching.bankfiles import write_bank
from dutybound_server.banks.actions import Imported, WrongRows, create_bank, import_signals
from dutybound_server.banks.imports import BadImport
from dutybound_server.banks.models import Bank, Signal
from dutybound_server.journal.models import Entry
from tests.cast import NOW, Cast

PDQ = "0f" * 32


@pytest.fixture
def bank(cast: Cast) -> Bank:
    return create_bank(
        service=cast.ridge,
        name="words",
        source="staff",
        harm="hate",
        effect="hold",
        why="A list.",
        by="system",
        now=NOW,
    )


def take(
    bank: Bank,
    content: bytes,
    *,
    kind: SignalKind | None = None,
    wrong_rows: WrongRows = WrongRows.REFUSE_ALL,
) -> Imported:
    return import_signals(
        bank=bank,
        file=io.BytesIO(content),
        kind=kind,
        wrong_rows=wrong_rows,
        why="A delivery.",
        by="system",
        now=NOW,
    )


def bank_file() -> bytes:
    file = io.BytesIO()
    settings = matching.Bank(name="b", source="s", harm="hate", effect=Effect.HOLD)
    signal = matching.Signal(1, SignalKind.PDQ, PDQ, source_record="r1", tags=("mild",))
    write_bank(file, bank=settings, signals=[signal])
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"kind,value,source_record,tags\npdq," + PDQ.encode() + b",r1,mild\n",
        b"\xef\xbb\xbfkind,value,source_record,tags\r\npdq," + PDQ.encode() + b",r1,mild\r\n",
        json.dumps([{"kind": "pdq", "value": PDQ, "id": "r1", "tags": ["mild"]}]).encode(),
        json.dumps({"kind": "pdq", "value": PDQ, "id": "r1", "tags": "mild"}).encode() + b"\n",
        json.dumps({"id": "r1", "signals": {"pdq": PDQ}, "tags": ["mild"]}).encode(),
        bank_file(),
    ],
    ids=["csv", "csv from a spreadsheet", "json", "lines of json", "hma", "bank file"],
)  # fmt: skip
def test_a_file_is_known_by_what_is_in_it(bank: Bank, content: bytes) -> None:
    assert take(bank, content).added == 1

    signal = Signal.objects.get()
    assert (signal.kind, signal.value) == ("pdq", PDQ)
    assert (signal.source_record, signal.tags) == ("r1", ["mild"])


def test_bare_lines_take_the_kind_that_is_given(bank: Bank) -> None:
    take(bank, b"zonk\nblip\n", kind=SignalKind.PHRASE)

    assert list(Signal.objects.values_list("value", flat=True).order_by("id")) == ["zonk", "blip"]


def test_a_wrong_row_refuses_the_file_and_leaves_no_trace(bank: Bank) -> None:
    with pytest.raises(BadImport) as refusal:
        take(bank, b"kind,value\nphrase,zonk\npdq,abc\nphrase,blip\n")

    assert refusal.value.rows == ("line 3: expected 64 hex digits, got 'abc'",)
    assert not Signal.objects.exists()
    assert not Entry.objects.filter(kind="signal.added").exists()


def test_wrong_rows_are_left_out_when_that_is_asked_for(bank: Bank) -> None:
    content = b"kind,value\nphrase,zonk\npdq,abc\nphrase,blip\n"

    answer = take(bank, content, wrong_rows=WrongRows.LEAVE_OUT)

    assert (answer.added, len(answer.left_out)) == (2, 1)


def test_a_damaged_bank_file_is_refused_even_then(bank: Bank) -> None:
    damaged = bank_file().replace(b"0f0f", b"0e0f", 1)

    with pytest.raises(BadImport, match="line 1: the checksum does not fit"):
        take(bank, damaged, wrong_rows=WrongRows.LEAVE_OUT)


def test_a_file_of_something_else_is_refused_soon(bank: Bank) -> None:
    with pytest.raises(BadImport, match="is it the right file"):
        take(bank, b"a,b\n" * 5000, wrong_rows=WrongRows.LEAVE_OUT)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"[", b"\x89PNG\r\n"])
def test_a_file_without_a_signal_is_refused(bank: Bank, content: bytes) -> None:
    with pytest.raises(BadImport):
        take(bank, content, wrong_rows=WrongRows.LEAVE_OUT)


def test_importing_again_adds_nothing_twice(bank: Bank) -> None:
    content = b"kind,value\nphrase,zonk\n"
    take(bank, content)

    again = take(bank, content)

    assert (again.added, again.already) == (0, 1)
