"""An assessment from OSCAL: the whole of one that we exported, or what others' plans tell."""

import binascii
import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType

from pydantic import ValidationError

from dutybound.register.book import register
from dutybound.risk.document import Assessment, Control, ControlState, Service
from dutybound.risk.oscal_parts import ASSESSMENT_TYPE, OSCAL_VERSION, token
from dutybound.risk.oscal_plan import IMPLEMENTED

_PLAN = "system-security-plan"
_STATES = MappingProxyType(
    {word: state for state, word in IMPLEMENTED.items()} | {"partial": ControlState.TASK}
)


class BadOscal(ValueError):
    """What was given is no OSCAL that can be read. The message begins with the path."""


@dataclass(frozen=True, slots=True)
class Imported:
    """An assessment, and what a person should know of how much of it came over."""

    assessment: Assessment
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _At:
    """A value inside a document, and the path that leads to it."""

    value: object
    path: str

    def fail(self, expected: str) -> BadOscal:
        shown = type(self.value).__name__
        return BadOscal(f"{self.path or 'the document'}: expected {expected}, got {shown}")

    def inner(self, key: str) -> "_At | None":
        if not isinstance(self.value, dict):
            raise self.fail("an object")
        if key not in self.value:
            return None
        return _At(self.value[key], f"{self.path}/{key}" if self.path else key)

    def needed(self, key: str) -> "_At":
        found = self.inner(key)
        if found is None:
            raise BadOscal(f"{self.path or 'the document'}: expected {key}, and there is none")
        return found

    def each(self, key: str) -> "Iterator[_At]":
        found = self.inner(key)
        if found is None:
            return
        if not isinstance(found.value, list):
            raise found.fail("a list")
        for place, value in enumerate(found.value):
            yield _At(value, f"{found.path}/{place}")

    def text(self, key: str) -> str:
        found = self.inner(key)
        if found is None:
            return ""
        if not isinstance(found.value, str):
            raise found.fail("text")
        return found.value


def from_oscal(document: object) -> Imported:
    """An assessment from parsed JSON: one OSCAL document, or several by their file names.

    What we exported comes back whole. Of others' system security plans it reads the name, the
    description and the controls, and says so; all else is unknown. Raises `BadOscal`.
    """
    top = _At(document, "")
    documents = list(_documents(top))
    for root in documents:
        _refuse_other_version(root)
        for resource in _resources(root):
            return Imported(_embedded(resource), ("The whole assessment came over.",))
    for root in documents:
        if root.path.rpartition("/")[2] == _PLAN:
            return _of_others(root)
    raise BadOscal(f"the document: expected a {_PLAN}, or one that holds an assessment of ours")


def _documents(top: _At) -> Iterator[_At]:
    """The root of each document, with its path: `system-security-plan`, or `ssp.json/…`."""
    if not isinstance(top.value, dict):
        raise top.fail("an object")
    for key in top.value:
        found = top.needed(key)
        if key.endswith(".json"):
            yield from _documents(found)
        elif key != "$schema":
            yield found


def _refuse_other_version(root: _At) -> None:
    version = root.needed("metadata").needed("oscal-version")
    if not isinstance(version.value, str):
        raise version.fail("text")
    if version.value.split(".")[0] != OSCAL_VERSION.split(".")[0]:
        raise BadOscal(f"{version.path}: expected {OSCAL_VERSION}, got {version.value!r}")


def _resources(root: _At) -> Iterator[_At]:
    """The resources that hold an assessment of ours."""
    back_matter = root.inner("back-matter")
    for resource in back_matter.each("resources") if back_matter else ():
        held = resource.inner("base64")
        if held is not None and held.text("media-type") == ASSESSMENT_TYPE:
            yield resource


def _embedded(resource: _At) -> Assessment:
    value = resource.needed("base64").needed("value")
    if not isinstance(value.value, str):
        raise value.fail("text")
    try:
        content = b64decode(value.value, validate=True)
    except binascii.Error as error:
        raise BadOscal(f"{value.path}: expected base64 ({error})") from error
    given = [p.text("value") for p in resource.each("props") if p.text("name") == "sha-256"]
    if given and given != [sha256(content).hexdigest()]:
        raise BadOscal(f"{value.path}: expected content with SHA-256 {given[0]}, got another")
    try:
        return Assessment.model_validate(json.loads(content))
    except ValidationError as error:
        first = error.errors()[0]
        inside = "/".join(str(step) for step in first["loc"])
        raise BadOscal(f"{value.path}, inside at {inside}: {first['msg']}") from error
    except (ValueError, RecursionError) as error:
        raise BadOscal(f"{value.path}: expected JSON inside ({error})") from error


def _of_others(plan: _At) -> Imported:
    characteristics = plan.needed("system-characteristics")
    behind, notes = _requirements(plan)
    controls = [
        _control(component, behind.get(component.text("uuid"), []))
        for component in plan.needed("system-implementation").each("components")
        if component.text("type") != "this-system"
    ]
    try:
        service = Service(
            name=characteristics.text("system-name"),
            description=characteristics.text("description"),
        )
    except ValidationError as error:
        raise BadOscal(f"{characteristics.path}: {error.errors()[0]['msg']}") from error
    told = (
        f"This plan holds no assessment of ours. Its name, its description and {len(controls)} "
        "controls came over. Facts, levels of risk, evidence and people are not known."
    )
    return Imported(Assessment(service=service, controls=tuple(controls)), (told, *notes))


_Behind = dict[str, list[tuple[str, ControlState]]]


def _requirements(plan: _At) -> tuple[_Behind, list[str]]:
    """By component, the measures it stands behind and in which state; and what was left out."""
    measures = {token(provision.id): provision.id for provision in register().provisions}
    behind: _Behind = {}
    notes = []
    for requirement in plan.needed("control-implementation").each("implemented-requirements"):
        control = requirement.text("control-id")
        if control not in measures:
            notes.append(f"{requirement.path}/control-id: {control} is no measure we know.")
            continue
        for part in requirement.each("by-components"):
            status = part.inner("implementation-status")
            state = _STATES.get(status.text("state") if status else "", ControlState.UNKNOWN)
            behind.setdefault(part.text("component-uuid"), []).append((measures[control], state))
    return behind, notes


def _control(component: _At, behind: list[tuple[str, ControlState]]) -> Control:
    states = {state for _, state in behind}
    try:
        return Control(
            id=component.text("uuid"),
            title=component.text("title"),
            description=component.text("description"),
            # Where its measures disagree, nobody can say in which state the control is.
            state=states.pop() if len(states) == 1 else ControlState.UNKNOWN,
            measures=tuple(measure for measure, _ in behind),
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise BadOscal(f"{component.path}/{first['loc'][0]}: {first['msg']}") from error
