"""The page about the register knows every key of its files, and its example runs."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[3] / "docs/reference/register.md").read_text()
SCHEMA = json.loads(files("dutybound.register").joinpath("data/schema.json").read_text("utf-8"))


def keys(schema: object) -> Iterator[str]:
    """Every key that some page may have."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for inner in schema.values():
            yield from keys(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from keys(inner)


@pytest.mark.parametrize("key", sorted({*keys(SCHEMA)}))
def test_every_key_is_told_of(key: str) -> None:
    assert re.search(rf"`{key}[`:]|[{{ ]{key}[,}}]", PAGE)


def test_every_file_is_told_of() -> None:
    folder = files("dutybound.register").joinpath("data")
    names = {each.name if each.is_file() else f"{each.name}/*.yaml" for each in folder.iterdir()}

    assert {name for name in names if f"`{name}`" not in PAGE} == set()


def test_the_example_in_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)

    exec(compile(example, "register.md", "exec"), {})

    assert "ICU A2 in force applies because it is for every" in capsys.readouterr().out
