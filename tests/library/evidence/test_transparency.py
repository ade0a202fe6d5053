"""Figures for everyone: nothing small, nothing that gives something small away, nobody's words."""

import csv
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutybound.evidence.board_details import HEARD
from dutybound.evidence.figures import count, seconds, share
from dutybound.evidence.overview import Asked, Heard, Overview, Spread, read, written
from dutybound.evidence.suppression import THRESHOLD
from dutybound.evidence.tables import (
    as_csv,
    dictionary_csv,
    figures_csv,
    heard_csv,
    papers_csv,
    tasks_csv,
    transparency_csv,
    transparency_json,
    turns_csv,
)
from dutybound.evidence.transparency import COUNTS, DICTIONARY, Transparency, transparency
from tests.library.evidence.overviews import NOW, RIDGE, heard, measure

ENDS = ("acted", "not_acted", "waiting", "withdrawn")
DUE = ("in_time", "late", "not_due")


@st.composite
def rows(draw: st.DrawFn, name: str) -> Heard:
    """A row whose parts add up."""
    acted, not_acted, waiting, withdrawn = (draw(st.integers(0, 12)) for _ in range(4))
    in_time = draw(st.integers(0, acted + not_acted))
    late = acted + not_acted - in_time + draw(st.integers(0, waiting))
    return heard(
        name, received=acted + not_acted + waiting + withdrawn, acted=acted, not_acted=not_acted,
        waiting=waiting, withdrawn=withdrawn, in_time=in_time, late=late,
        decision=Spread(acted + not_acted, 60.0) if acted + not_acted else None,
    )  # fmt: skip


ACCOUNTS = st.tuples(rows("a"), rows("b"), rows("c")).map(
    lambda found: replace(RIDGE, by_kind=found, by_harm=found)
)


@given(ACCOUNTS)
def test_no_small_count_is_shown(overview: Overview) -> None:
    shown = transparency(overview)

    counts = [getattr(row, name) for row in shown.by_kind for name in COUNTS]
    counts += [row.received for row in shown.by_harm] + [shown.received]
    assert all(not 0 < one < THRESHOLD for one in counts if one is not None)


@given(ACCOUNTS)
def test_no_line_that_adds_up_lacks_one_alone(overview: Overview) -> None:
    shown = transparency(overview)

    lines = [[row.received for row in shown.by_kind]] if shown.received is not None else []
    for row in shown.by_kind:
        if row.received is not None:
            lines += [[getattr(row, name) for name in names] for names in (ENDS, DUE)]
    assert all(line.count(None) != 1 for line in lines)


@given(ACCOUNTS)
def test_what_is_shown_is_true_and_times_are_not_of_a_few(overview: Overview) -> None:
    shown = transparency(overview)

    for row, true in zip(shown.by_kind, overview.by_kind, strict=True):
        not_due = true.received - true.in_time - true.late
        for name in COUNTS:
            truth = not_due if name == "not_due" else getattr(true, name)
            assert getattr(row, name) in {None, truth}
        assert row.decision is None or (true.decision and true.decision.count >= THRESHOLD)
        if row.share_in_time:
            assert row.share_in_time.of == true.in_time + true.late


def test_by_harm_nothing_is_told_of_what_came_of_it() -> None:
    (row,) = transparency(RIDGE).by_harm

    assert (row.received, row.acted, row.in_time, row.share_acted) == (60, None, None, None)
    assert row.decision is not None


@pytest.mark.parametrize(
    ("figure", "is_told"),
    [
        (share("In time", 12, of=14, query="q"), False),
        (share("In time", 20, of=30, query="q"), True),
        (share("In time", 30, of=30, query="q"), True),
        (share("In time", 3, of=3, query="q"), False),
        (share("In time", 0, of=0, query="q"), True),
        (count("Waiting", 4, query="q"), False),
        (count("Waiting", 0, query="q"), True),
        (count("Waiting", None, query="q"), True),
    ],
)
def test_a_measures_figure_is_told_unless_a_part_of_it_is_small(
    figure: object, is_told: bool
) -> None:
    one = measure("ICU D4", figures=(figure,))

    (effect,) = transparency(replace(RIDGE, measures=(one,))).measures

    assert bool(effect.figures) is is_told
    assert effect.withheld == (not is_told)


