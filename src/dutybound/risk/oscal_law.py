"""The Codes as an OSCAL catalog, and the measures that apply to a service as a profile of it."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from dutybound.register.book import Line
from dutybound.register.entries import Dates, Provision
from dutybound.risk.oscal_parts import (
    CATALOG,
    Draft,
    Json,
    line,
    number,
    prop,
    prose,
    token,
)
from dutybound.risk.record_basis import CODES

_DAYS = ("proposed", "submitted", "laid", "issued", "in_force", "until")


class NothingApplies(ValueError):
    """On that day no measure is known to apply, and a profile of nothing is no profile."""


def the_catalog(draft: Draft) -> Json:
    """The measures of the Codes and the duties of the Act, as the register has them on the day."""
    edition = draft.basis.edition
    lines = (*edition.measures, *edition.duties)
    keys = {key for entry in lines for key in entry.provision.confidence.sources}
    book = edition.register
    return {
        "uuid": number("catalog", draft.basis.as_of.isoformat(), book.compiled.isoformat()),
        "metadata": draft.head(
            "Ofcom's Codes of Practice for user-to-user services, and duties of the Online "
            "Safety Act 2023, in our own words",
            remarks=book.caveat,
            props=[
                prop("law-as-of", draft.basis.as_of.isoformat()),
                prop("compiled", book.compiled.isoformat()),
            ],
        ),
        "groups": [
            _code_group(code, list(of_code))
            for code, of_code in groupby(lines, key=lambda entry: entry.provision.code)
        ],
        "back-matter": {
            "resources": [
                {"uuid": source_number(key), "title": key, "description": prose(book.sources[key])}
                for key in sorted(keys)
            ]
        },
    }


def the_profile(draft: Draft) -> Json:
    """The measures in force that apply, each with the reason. Raises `NothingApplies`."""
    applying = draft.basis.applying
    if not applying:
        raise NothingApplies(f"no measure is known to apply on {draft.basis.as_of.isoformat()}")
    name = line(draft.basis.assessment.service.name, otherwise="a service without a name")
    controls = [token(answer.provision.id) for answer in applying]
    return {
        "uuid": draft.uuid("profile"),
        "metadata": draft.head(f"Measures that apply to {name}"),
        "imports": [{"href": CATALOG, "include-controls": [{"with-ids": controls}]}],
        "merge": {"as-is": True},
        "modify": {
            "alters": [
                {
                    "control-id": control,
                    "adds": [{"position": "ending", "props": [prop("applies-because", a.why)]}],
                }
                for control, a in zip(controls, applying, strict=True)
            ]
        },
    }


def source_number(key: str) -> str:
    """The number of a source in every catalog."""
    return number("source", key)


def _code_group(code: str, lines: Sequence[Line]) -> Json:
    parts: dict[str, list[Line]] = {}
    for entry in lines:
        parts.setdefault(entry.provision.part or "duties", []).append(entry)
    return {
        "id": token(code),
        "class": "code",
        "title": CODES[code],
        "groups": [
            {
                "id": token(f"{code} {part}"),
                "class": "part",
                "title": line(part.replace("_", " ").capitalize()),
                "controls": [_control(entry) for entry in of_part],
            }
            for part, of_part in parts.items()
        ],
    }


def _control(entry: Line) -> Json:
    provision = entry.provision
    control = token(provision.id)
    links = [
        {"href": f"#{source_number(key)}", "rel": "reference"}
        for key in provision.confidence.sources
    ]
    return {
        "id": control,
        "class": "duty" if provision.is_duty else "measure",
        "title": line(provision.title),
        "props": list(_props(entry)),
        **({"links": links} if links else {}),
        "parts": list(_parts(provision, control)),
    }


def _props(entry: Line) -> Iterable[Json]:
    provision = entry.provision
    yield {"name": "label", "value": provision.id}
    yield prop("standing", entry.standing.value)
    yield prop("confidence", provision.confidence.level)
    for name in _DAYS:
        yield from _day(provision.dates, name)
    if provision.permissive:
        yield prop("may-be-declined", "yes")
    for section in (*provision.duties, *filter(None, [provision.section])):
        yield prop("section", section)
    for verified in provision.confidence.verified:
        yield prop("verified-part", verified)


def _day(dates: Dates, name: str) -> Iterable[Json]:
    day = getattr(dates, name)
    if day is not None:
        from_memory = {"remarks": "This day is from memory."} if name in dates.recalled else {}
        yield prop(name.replace("_", "-"), day.isoformat(), **from_memory)


def _parts(provision: Provision, control: str) -> Iterable[Json]:
    items = [
        {"id": f"{control}_smt.{place}", "name": "item", "prose": prose(text)}
        for place, text in enumerate(provision.requires, 1)
    ]
    statement: Json = {"id": f"{control}_smt", "name": "statement"}
    yield statement | ({"parts": items} if items else {"prose": prose(provision.title)})
    yield {
        "id": f"{control}_gdn",
        "name": "guidance",
        "title": "Whom it is for",
        "prose": prose(provision.applies_plain),
    }
