"""A backup taken while items arrive becomes a service that answers, with a whole journal."""

import shutil
from pathlib import Path

from click.testing import CliRunner

from dutybound.cli.main import main
from tests.journeys.installation import Installation, running
from tests.journeys.test_kill import Client


def test_a_backup_under_load_comes_back_as_a_service_whose_journal_verifies(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    backup = tmp_path / "backup.tar"
    with running(tmp_path / "first", DUTYBOUND_WEB_PROCESSES="1") as first:
        wishes = {"slug": "ridge", "staff": [], "endpoint": "http://127.0.0.1:9/", "pdq": []}
        key = first.ask("tests.journeys.prepare", **wishes)["key"]
        busy = Client(first, name="busy", key=key, rests=0.05)
        busy.start()
        while len(busy.answers) < 20:
            assert busy.is_alive()
            busy.join(0.05)

        before = set(busy.answers)
        first.run("backup", str(backup))
        during = set(busy.answers) - before
        busy.end()
        first.stop()

    second = Installation(tmp_path / "second", DUTYBOUND_WEB_PROCESSES="1")
    second.run("restore", str(backup))
    shutil.copytree(tmp_path / "first/var/keys", tmp_path / "second/var/keys")
    try:
        second.start()

        kept = {name for name in busy.answers if is_there(second, name, key=key)}
        verified = CliRunner().invoke(main, ["verify-journal", str(second.export_journal())])
        again = second.call("POST", "/api/v1/items", key=key, body={"id": "new", "text": "hello"})
    finally:
        second.stop()

    assert during, "nothing arrived while the backup was taken"
    assert kept >= before
    assert verified.exit_code == 0, verified.output
    assert again.status == 200


def is_there(installation: Installation, name: str, *, key: str) -> bool:
    return installation.call("GET", f"/api/v1/items/{name}", key=key).status == 200
