"""A finding can be made again from what was written down, and says when it was altered."""

from dataclasses import replace

import pytest

from dutybound.evidence.complaints_letters import ACKNOWLEDGED, Acknowledged
from dutybound.evidence.probe import BadInputs, find, find_again
from dutybound.evidence.probes import PROBES, QUERIES, by_measure

MEASURE = "ICU D4"
SEEN = Acknowledged(received=100, in_time=100, late=0, waiting_late=0, median_seconds=1.5)


def test_a_finding_is_made_again_from_its_inputs() -> None:
    found = find(PROBES[MEASURE], MEASURE, {ACKNOWLEDGED.name: SEEN})

    assert find_again(PROBES[MEASURE], MEASURE, found.inputs) == found
    assert find_again(PROBES[MEASURE], MEASURE, found.inputs).digest == found.digest


def test_another_count_gives_another_digest() -> None:
    found = find(PROBES[MEASURE], MEASURE, {ACKNOWLEDGED.name: SEEN})
    other = find(PROBES[MEASURE], MEASURE, {ACKNOWLEDGED.name: replace(SEEN, received=101)})

    assert found.digest != other.digest


def test_inputs_that_are_none_are_refused_by_name() -> None:
    with pytest.raises(BadInputs, match="acknowledged: in_time"):
        find_again(PROBES[MEASURE], MEASURE, {"acknowledged": {"received": 3}})
    with pytest.raises(BadInputs, match="acknowledged: expected"):
        find_again(PROBES[MEASURE], MEASURE, {})


def test_a_measure_has_one_probe() -> None:
    with pytest.raises(ValueError, match="has two probes"):
        by_measure([PROBES[MEASURE], PROBES[MEASURE]])


def test_every_figure_names_a_query() -> None:
    found = find(PROBES[MEASURE], MEASURE, {ACKNOWLEDGED.name: SEEN})

    assert {figure.query for figure in found.figures} <= set(QUERIES)
