"""The page about the command line knows every command and option, and its examples are run."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from PIL import Image, ImageOps

from dutybound.cli.main import COMMANDS, main
from dutybound.cli.scanning import work
from tests.library.cases.test_statements import GOOD
from tests.library.matching.decoders import DecodedHere
from tests.library.matching.photos import photo

PAGE = (Path(__file__).parents[3] / "docs/reference/cli.md").read_text()


def commands(
    found: tuple[click.Command, ...] = COMMANDS, above: str = "dutybound"
) -> Iterator[tuple[str, click.Command]]:
    for command in found:
        name = f"{above} {command.name}"
        yield name, command
        if isinstance(command, click.Group):
            yield from commands(tuple(command.commands.values()), name)


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_has_a_heading(name: str) -> None:
    assert re.search(rf"^#+ `{name}\b", PAGE, re.MULTILINE)


@pytest.mark.parametrize(
    "name",
    [
        "dutybound bank build",
        "dutybound register diff",
        "dutybound register list",
        "dutybound scan",
    ],
)
def test_every_option_is_in_a_table(name: str) -> None:
    command = dict(commands())[name]
    named = set(re.findall(r"`(--[a-z-]+)`", PAGE))

    options = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    assert {name for name in options if name.startswith("--")} <= named


def test_the_examples_answer_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(work, "decoders", DecodedHere)
    photo().save("photo.png")
    ImageOps.mirror(photo()).save("mirrored.png")
    Image.effect_mandelbrot((300, 300), (-2, -1.5, 1, 1.5), 100).save("other.png")
    named = {**GOOD, "puid": "ridge-2", "decision_facts": "Ask @bram_hill."}
    Path("statements.json").write_text(json.dumps([GOOD, named]))
    asked = []
    # Banks are made before they are read, wherever on the page that is told.
    for block in sorted(console_blocks(), key=lambda block: "bank build" not in block):
        for command, said in re.findall(
            r"^\$ dutybound (.*)\n((?:[^$\n].*\n)*)", block, re.MULTILINE
        ):
            answer = CliRunner().invoke(main, shlex.split(command))
            pattern = re.escape(said).replace("…", "[0-9a-f]+")
            assert re.fullmatch(pattern, answer.output), f"{command}: {answer.output}"
            asked.append(command)

    assert len(asked) == 10


def console_blocks() -> list[str]:
    return re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
