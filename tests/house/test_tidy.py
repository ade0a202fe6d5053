"""The habits of the house, kept by a test. The sets of offenders may only shrink."""

import ast
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
LONGEST_FILE = 500
LONGEST_FUNCTION = 70
LONGEST_LIB_FILE = 150

LONG_FILES: frozenset[str] = frozenset()
LONG_FUNCTIONS: frozenset[str] = frozenset()
WRITES_OUTSIDE_ACTIONS: frozenset[str] = frozenset()

# Each phrase is put together, so that this file does not hold what it looks for.
BANNED = {
    "TO" + "DO": "finish it, or write an issue",
    "FIX" + "ME": "mend it, or write an issue",
    "XX" + "X:": "say what is wrong in a sentence",
    "except " + "Exception": "catch what you can mend, by name",
    "sys.path." + "insert": "install the package instead",
    "you are " + "compliant": "we say what a Code recommends, never that somebody complies",
    "django.db.models." + "signals": "call what should happen; nothing happens by itself here",
    "django." + "dispatch": "call what should happen; nothing happens by itself here",
    "please be " + "advised": "plain English",
    "<" * 7 + " ": "a merge was left half done",
    ">" * 7 + " ": "a merge was left half done",
}
BANNED_IN_TESTS = {"time." + "sleep(": "wait for a condition, with a time limit"}
EMPTY_NAMES = {"core", "utils", "util", "common", "helpers", "helper", "base", "misc"}
TEXT = {".py", ".html", ".md", ".js", ".css", ".toml", ".txt", ".yaml", ".sh", ""}


def tracked() -> list[Path]:
    """Every file that is, or is about to be, in the repository."""
    answer = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=TOP, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [TOP / line for line in answer.stdout.splitlines() if (TOP / line).is_file()]


def named(path: Path) -> str:
    return path.relative_to(TOP).as_posix()


def python_files() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and "migrations" not in path.parts]


def texts() -> Iterator[tuple[str, str]]:
    for path in tracked():
        vendored = "vendor" in path.parts or path.name.endswith(".min.js")
        if path.suffix in TEXT and not vendored and path.name != "LICENSE":
            yield named(path), path.read_text()


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lines = {named(path): len(path.read_text().splitlines()) for path in python_files()}
    long = {name for name, count in lines.items() if count > LONGEST_FILE}
    assert long == LONG_FILES


def test_a_file_of_lib_is_one_small_noun() -> None:
    lib = TOP / "src/dutybound_server/lib"
    long = [p.name for p in lib.glob("*.py") if len(p.read_text().splitlines()) > LONGEST_LIB_FILE]
    assert long == []


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{named(path)}:{node.name}"
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    }
    assert long == LONG_FUNCTIONS


@pytest.mark.parametrize("phrase", BANNED)
def test_a_banned_phrase_is_nowhere(phrase: str) -> None:
    found = [name for name, text in texts() if phrase in text]
    assert found == [], BANNED[phrase]


@pytest.mark.parametrize("phrase", BANNED_IN_TESTS)
def test_a_phrase_banned_in_tests_is_in_no_test(phrase: str) -> None:
    found = [name for name, text in texts() if name.startswith("tests/") and phrase in text]
    assert found == [], BANNED_IN_TESTS[phrase]


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [named(path) for path in python_files() if path.stem in EMPTY_NAMES] == []


def test_the_constraints_hold_no_address() -> None:
    assert "://" not in (TOP / "constraints.txt").read_text()


def test_every_constraint_has_a_hash() -> None:
    lines = (TOP / "constraints.txt").read_text().replace("\\\n", " ").splitlines()
    assert [line for line in lines if "==" in line and "--hash=sha256:" not in line] == []


def test_what_comes_from_npm_is_pinned_by_hash_and_by_no_address() -> None:
    packages = json.loads((TOP / "tests/foreign/package-lock.json").read_text())["packages"]
    pinned = {name: package for name, package in packages.items() if name}
    assert pinned
    assert [
        name for name, one in pinned.items() if not one["integrity"].startswith("sha512-")
    ] == []
    assert [name for name, one in pinned.items() if "resolved" in one] == []


