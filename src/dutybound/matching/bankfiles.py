"""The bank file: one bank with its signals, in lines of JSON that can be checked.

The first line is the header, padded with spaces to a fixed length, so that it can be written last:

    {"dutybound_bank": 1, "bank": {…settings…}, "signals": 2, "sha256": "…"}

Each further line is one signal; what is usual is left out:

    {"kind": "pdq", "value": "f8f8…", "source_record": "r17", "tags": ["a"], "flag_only": true}

`sha256` is over the settings (canonical JSON, RFC 8785) and every byte after the first line.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any, BinaryIO

import rfc8785

from dutybound.matching.signals import (
    MAX_THRESHOLD,
    BadSignal,
    Bank,
    Effect,
    Signal,
    SignalKind,
    clean_value,
)

VERSION = 1
_MAX_LINE_BYTES = 64 * 1024
_MOST_SIGNALS = 10**12
_SETTINGS = {field.name: field.type for field in fields(Bank)}
_SIGNAL_KEYS = {"kind", "value", "source_record", "tags", "flag_only"}


class BadBankFile(ValueError):
    """A bank file cannot be trusted; the message says in which line and why."""


@dataclass(frozen=True, slots=True)
class BankHeader:
    """What the first line says."""

    bank: Bank
    signals: int
    sha256: str


def write_bank(file: BinaryIO, *, bank: Bank, signals: Iterable[Signal]) -> BankHeader:
    """Write a bank to a file that can be sought in, one signal at a time."""
    digest = hashlib.sha256(_settings_bytes(bank))
    width = len(_header_line(BankHeader(bank, _MOST_SIGNALS, digest.hexdigest())))
    start, count = file.tell(), 0
    file.write(b" " * width + b"\n")
    for signal in signals:
        count += 1
        line = _signal_line(signal)
        digest.update(line)
        file.write(line)
    header = BankHeader(bank, count, digest.hexdigest())
    end = file.tell()
    file.seek(start)
    file.write(_header_line(header).ljust(width))
    file.seek(end)
    return header


def read_header(file: BinaryIO) -> BankHeader:
    """The header of a bank file, once the whole file was found to be as it was written."""
    file.seek(0)
    header = _read_header_line(_read_line(file, number=1))
    digest, lines = hashlib.sha256(_settings_bytes(header.bank)), 0
    while line := _read_line(file, number=lines + 2):
        digest.update(line)
        lines += 1
    if lines < header.signals:
        raise BadBankFile(
            f"line {lines + 1}: the file ends after {lines} of {header.signals} signals"
        )
    if lines > header.signals:
        raise BadBankFile(f"line {header.signals + 2}: expected the end of the file")
    if digest.hexdigest() != header.sha256:
        # A line that is no signal tells more than a sum that does not fit.
        for _ in _signals(file, header):
            pass
        raise BadBankFile("line 1: the checksum does not fit: the file was changed or damaged")
    return header


def read_signals(file: BinaryIO) -> Iterator[Signal]:
    """The signals of a bank file that `read_header` trusts; ids are the line numbers."""
    yield from _signals(file, read_header(file))


def _signals(file: BinaryIO, header: BankHeader) -> Iterator[Signal]:
    file.seek(0)
    _read_line(file, number=1)
    for number in range(2, header.signals + 2):
        yield _read_signal(_read_line(file, number=number), header.bank, number=number)


def _read_line(file: BinaryIO, *, number: int) -> bytes:
    line = file.readline(_MAX_LINE_BYTES)
    if line and not line.endswith(b"\n"):
        was_long = len(line) == _MAX_LINE_BYTES
        raise BadBankFile(f"line {number}: {'is too long' if was_long else 'breaks off'}")
    return line


def _read_header_line(line: bytes) -> BankHeader:
    written = _json_object(line, number=1)
    version = written.get("dutybound_bank")
    if version is None:
        raise BadBankFile("line 1: expected the header of a Dutybound bank file")
    if version != VERSION:
        raise BadBankFile(f"line 1: expected version {VERSION}, got version {version!r}")
    if written.keys() != {"dutybound_bank", "bank", "signals", "sha256"}:
        raise BadBankFile("line 1: expected dutybound_bank, bank, signals and sha256")
    count, sha256 = written["signals"], written["sha256"]
    if type(count) is not int or count < 0 or type(sha256) is not str:
        raise BadBankFile("line 1: expected a number of signals and a checksum")
    return BankHeader(_read_settings(written["bank"]), count, sha256)


def _read_settings(written: Any) -> Bank:  # noqa: ANN401 - it comes from JSON
    if not isinstance(written, dict) or written.keys() != _SETTINGS.keys():
        raise BadBankFile(f"line 1: expected a bank with {', '.join(_SETTINGS)}")
    for key, expected in _SETTINGS.items():
        if type(written[key]) is not (str if expected is Effect else expected):
            raise BadBankFile(f"line 1: {key} is {written[key]!r}")
    if written["effect"] not in list(Effect):
        raise BadBankFile(f"line 1: expected an effect of {', '.join(Effect)}")
    if not 0 <= written["threshold"] <= MAX_THRESHOLD:
        raise BadBankFile(f"line 1: expected a threshold of 0 to {MAX_THRESHOLD}")
    return Bank(**{**written, "effect": Effect(written["effect"])})


def _read_signal(line: bytes, bank: Bank, *, number: int) -> Signal:
    written = _json_object(line, number=number)
    if not {"kind", "value"} <= written.keys() <= _SIGNAL_KEYS:
        raise BadBankFile(f"line {number}: expected a signal with kind and value")
    record, tags = written.get("source_record", ""), written.get("tags", [])
    is_text = all(type(each) is str for each in (written["kind"], written["value"], record))
    if not is_text or type(tags) is not list or not all(type(tag) is str for tag in tags):
        raise BadBankFile(f"line {number}: expected text, and tags in a list")
    try:
        kind = SignalKind(written["kind"])
        value = clean_value(kind, written["value"], leetspeak=bank.leetspeak)
    except BadSignal as error:
        raise BadBankFile(f"line {number}: {error}") from None
    except ValueError:
        raise BadBankFile(f"line {number}: expected a kind of {', '.join(SignalKind)}") from None
    return Signal(number, kind, value, record, tuple(tags), written.get("flag_only") is True)


def _json_object(line: bytes, *, number: int) -> dict[str, Any]:
    try:
        written = json.loads(line)
    except (ValueError, RecursionError):
        raise BadBankFile(f"line {number}: expected JSON") from None
    if not isinstance(written, dict):
        raise BadBankFile(f"line {number}: expected a JSON object")
    return written


def _header_line(header: BankHeader) -> bytes:
    return json.dumps(
        {
            "dutybound_bank": VERSION,
            "bank": asdict(header.bank),
            "signals": header.signals,
            "sha256": header.sha256,
        },
        ensure_ascii=False,
    ).encode()


def _signal_line(signal: Signal) -> bytes:
    written: dict[str, object] = {"kind": signal.kind, "value": signal.value}
    if signal.source_record:
        written["source_record"] = signal.source_record
    if signal.tags:
        written["tags"] = signal.tags
    if signal.flag_only:
        written["flag_only"] = True
    return json.dumps(written, ensure_ascii=False).encode() + b"\n"


def _settings_bytes(bank: Bank) -> bytes:
    return rfc8785.dumps({**asdict(bank), "effect": str(bank.effect)})
