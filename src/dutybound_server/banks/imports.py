"""Files of signals as they come: their format is seen, their wrong rows are told apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import TextIOWrapper
from typing import BinaryIO

from dutybound.matching import SignalKind
from dutybound.matching.bankfiles import BadBankFile, read_signals
from dutybound.matching.imports import BadRow, ImportedSignal, read_csv, read_json
from dutybound_server.banks.offers import BadNewSignal, NewSignal, clean_one

MOST_WRONG_ROWS = 1000
HEAD_BYTES = 4096


class BadImport(ValueError):
    """Nothing was taken from a file; `rows` says which of its rows are wrong, if that is why."""

    def __init__(self, sentence: str, rows: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.rows = rows


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in a file: signals, and a sentence for each row that is none."""

    signals: tuple[NewSignal, ...]
    wrong: tuple[str, ...]


def read_file(file: BinaryIO, *, kind: SignalKind | None, leetspeak: bool) -> Reading:
    """Read CSV, JSON, lines of JSON, an export of HMA or a bank file; raises BadImport.

    `kind` is for rows that do not say theirs.
    """
    head = file.read(HEAD_BYTES).lstrip()
    file.seek(0)
    if b'"dutybound_bank"' in head:
        return _of_bank_file(file, leetspeak=leetspeak)
    read = read_json if head[:1] in (b"{", b"[") else read_csv
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        return _sorted_out(read(text, kind=kind, leetspeak=leetspeak), leetspeak=leetspeak)
    finally:
        # Otherwise the wrapper would close a file that is the caller's.
        text.detach()


def _of_bank_file(file: BinaryIO, *, leetspeak: bool) -> Reading:
    try:
        signals = [
            ImportedSignal(one.kind, one.value, one.source_record, one.tags)
            for one in read_signals(file)
        ]
    except BadBankFile as error:
        raise BadImport(str(error)) from None
    return _sorted_out(signals, leetspeak=leetspeak)


def _sorted_out(rows: Iterable[ImportedSignal | BadRow], *, leetspeak: bool) -> Reading:
    signals: list[NewSignal] = []
    wrong: list[str] = []
    for row in rows:
        if isinstance(row, BadRow):
            wrong.append(str(row))
        else:
            offered = NewSignal(row.kind, row.value, row.source_record, row.tags)
            try:
                signals.append(clean_one(offered, position=len(signals), leetspeak=leetspeak))
            except BadNewSignal as bad:
                wrong.append(f"signal {len(signals) + 1}: {bad.field}: {bad}")
        if len(wrong) > MOST_WRONG_ROWS:
            sentence = f"More than {MOST_WRONG_ROWS:,} rows are wrong; is it the right file?"
            raise BadImport(sentence, tuple(wrong[:20]))
    return Reading(tuple(signals), tuple(wrong))
