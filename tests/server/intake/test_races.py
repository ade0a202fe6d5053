"""What arrives at the same moment has the same end as what arrives in turn."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.installation import installed

CROWD = "tests.server.intake.crowd"
THREADS = 6


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def crowd(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Any]]:
    url = os.environ["DATABASE_URL"] if request.param == "postgresql" else ""
    folder: Path = tmp_path_factory.mktemp("crowd")
    with installed(folder, database_url=url) as installation:
        yield lambda story: installation.ask(CROWD, story)


def test_the_same_delivery_at_once_is_stored_once(crowd: Callable[[str], Any]) -> None:
    assert crowd("the_same_delivery") == {
        "different_answers": 1,
        "files_without_a_row": 0,
        "items": 1,
        "cases": 1,
        "opened": 1,
    }


def test_of_different_contents_at_once_one_is_taken(crowd: Callable[[str], Any]) -> None:
    left = crowd("different_content")

    assert (left["conflicts"], left["items"]) == (THREADS - 1, 1)


def test_an_author_seen_at_once_is_one_account(crowd: Callable[[str], Any]) -> None:
    left = crowd("one_author")

    assert (left["accounts"], left["items"]) == (1, THREADS)


def test_an_item_that_crosses_a_signal_is_found_all_the_same(crowd: Callable[[str], Any]) -> None:
    left = crowd("a_signal_crosses_items")

    assert left["items"] == 12
    assert (left["found"], left["unfinished"]) == (12, 0)
    assert (left["cases"], left["opened"]) == (12, 12)


def test_a_flood_of_items_at_once_quarantines_its_signal_once(crowd: Callable[[str], Any]) -> None:
    left = crowd("a_flood")

    assert (left["quarantined"], left["told"], left["items"]) == (1, 1, THREADS * 8)
    assert 19 <= left["cases"] < THREADS * 8


def test_each_verdict_is_journalled_once(crowd: Callable[[str], Any]) -> None:
    assert crowd("two_journals")["told"] == 20
