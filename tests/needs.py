"""What some tests need beyond Python: skipped loudly without it, and required under CI."""

import os
import shutil
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOW_TO_GET = MappingProxyType(
    {
        "browser": "apt install chromium",
        "curl": "apt install curl",
        "foreign": "apt install golang-go golang-golang-x-mod-dev nodejs npm && make foreign",
        "oscal": "make oscal",
        "peers": "make peers",
        "postgresql": ".ci/with-postgresql make test (after: apt install postgresql)",
    }
)

PEERS = ("faiss", "pyarrow", "ray", "threatexchange")
"""What constraints-peers.txt brings."""


OSCAL = Path(__file__).parents[1] / ".venv-oscal"
"""Where constraints-oscal.txt is installed, apart, since its versions are not ours."""

FOREIGN = Path(__file__).parent / "foreign"
GO_PACKAGES = Path("/usr/share/gocode")
"""Where Debian has the sources of Go's packages."""


def chromium() -> str | None:
    """Where the system's Chromium is; $CHROMIUM names another."""
    names = (os.environ.get("CHROMIUM", "chromium"), "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop in this thread, so Django would refuse to ask its database.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
        found = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield found
        found.close()


def is_here(need: str) -> bool:
    if need == "browser":
        return chromium() is not None
    if need == "curl":
        return shutil.which("curl") is not None
    if need == "foreign":
        programs = all(map(shutil.which, ("go", "node")))
        sumdb = GO_PACKAGES / "src/golang.org/x/mod/sumdb/tlog"
        return programs and sumdb.exists() and (FOREIGN / "node_modules/@sigstore/verify").exists()
    if need == "oscal":
        return (OSCAL / "bin" / "trestle").exists()
    if need == "peers":
        return all(map(find_spec, PEERS))
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def missing_needs(item: pytest.Item) -> list[str]:
    return [need for need in HOW_TO_GET if item.get_closest_marker(need) and not is_here(need)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what drives a browser last.

    Once Playwright's event loop runs in this thread, Django keeps a second set of connections
    for it, and a test that closes all of its connections would leave the first set open.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for need in missing_needs(item):
        if os.environ.get("CI") == "true":
            pytest.fail(f"under CI every test runs; this one needs {HOW_TO_GET[need]}")
        pytest.skip(f"needs {need}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for need, count in _skipped(terminalreporter.stats).items():
        terminalreporter.write_line(
            f"{count} tests were skipped that need {need}. To run them: {HOW_TO_GET[need]}",
            yellow=True,
        )


def _skipped(stats: Mapping[str, list[pytest.TestReport]]) -> dict[str, int]:
    reasons = [str(report.longrepr) for report in stats.get("skipped", [])]
    counts = {need: sum(f"needs {need}" in why for why in reasons) for need in HOW_TO_GET}
    return {need: count for need, count in counts.items() if count}
