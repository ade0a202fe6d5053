"""A bank file is read as it was written, or refused by the line that is wrong."""

import hashlib
import io
import json

import pytest

from dutybound.matching import Bank, Effect, Signal, SignalKind
from dutybound.matching.bankfiles import BadBankFile, read_header, read_signals, write_bank

BANK = Bank("demo", "Ä test", "iia", Effect.HOLD, threshold=20, leetspeak=True)
SIGNALS = [
    Signal(2, SignalKind.PDQ, "ab" * 32, "r1", ("a", "ü")),
    Signal(3, SignalKind.PHRASE, "zonk", flag_only=True),
    Signal(4, SignalKind.HOST, "bad.example.org"),
]


def written(signals: list[Signal] = SIGNALS) -> bytes:
    file = io.BytesIO()
    write_bank(file, bank=BANK, signals=signals)
    return file.getvalue()


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_bank_comes_back_as_it_was_written(count: int) -> None:
    file = io.BytesIO(written(SIGNALS[:count]))

    header = read_header(file)

    assert (header.bank, header.signals) == (BANK, count)
    assert list(read_signals(file)) == SIGNALS[:count]


def test_a_bank_may_begin_in_the_middle_of_a_file_being_written() -> None:
    file = io.BytesIO()
    file.write(b"before\n")

    write_bank(file, bank=BANK, signals=SIGNALS)

    assert file.getvalue() == b"before\n" + written()


def damaged(find: bytes, put: bytes) -> bytes:
    whole = written()
    assert find in whole
    return whole.replace(find, put, 1)


def header_with(**changes: object) -> bytes:
    first, rest = written().split(b"\n", 1)
    return json.dumps({**json.loads(first), **changes}).encode() + b"\n" + rest


def summed(body: bytes) -> bytes:
    """A file with this body whose count and checksum fit."""
    digest = hashlib.sha256(rfc8785_of_bank() + body).hexdigest()
    first, _ = header_with(signals=body.count(b"\n"), sha256=digest).split(b"\n", 1)
    return first + b"\n" + body


def rfc8785_of_bank() -> bytes:
    # Keys in order, no spaces, UTF-8 as it is: for a bank, canonical JSON is no more than this.
    settings = json.loads(written().split(b"\n", 1)[0])["bank"]
    return json.dumps(settings, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_the_checksum_is_the_one_the_page_describes() -> None:
    body = written().split(b"\n", 1)[1]

    assert read_header(io.BytesIO(summed(body))).signals == 3


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "line 1: expected JSON"),
        (b"hello\n", "line 1: expected JSON"),
        (b"[]\n", "line 1: expected a JSON object"),
        (b"{}\n", "line 1: expected the header of a Dutybound bank file"),
        (header_with(dutybound_bank=2), "line 1: expected version 1, got version 2"),
        (header_with(colour="red"), "line 1: expected dutybound_bank, bank, signals and sha256"),
        (header_with(bank={"name": "x"}), "line 1: expected a bank with name, source"),
        (header_with(signals=-1), "line 1: expected a number of signals"),
        (damaged(b'"threshold": 20', b'"threshold": 21'), "line 1: the checksum does not fit"),
        (
            damaged(b'"threshold": 20', b'"threshold": 99'),
            "line 1: expected a threshold of 0 to 48",
        ),
        (damaged(b'"threshold": 20', b'"threshold": tr'), "line 1: expected JSON"),
        (damaged(b'"hold"', b'"hope"'), "line 1: expected an effect of block, hold, flag, never"),
        (damaged(b'"iia"', b"12345"), "line 1: harm is 12345"),
        (written()[:-1], "line 4: breaks off"),
        (b"".join(written().splitlines(keepends=True)[:-1]), "line 3: the file ends after 2 of 3"),
        (written() + b"{}\n", "line 5: expected the end of the file"),
        (damaged(b"abab", b"abxx"), "line 2: expected 64 hex digits"),
        (damaged(b"abab", b"abac"), "line 1: the checksum does not fit"),
        (damaged(b'"zonk"', b"123456"), "line 3: expected text"),
        (damaged(b'"zonk"', b'"\xff\xff\xff\xff"'), "line 3: expected JSON"),
        (damaged(b'"pdq"', b'"pdx"'), "line 2: expected a kind of pdq, sha256"),
        (damaged(b"{", b" " * 70_000 + b"{"), "line 1: is too long"),
        (summed(b'{"kind": "md5"}\n'), "line 2: expected a signal with kind and value"),
    ],
)
def test_a_file_that_is_not_as_it_was_written_is_refused_by_its_line(
    content: bytes, complaint: str
) -> None:
    with pytest.raises(BadBankFile, match=complaint):
        list(read_signals(io.BytesIO(content)))
