"""One installation that the journeys of a run share, each with a service of its own."""

import os
from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from tests.journeys.installation import Installation, own_database, running


@pytest.fixture(scope="session")
def dutybound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """It runs on the kind of database that the run is for; nobody may kill it."""
    folder, server = tmp_path_factory.mktemp("dutybound"), os.environ.get("DATABASE_URL", "")
    with (
        own_database(server) if server else nullcontext("") as url,
        running(folder, database_url=url, DUTYBOUND_WEB_PROCESSES="1") as installation,
    ):
        yield installation