# One door for writes

SQL_THAT_WRITES = re.compile(r"\s*(?:UPDATE|INSERT INTO|DELETE FROM|REPLACE INTO)\s")


def writes_rows(call: ast.Call) -> bool:
    """Whether a call looks like one of Django's that change rows.

    A dict's or a digest's update takes a positional argument, a queryset's takes names; a storage
    or a picture saves under a name, a row saves without one.
    """
    if not isinstance(call.func, ast.Attribute):
        return False
    names = {keyword.arg for keyword in call.keywords}
    match call.func.attr:
        case "create" | "create_user" | "get_or_create" | "update_or_create":
            return True
        case "bulk_create" | "bulk_update" | "acreate" | "aupdate" | "asave" | "adelete":
            return True
        case "update":
            return bool(names) and not call.args
        case "save":
            return not call.args and names <= {"update_fields", "force_insert", "using"}
        case "delete":
            return not call.args and not names
    return False


def is_sql_that_writes(node: ast.Constant) -> bool:
    return bool(SQL_THAT_WRITES.match(str(node.value)))


def may_write(path: Path) -> bool:
    return "actions" in {path.stem, *path.parts} or "migrations" in path.parts


def test_only_actions_write() -> None:
    writers = {
        f"{named(path)}:{node.lineno}"
        for path in (TOP / "src/dutybound_server").rglob("*.py")
        if not may_write(path)
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Call) and writes_rows(node))
        or (isinstance(node, ast.Constant) and is_sql_that_writes(node))
    }
    assert {writer.rsplit(":")[0] for writer in writers} == WRITES_OUTSIDE_ACTIONS, writers


@pytest.mark.parametrize(
    ("call", "is_write"),
    [
        ("Case.objects.create(status='open')", True),
        ("Case.objects.filter(id=1).update(status='open')", True),
        ("case.save()", True),
        ("case.save(update_fields=['status'])", True),
        ("media.delete()", True),
        ("digest.update(chunk)", False),
        ("picture.save(buffer, 'png')", False),
        ("storage.delete(name)", False),
    ],
)
def test_a_write_is_told_from_what_only_looks_like_one(call: str, is_write: bool) -> None:
    node = ast.parse(call, mode="eval").body
    assert isinstance(node, ast.Call)
    assert writes_rows(node) is is_write


@pytest.mark.parametrize(
    ("text", "is_write"),
    [
        ("UPDATE items_item SET text = %s", True),
        ("DELETE FROM items_item", True),
        ("SELECT number FROM banks_bankversion FOR UPDATE", False),
        ("Update the page.", False),
    ],
)
def test_sql_that_writes_is_told_from_what_only_reads(text: str, is_write: bool) -> None:
    assert is_sql_that_writes(ast.Constant(text)) is is_write


# Pages


def templates() -> list[Path]:
    return [path for path in tracked() if path.suffix in {".html", ".txt"} and is_template(path)]


def is_template(path: Path) -> bool:
    return "templates" in path.parts


# A block of JSON is data: no browser runs it, and the policy lets it stand.
INLINE = re.compile(
    r"<script(?![^>]*(\bsrc=|type=.application/json))[^>]*>|<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:",
    re.IGNORECASE,
)


def test_no_page_has_script_or_style_in_it() -> None:
    found = [(named(p), hit.group()) for p in templates() for hit in INLINE.finditer(p.read_text())]
    assert found == []


def test_every_template_is_used() -> None:
    written = "\n".join(path.read_text() for path in [*python_files(), *templates()])
    unused = [name for name in map(template_name, templates()) if f'"{name}' not in written]
    # Allauth and Django look these up by name: their own pages, and one for each refusal.
    theirs = re.compile(r"(account|allauth|mfa)/|\d{3}(_csrf)?\.html$")
    assert [name for name in unused if not theirs.match(name)] == []


def template_name(path: Path) -> str:
    return path.as_posix().rpartition("/templates/")[2]
