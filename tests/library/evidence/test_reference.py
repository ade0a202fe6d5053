"""The reference of measures says what the probes do."""

from pathlib import Path

from dutybound.evidence.probes import PROBES, QUERIES
from dutybound.evidence.reference import measures_reference

DOCS = Path(__file__).parents[3] / "docs/reference/measures.md"


def test_the_page_is_as_it_would_be_written_now() -> None:
    told = "run `dutybound manage write_measures_reference`"
    assert DOCS.read_text() == measures_reference(), told


def test_every_measure_has_a_heading_and_every_query_a_row() -> None:
    page = measures_reference()
    headings = [line for line in page.splitlines() if line.startswith("### ")]

    assert {m for line in headings for m in line[4:].split(":")[0].split(", ")} == set(PROBES)
    assert all(f"| `{name}` |" in page for name in QUERIES)
