"""The controls a service can begin with, as data: for each measure, and for each risk factor."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dutybound.register.loading import BadRegister, Page, Shapes, read_page
from dutybound.risk.document import ControlState


@dataclass(frozen=True, slots=True)
class DefaultControl:
    """What a control says before anybody changed it. `days`: until a task is due.

    `built_in`: the server can do it. That it does so here is for a person to say: a server that no
    service is connected to runs nothing.
    """

    title: str
    description: str
    state: ControlState
    built_in: bool
    where: str
    days: int
    harms: tuple[str, ...]
    factors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DutyControl:
    """What the server brings for a duty of the Act itself, and the page where it is run."""

    title: str
    description: str
    where: str


@dataclass(frozen=True, slots=True)
class Defaults:
    """Default controls by id of the measure, and by id of the risk factor; duties by theirs."""

    for_duties: Mapping[str, DutyControl]

    for_measures: Mapping[str, DefaultControl]
    for_factors: Mapping[str, DefaultControl]


@cache
def defaults() -> Defaults:
    """The defaults that come with this version. Raises BadRegister if its file is wrong."""
    folder = files("dutybound.risk").joinpath("data")
    text = folder.joinpath("controls.yaml").read_text("utf-8")
    schema = folder.joinpath("controls-schema.json").read_text("utf-8")
    return read_defaults(text, schema=schema)


def read_defaults(text: str, *, schema: str) -> Defaults:
    """Defaults from their file; a measure or factor that is there twice is refused."""
    page = read_page(text, file="controls.yaml")
    Shapes(schema).check(page, kind="controls")
    return Defaults(_of_duties(page), _by_id(page, "measures"), _by_id(page, "factors"))


def _of_duties(page: Page) -> dict[str, DutyControl]:
    found: dict[str, DutyControl] = {}
    for number, entry in enumerate(page.content["duties"]):
        for name in entry["duties"]:
            if name in found:
                raise BadRegister(f"{page.place('duties', number)}: {name} has a control already")
            found[name] = DutyControl(entry["title"], entry["description"], entry["where"])
    return found


def _by_id(page: Page, part: str) -> dict[str, DefaultControl]:
    found: dict[str, DefaultControl] = {}
    for number, entry in enumerate(page.content[part]):
        for name in entry[part]:
            if name in found:
                raise BadRegister(f"{page.place(part, number)}: {name} has a control already")
            found[name] = DefaultControl(
                title=entry["title"],
                description=entry["description"],
                state=ControlState(entry["state"]),
                built_in=entry.get("built_in", False),
                where=entry.get("where", ""),
                days=entry.get("days", 0),
                harms=tuple(entry.get("harms", ())),
                factors=tuple(entry.get("factors", ())),
            )
    return found
