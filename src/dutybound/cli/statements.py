"""`dutybound statements`: check statements of reasons before anybody publishes them."""

import json
from pathlib import Path
from typing import Any

import click

from dutybound.cases.statements import check_statements
from dutybound.cli.files import FILES, BadInput

WRONG = 1


@click.group("statements")
def command() -> None:
    """Check statements of reasons in the shape of the DSA Transparency Database."""


@command.command("check")
@click.argument("path", type=FILES, metavar="FILE")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def check_file(path: Path, *, as_json: bool) -> None:
    """Check every statement of FILE: its shape, and that its free text names nobody.

    FILE is one statement as JSON, a list of them, an object with the list "statements", or one
    statement a line. Prints what is wrong with which statement, and then exits with 1.
    """
    statements = _statements(path)
    troubles = check_statements(statements)
    if as_json:
        found = [
            {"statement": place + 1, "puid": _puid(statements[place]), "field": one.field,
             "says": one.says, "personal": one.is_personal}
            for place, one in troubles
        ]  # fmt: skip
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        for place, one in troubles:
            click.echo(f"{place + 1} ({_puid(statements[place])}): {one.field}: {one.says}")
        wrong = len({place for place, _ in troubles})
        click.echo(
            f"{wrong} of {len(statements)} statements have something wrong."
            if wrong
            else f"Nothing is wrong with {len(statements)} statements."
        )
    raise SystemExit(WRONG if troubles else 0)


def _statements(path: Path) -> list[Any]:
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise BadInput(f"{path}: expected UTF-8") from None
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return _from_lines(text, path=path)
    if isinstance(whole, list):
        return whole
    if isinstance(whole, dict) and isinstance(whole.get("statements"), list):
        return list(whole["statements"])
    return [whole]


def _from_lines(text: str, *, path: Path) -> list[Any]:
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(json.loads(line))
        except (ValueError, RecursionError) as problem:
            raise BadInput(f"{path}:{number}: expected JSON: {problem}") from None
    if not found:
        raise BadInput(f"{path}: there is no statement in it")
    return found


def _puid(statement: object) -> str:
    found = statement.get("puid") if isinstance(statement, dict) else None
    return found if isinstance(found, str) else "no puid"
