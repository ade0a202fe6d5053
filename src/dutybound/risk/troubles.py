"""What is wrong with a profile, in our words: where, what was expected, and what came."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from dutybound.register.loading import did_you_mean
from dutybound.risk.document import USER_BANDS, Assessment
from dutybound.risk.lines import Path

_EXPECTED = {
    "bool_type": 'true, false or "unknown"',
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "date_type": "a day such as 2026-06-29",
    "date_parsing": "a day such as 2026-06-29",
    "date_from_datetime_parsing": "a day such as 2026-06-29",
    "date_from_datetime_inexact": "a day such as 2026-06-29",
    "greater_than_equal": "a number that is not below 0",
}
_LONGEST_SHOWN = 60
_GREATEST_SHOWN = 10**_LONGEST_SHOWN


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong, and the path of keys that leads to it."""

    path: Path
    says: str

    @property
    def where(self) -> str:
        """The path as people write it: `controls[2].measures`."""
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return "".join(steps).removeprefix(".")


def shown(value: object) -> str:
    """A value as it came, cut short."""
    if isinstance(value, int) and abs(value) > _GREATEST_SHOWN:
        return "a huge number"
    text = repr(value) if isinstance(value, str) else str(value)
    if isinstance(value, bool):
        text = str(value).lower()
    if isinstance(value, Mapping):
        text = "a table"
    elif isinstance(value, list | tuple):
        text = "a list"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def of_shape(error: ErrorDetails) -> Trouble:
    """What pydantic found, in our words."""
    path: Path = tuple(error["loc"])
    value: Any = error["input"]
    context: Mapping[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            keys = _keys_at(path[:-1])
            says = f"there is no such key here{did_you_mean(str(path[-1]), keys)}"
            if not says.endswith("?"):
                says += f"; there are {', '.join(keys)}"
        case "missing":
            says = f"expected {path[-1]!r}, got nothing"
        case "literal_error" | "enum":
            choices = context["expected"].replace("'", "")
            names = choices.replace(" or ", ", ").split(", ")
            says = f"expected {choices}, got {shown(value)}{did_you_mean(str(value), names)}"
        case "string_too_long":
            longest = context["max_length"]
            says = f"expected no more than {longest:,} characters, got {len(value):,}"
        case "value_error":
            says = str(context["error"])
            if isinstance(value, str) and path[-1:] == ("users",):
                says += f", got {shown(value)}{did_you_mean(value, USER_BANDS)}"
        case kind:
            expected = _EXPECTED.get(kind, error["msg"].lower())
            says = f"expected {expected}, got {shown(value)}"
    return Trouble(path, says)


def _keys_at(path: Path) -> tuple[str, ...]:
    """The keys that a part of the document may have."""
    here: Any = Assessment
    for step in path:
        here = here.model_fields[str(step)].annotation if _is_model(here) else _model_in(here)
    model = _model_in(here)
    return tuple(model.model_fields) if model else ()


def _model_in(annotation: object) -> type[BaseModel] | None:
    if _is_model(annotation):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)


def _is_model(annotation: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
