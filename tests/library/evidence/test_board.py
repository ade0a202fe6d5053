"""The board's report: one page first, every figure with its query, the same bytes each time."""

import json
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files

import pytest
import typst

from dutybound.evidence.board import (
    Before,
    Board,
    before_of,
    board_report,
    changes,
    decisions,
    worst_first,
)
from dutybound.evidence.charts import counts_of, place
from dutybound.evidence.overview import BadContent, Measure, Overview, digest_of, read, written
from dutybound.evidence.status import Status
from dutybound.risk.pdf import as_input, as_pdf
from dutybound.risk.record_parts import Bars, Record, Strips, Table
from tests.library.evidence.overviews import NOW, RIDGE, many, measure
from tests.library.risk.test_pdf import opened

FIRST = Board(RIDGE, None)


def words_of(record: Record) -> str:
    return json.dumps(record.as_dict(), ensure_ascii=False)


def pages_of(record: Record) -> int:
    """How many pages the first section alone takes."""
    alone = replace(record, sections=record.sections[:1])
    pages: object = typst.compile(
        files("dutybound.risk").joinpath("data/record.typ").read_bytes(),
        format="svg", ignore_system_fonts=True, sys_inputs={"record": as_input(alone)},
    )  # fmt: skip
    return len(pages) if isinstance(pages, list) else 1


def test_a_report_is_the_same_bytes_from_what_was_written_down() -> None:
    kept = json.loads(json.dumps(written(FIRST)))

    again = read(Board, kept)

    assert digest_of(written(again)) == digest_of(kept)
    assert as_pdf(board_report(again)) == as_pdf(board_report(FIRST))


def test_content_that_lacks_something_is_refused_by_name() -> None:
    kept = written(RIDGE)
    del kept["head"]["root"]

    with pytest.raises(BadContent, match=r"head\.root"):
        read(Overview, kept)


def test_the_pdf_is_tagged_and_its_charts_have_words_for_who_does_not_see_them() -> None:
    file = opened(as_pdf(board_report(FIRST)))

    assert "pdfuaid:part" in file
    assert "/StructTreeRoot" in file
    assert file.count("/S/Figure") + file.count("/S /Figure") >= 3
    assert "/Alt" in file


@pytest.mark.parametrize("overview", [RIDGE, many(60), replace(RIDGE, measures=(), residual=())])
def test_what_matters_is_on_one_page(overview: Overview) -> None:
    assert pages_of(board_report(Board(overview, before_of(RIDGE), ("A question. " * 40,)))) == 1


def test_every_figure_names_a_query_that_is_explained() -> None:
    record = board_report(FIRST)
    tables = [part for _, section in record.walk() for part in section.parts]
    named = {
        row[-1]
        for part in tables
        if isinstance(part, Table) and part.columns[-1] == "Query"
        for row in part.rows
    }

    assert named == {"acknowledged", "quality"}
    assert "4,210" in words_of(record)


def test_the_worst_come_first_and_what_was_not_looked_at_is_among_them() -> None:
    assert [one.id for one in worst_first(RIDGE.measures)] == [
        "ICU A2", "ICU D4", "ICU-UNVERIFIED-D14",
    ]  # fmt: skip


def test_what_one_probe_found_of_measures_of_both_codes_is_told_once() -> None:
    both = (measure("ICU D4", Status.AT_RISK), measure("PCU D4", Status.AT_RISK))

    record = board_report(Board(replace(RIDGE, measures=both), None))

    (table,) = (part for part in record.sections[0].parts if isinstance(part, Table))
    assert [row[0] for row in table.rows] == ["ICU D4, PCU D4: Acknowledge what people tell"]
    assert table.caption.endswith("the worst 1 of 1")


def test_a_measure_that_is_not_taken_is_counted_nowhere() -> None:
    assert sum(counts_of(RIDGE.measures).values()) == len(RIDGE.measures) - 1


def test_what_turned_since_the_last_report_is_told_the_worse_first() -> None:
    statuses = {**before_of(RIDGE).statuses, "ICU A2": "met", "ICU C9": "not_met"}
    before = Before(NOW - timedelta(days=90), statuses, {"fraud": "medium"})

    assert changes(Board(RIDGE, before)) == (
        "From met to not met: ICU A2.",
        "From not met to met: ICU C9.",
        "Fraud: assessed as medium before, and as low now.",
    )


def test_the_first_report_says_that_it_is_the_first() -> None:
    assert changes(FIRST) == ("This is the first report.",)


def test_what_people_ask_comes_before_what_the_records_lead_to() -> None:
    asked = decisions(Board(RIDGE, None, ("Fund a moderator.",)))

    assert asked[0] == "Fund a moderator."
    assert any("ICU A2" in one for one in asked[1:])


def test_nothing_is_asked_where_all_is_well() -> None:
    well = replace(RIDGE, measures=(measure("ICU A2"),), residual=(), reviews=(), by_kind=())

    assert decisions(Board(well, None)) == ("Nothing is asked.",)


def test_it_never_says_that_the_law_is_met() -> None:
    met: tuple[Measure, ...] = tuple(measure(f"ICU C{n}", Status.MET) for n in range(9))

    told = words_of(board_report(Board(replace(RIDGE, measures=met), None)))

    assert "does not say that the service meets the law" in told
    assert "complian" not in told


def test_charts_say_in_words_what_they_show_in_colour() -> None:
    record = board_report(FIRST)
    parts = [part for _, section in record.walk() for part in section.parts]
    bars = next(part for part in parts if isinstance(part, Bars))
    strips = next(part for part in parts if isinstance(part, Strips))

    assert "Not met 1" in bars.alt
    assert "ICU A2: met, at risk from" in strips.alt
    assert [row[0] for row in strips.rows] == ["ICU A2", "ICU D4"]
    assert strips.rows[0][1][0][:2] == (0.0, 55.56)


def test_the_scale_of_times_holds_the_shortest_and_the_longest() -> None:
    assert (place(0), place(1e9)) == (0, 100)
    assert 0 < place(3600) < place(86_400) < 100
