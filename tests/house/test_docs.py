"""Docs cannot rot: what can be typed, set, called or pressed stands in them, and links lead on."""

import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from dutybound.cli.main import COMMANDS
from dutybound_server.api.api import api
from dutybound_server.project import urls
from dutybound_server.project.configuration import SETTINGS

TOP = Path(__file__).parents[2]
DOCS = TOP / "docs"
KEY_SHEET = TOP / "src/dutybound_server/console/templates/console/cases/_keys.html"
PAGES = [*sorted(TOP.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
COMMAND_NAMES = sorted(
    {
        *(str(command.name) for command in COMMANDS),
        *(entry.name for entry in entry_points(group="dutybound.commands")),
    }
)


def name_of(page: Path) -> str:
    return page.relative_to(TOP).as_posix()


def headings() -> str:
    return "\n".join(line for page in PAGES for line in HEADING.findall(page.read_text()))


@pytest.mark.parametrize("name", COMMAND_NAMES)
def test_every_command_has_a_heading(name: str) -> None:
    assert re.search(rf"`dutybound {re.escape(name)}\b", headings())


@pytest.mark.parametrize("name", [setting.name for setting in SETTINGS])
def test_every_setting_has_a_heading(name: str) -> None:
    assert f"`{name}`" in headings()


def test_every_operation_of_the_api_is_in_its_reference() -> None:
    assert urls.urlpatterns, "the routers are attached"
    reference = (DOCS / "reference/api.md").read_text()
    operations = [
        operation["operationId"]
        for methods in api.get_openapi_schema()["paths"].values()
        for operation in methods.values()
    ]
    assert operations
    assert [one for one in operations if f"operation `{one}`" not in reference] == []


def test_every_key_of_the_console_is_in_the_guide_for_moderators() -> None:
    guide = (DOCS / "how-to/review.md").read_text()
    keys = re.findall(r"<kbd>(.+?)</kbd>", KEY_SHEET.read_text())
    assert keys
    assert [key for key in keys if f"`{key}`" not in guide] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = [target for target in LINK.findall(page.read_text()) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_guides_of_the_demo_leave_its_port_to_make_run() -> None:
    guides = [DOCS / "quickstart.md", DOCS / "connect-your-service.md"]
    assert [page.name for page in guides if ":8000" in page.read_text()] == []


def test_the_readme_can_be_read_in_one_sitting() -> None:
    assert len((TOP / "README.md").read_text().splitlines()) <= 150


def test_every_page_of_the_docs_is_in_the_index() -> None:
    index = (DOCS / "README.md").read_text()
    pages = [page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")]
    assert [page for page in pages if page != "README.md" and f"({page})" not in index] == []
