"""Lists of signals as others write them are read as they are, and each fault names its line."""

import io
import json

import pytest

from dutybound.matching import SignalKind
from dutybound.matching.imports import BadRow, ImportedSignal, read_csv, read_json

PDQ = "f8" * 32
MD5 = "0a" * 16


def from_csv(text: str, kind: SignalKind | None = None) -> list[ImportedSignal | BadRow]:
    return list(read_csv(io.StringIO(text, newline=""), kind=kind))


def from_json(text: str, kind: SignalKind | None = None) -> list[ImportedSignal | BadRow]:
    return list(read_json(io.StringIO(text), kind=kind))


def faults(rows: list[ImportedSignal | BadRow]) -> list[str]:
    return [str(row) for row in rows if isinstance(row, BadRow)]


def test_a_csv_file_of_ours() -> None:
    rows = from_csv(
        f'kind,value,source_record,tags\npdq,{PDQ.upper()},r1,"a, b;c"\n\nphrase,Zonk,,\n'
    )

    assert rows == [
        ImportedSignal(SignalKind.PDQ, PDQ, "r1", ("a", "b", "c")),
        ImportedSignal(SignalKind.PHRASE, "Zonk"),
    ]


@pytest.mark.parametrize("mark", [";", "\t"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_file_of_excel_is_read_by_the_marks_of_its_header(mark: str, quote: str) -> None:
    header = mark.join(f"{quote}{name}{quote}" for name in ("Kind", "Value", "Tags"))
    rows = from_csv(f'\ufeff{header}\r\nphrase{mark}"zonk, or so"{mark}a,b\r\n')

    assert rows == [ImportedSignal(SignalKind.PHRASE, "zonk, or so", "", ("a", "b"))]


def test_a_value_with_a_semicolon_is_one_value() -> None:
    link = ImportedSignal(SignalKind.URL, "https://ridge.example/?a;b")

    assert from_csv("https://ridge.example/?a;b\n", SignalKind.URL) == [link]


def test_a_plain_list_of_values_needs_only_a_kind() -> None:
    assert from_csv(f"{PDQ}\n", SignalKind.PDQ) == [ImportedSignal(SignalKind.PDQ, PDQ)]
    assert faults(from_csv(f"{PDQ}\n")) == [
        f"line 1: expected a kind of {', '.join(SignalKind)}, got ''"
    ]


def test_what_threatexchange_dataset_prints() -> None:
    rows = from_csv(
        "collab,signal_type,signal_str,category,tags\r\n"
        f"Sample,pdq,{PDQ},POSITIVE_CLASS,uploaded bad\r\n"
        f"Sample,video_md5,{MD5},INVESTIGATION_SEED,\r\n"
        f"Sample,pdq,{PDQ},NEGATIVE_CLASS,\r\n"
        "Sample,trend_query,[],POSITIVE_CLASS,\r\n"
    )

    assert rows[:2] == [
        ImportedSignal(SignalKind.PDQ, PDQ, "Sample", ("uploaded", "bad")),
        ImportedSignal(SignalKind.MD5, MD5, "Sample"),
    ]
    assert "line 4: expected content that should match" in faults(rows)[0]
    assert "line 5: expected a kind of pdq" in faults(rows)[1]


def test_rows_of_hmas_table_of_signals() -> None:
    rows = from_csv(f"content_id,signal_type,signal_val,create_time\n7,pdq,{PDQ},2026-01-01\n")

    assert rows == [ImportedSignal(SignalKind.PDQ, PDQ, "7")]


def test_hmas_content_with_all_its_signals() -> None:
    content = {"id": 1234, "signals": {"pdq": PDQ, "vmd5": MD5}}

    assert from_json(json.dumps([content])) == [
        ImportedSignal(SignalKind.PDQ, PDQ, "1234"),
        ImportedSignal(SignalKind.MD5, MD5, "1234"),
    ]


FIRST = '{"type": "host", "hash": "Bad.Example.org", "tags": ["x"]}'
SECOND = '{"kind": "host", "value": "b.org"}'


@pytest.mark.parametrize(
    "text",
    [
        f"{FIRST}\n\n{SECOND}",
        f"[{FIRST},\n{SECOND}]",
        f"[{FIRST}, {SECOND}]\n",
        f'{{"signals": [{FIRST}, {SECOND}]}}',
        f'\ufeff{{"signals": [\n{FIRST},\n{SECOND}\n]}}\n',
    ],
)
def test_json_comes_in_lines_in_a_list_or_under_signals(text: str) -> None:
    assert from_json(text) == [
        ImportedSignal(SignalKind.HOST, "bad.example.org", "", ("x",)),
        ImportedSignal(SignalKind.HOST, "b.org"),
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "line 1: expected JSON"),
        ("{]", "line 1: expected JSON"),
        ("7", "line 1: expected an object"),
        ('{"kind": "md5", "value": "0"}', "line 1: expected 32 hex digits, got '0'"),
        ('{"kind": "md5", "value": {"a": 1}}', "line 1: expected text"),
        ('{"kind": "host", "value": "b.org", "tags": 7}', "line 1: expected tags"),
        ('{"kind": "host", "value": "b.org", "id": "%s"}' % ("x" * 201), "at most 200 characters"),
        ('["b.org"]', "line 1: expected a kind"),
    ],
)
def test_a_fault_in_json_is_told_with_its_place(text: str, complaint: str) -> None:
    (fault,) = faults(from_json(text))

    assert complaint in fault


def test_rows_after_a_bad_one_are_still_read() -> None:
    lines = from_json(f'{FIRST}\n{{"kind": 7}}\n{SECOND}')
    broken = from_json(f'{FIRST}\n{{"kind":\n')

    assert [isinstance(row, BadRow) for row in lines] == [False, True, False]
    assert faults(broken)[0].startswith("line 2: expected a line of JSON")


def test_what_is_no_csv_at_all_is_told_once() -> None:
    too_long = f"value\n{'x' * 200_000}\n"
    binary = io.TextIOWrapper(io.BytesIO(b"value\n\xff\xfe\n"), encoding="utf-8", newline="")

    assert "line 2: expected CSV: field larger" in faults(from_csv(too_long, SignalKind.PHRASE))[0]
    assert (
        "line 1: expected CSV in UTF-8" in faults(list(read_csv(binary, kind=SignalKind.PHRASE)))[0]
    )
