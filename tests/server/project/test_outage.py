"""PostgreSQL goes away and comes back while we serve."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.project.processes import Postgresql, eventually, free_port, serving

pytestmark = pytest.mark.postgresql
ANY_SESSION = "sessionid=" + "a" * 32


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[Postgresql]:
    # Not below pytest's folder, which only its owner may enter: PostgreSQL refuses to be root.
    folder = Path("/tmp") / f"dutybound-postgresql-{os.getpid()}-{free_port()}"
    folder.mkdir()
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    one = Postgresql(folder, free_port())
    one.make()
    one.start()
    yield one
    one.stop()
    shutil.rmtree(folder)


def test_a_database_that_is_gone_is_a_clear_503_and_nobody_has_to_mend_it(
    tmp_path: Path, postgresql: Postgresql
) -> None:
    with serving(tmp_path / "data", DATABASE_URL=postgresql.url) as served:
        assert eventually(lambda: served.get("/readyz").status == 200)
        assert served.get("/console/", Cookie=ANY_SESSION).status == 302

        postgresql.stop()
        page = served.get("/console/", Cookie=ANY_SESSION)
        assert page.status == 503
        assert page.headers["Retry-After"] == "5"
        assert b"Nothing you sent was stored" in page.data
        refusal = served.get("/api/v1/enforcements", Authorization=f"Bearer {a_key()}")
        assert refusal.status == 503
        assert refusal.headers["Content-Type"] == "application/problem+json"
        assert refusal.headers["Retry-After"] == "5"
        ready = served.get("/readyz")
        assert ready.status == 503
        assert ready.json()["checks"]["database"] == "the database does not answer"
        assert served.get("/healthz").status == 200

        postgresql.start()
        assert served.get("/console/", Cookie=ANY_SESSION).status == 302
        assert served.get("/api/v1/enforcements", Authorization=f"Bearer {a_key()}").status == 401
        assert eventually(lambda: served.get("/readyz").status == 200)


def a_key() -> str:
    """Text of the shape of a key, so that the database is asked for it."""
    return "db_0123456789_" + "a" * 43