def test_a_small_count_keeps_back_all_that_its_query_counted() -> None:
    sums = (
        count("Decided", 20, query="q"), count("Upheld", 17, query="q"),
        count("Overturned", 3, query="q"), count("Others", 50, query="other"),
    )  # fmt: skip
    one, two = measure("ICU D8", figures=sums[2:]), measure("ICU D9", figures=sums[:2])

    shown = transparency(replace(RIDGE, measures=(one, two))).measures

    assert [[figure.name for figure in effect.figures] for effect in shown] == [["Others"], []]


def test_what_is_counted_of_documents_alone_is_told_however_few_they_are() -> None:
    few = count("Documents held", 1, query="documents")
    asked = Asked("documents", "What is held.", ("governance documents",), None)
    overview = replace(RIDGE, measures=(measure("ICU A2", figures=(few,)),), queries=(asked,))

    assert transparency(overview).measures[0].figures == (few,)


def test_a_time_is_told_only_beside_enough_of_its_query() -> None:
    few = (share("In time", 3, of=3, query="q"), seconds("Median", 40.0, query="q"))
    many = (share("In time", 30, of=30, query="q"), seconds("Median", 40.0, query="q"))
    alone = (seconds("Median", 40.0, query="q"), count("Of others", 90, query="other"))

    def told(figures: tuple[object, ...]) -> list[str]:
        overview = replace(RIDGE, measures=(measure("ICU D4", figures=figures),))
        return [figure.name for figure in transparency(overview).measures[0].figures]

    assert told(few) == []
    assert told(many) == ["In time", "Median"]
    assert told(alone) == ["Of others"]


def test_the_sentences_of_probes_and_names_of_people_are_not_in_the_files() -> None:
    figures = transparency(RIDGE)

    told = transparency_json(figures).decode() + transparency_csv(figures).decode()

    assert "Grace" not in told
    assert "were acknowledged in time." not in told
    assert "Nothing is held" not in told


def test_every_row_names_its_query_and_the_head_and_every_name_is_explained() -> None:
    figures = transparency(RIDGE)

    found = list(csv.DictReader(io.StringIO(transparency_csv(figures).decode())))

    assert {(row["checkpoint"], row["root"]) for row in found} == {("4210", "5f" * 32)}
    asked = {row["query"] for row in found}
    assert asked <= {query.name for query in RIDGE.queries} | {HEARD}
    columns = set(found[0]) | {
        row["figure"].removesuffix("_median").removesuffix("_p90").removesuffix("_p95")
        for row in found
        if row["table"] != "measure"
    }
    assert columns <= set(DICTIONARY)
    assert b"share_in_time" in dictionary_csv()


def test_figures_that_were_written_down_give_the_same_files() -> None:
    figures = transparency(RIDGE)

    again = read(Transparency, json.loads(json.dumps(written(figures))))

    assert transparency_csv(again) == transparency_csv(figures)


def test_a_spreadsheet_runs_nothing_that_somebody_wrote() -> None:
    file = as_csv(("a",), [("=cmd()",), ("-1",), (-1,), (0.5,), (None,)])

    assert file.decode().split("\r\n") == ["a", "'=cmd()", "'-1", "-1", "0.5", '""', ""]


def test_findings_are_told_in_full_to_whom_they_are_given() -> None:
    assert b"ICU A2,not_met,Acknowledged in time,12,14," in figures_csv(RIDGE)
    assert turns_csv(RIDGE).count(b"\r\n") == 9
    assert b"kind,illegal_content" in heard_csv(RIDGE)
    assert b"who.pdf," + b"12" * 32 in papers_csv(RIDGE)
    done = replace(RIDGE.tasks[0], closed_at=NOW, note="Grace was named.")
    assert b",Grace was named.," in tasks_csv(replace(RIDGE, tasks=(done,)))
    assert b"review,,A year has passed." in tasks_csv(RIDGE)
