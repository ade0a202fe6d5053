"""The PDF of a record: the same bytes everywhere, tagged, and nobody's text is ever code."""

import json
import os
import re
import subprocess
import sys
import zlib
from dataclasses import replace
from datetime import date

import pytest

from dutybound.risk.document import Assessment
from dutybound.risk.pdf import as_input, as_pdf
from dutybound.risk.record import written_record
from dutybound.risk.record_parts import Definitions, Note, Paragraph, Part, Record, Section, Table
from tests.library.risk.filled import TODAY, filled_in, village_forum

A_DAY = date(2026, 11, 12)
IN_ANOTHER_PROCESS = """
import hashlib
from dutybound.risk.document import Assessment
from dutybound.risk.pdf import as_pdf
from tests.library.risk.test_pdf import SMALL
print(hashlib.sha256(as_pdf(SMALL)).hexdigest())
"""


def record(*parts: Part, title: str = "A part") -> Record:
    first = Section("first", "Summary", (Paragraph("One page."),))
    return Record(
        "Risk assessment", "Ridge Forum", "Draft", A_DAY, (first, Section("b", title, parts))
    )


SMALL = record(Table("Levels", ("Kind", "Level"), (("fraud", "low"),)), Note("Doubt", "Some."))


def opened(pdf: bytes) -> str:
    """The file with its compressed streams opened."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    plain = [pdf]
    for stream in streams:
        try:
            plain.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(plain).decode("latin-1")


def test_the_same_record_gives_the_same_bytes() -> None:
    assert as_pdf(SMALL) == as_pdf(SMALL)


def test_another_process_in_another_time_zone_gives_the_same_bytes() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", IN_ANOTHER_PROCESS],
            env=os.environ | {"TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": "C"},
            capture_output=True, text=True, check=True,
        ).stdout
        for zone, seed in (("Pacific/Auckland", "1"), ("America/Anchorage", "2"))
    }  # fmt: skip

    assert len(digests) == 1


def test_a_record_of_another_day_gives_other_bytes() -> None:
    later = Record(SMALL.title, SMALL.about, SMALL.standing, TODAY, SMALL.sections)

    assert as_pdf(later) != as_pdf(SMALL)


@pytest.mark.parametrize(
    "mark",
    [
        "pdfuaid:part",
        "/MarkInfo",
        "/StructTreeRoot",
        "/Outlines",
        "/TH",
        "/H1",
        "en-GB",
        "20261112",
    ],
)
def test_the_file_is_tagged_and_says_what_it_is(mark: str) -> None:
    assert mark in opened(as_pdf(SMALL))


@pytest.mark.parametrize(
    "text",
    [
        '#panic(1) #import "@preview/x:0.1.0" $1/0$ \\ ` ``` */ // *a* _b_ <c> @d = [e] ~ -- \'"',
        '"}); sys.inputs; #read("/etc/passwd")',
        "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \u202e gnirts \u2066x",
        "\U0001f642\U0001f468\u200d\U0001f469\u200d\U0001f467 \ufe0f \u4f60\u597d \u0e01\u0e33",
        "\x00\x07\x1b[31m\ud7ff\ue000 \u0301\u0301\u0301",
        "x" * 20_000,
        "word " * 3_999 + "worde",
        "",
    ],
)
def test_whatever_somebody_wrote_is_data(text: str) -> None:
    short = text[:300]
    hostile = record(
        Paragraph(text),
        Note(short, text),
        Definitions(((short, text),)),
        Table(short, (short, "B"), ((short, text),)),
        title=short or "Empty",
    )

    assert as_pdf(hostile).startswith(b"%PDF")


def test_markup_reaches_the_page_as_it_was_written() -> None:
    plain, marked = (as_pdf(record(Paragraph(text))) for text in ("a", "#strong[a] *a* $a$"))

    assert json.loads(as_input(record(Paragraph("#strong[a]"))))["sections"][1]["parts"] == [
        {"kind": "paragraph", "text": "#strong[a]"}
    ]
    assert len(marked) > len(plain)


def test_a_character_without_a_glyph_is_named_and_the_reader_is_told() -> None:
    written = json.loads(as_input(record(Paragraph("Fine \U0001f642 \u202e\u4f60"))))

    told = written["sections"][1]["parts"][0]["text"]
    assert told == "Fine [slightly smiling face] [right-to-left override][U+4F60]"
    assert written["replaced"] is True


def test_a_long_word_may_break_and_a_digest_stays_whole() -> None:
    digest = "0123456789abcdef" * 4

    written = json.loads(as_input(record(Paragraph(f"{digest} {'y' * 40}"))))

    told = written["sections"][1]["parts"][0]["text"]
    assert told == f"{digest} {'y' * 16}\u200b{'y' * 16}\u200b{'y' * 8}"


def test_what_every_font_has_is_left_as_it_is() -> None:
    text = "Zoë's “café” costs £5 → Łódź, Ελλάδα, Москва, שלום"

    written = json.loads(as_input(record(Paragraph(text))))

    assert written["sections"][1]["parts"][0]["text"] == text
    assert written["replaced"] is False


def pages_of(written: Record) -> int:
    (count,) = re.findall(r"/Type/Pages/Count (\d+)", opened(as_pdf(written)))
    return int(count)


def test_a_whole_assessment_becomes_a_file_of_many_pages() -> None:
    assert pages_of(written_record(village_forum(), as_of=TODAY)) > 10


@pytest.mark.parametrize("assessment", [filled_in(), village_forum(), Assessment()])
def test_the_summary_is_one_page(assessment: Assessment) -> None:
    whole = written_record(assessment, as_of=TODAY)

    assert pages_of(replace(whole, sections=whole.sections[:1])) == 1
