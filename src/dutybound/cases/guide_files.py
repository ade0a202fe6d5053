"""The guides that come with this version: their YAML, read whole or not at all."""

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from dutybound.cases.guides import Answer, Guide, Inference, Judges, Offence, Part, Question, Source
from dutybound.register.loading import (
    BadRegister,
    Page,
    Shapes,
    did_you_mean,
    pages_under,
    read_date,
    read_page,
)


@cache
def guides() -> tuple[Guide, ...]:
    """All guides, in the order of their titles. Raises BadRegister if a file is wrong."""
    folder = files("dutybound.cases").joinpath("data", "guides")
    schema = folder.joinpath("schema.json").read_text("utf-8")
    read = read_guides(pages_under(folder), schema=schema)
    return tuple(sorted(read, key=lambda guide: guide.title))


def guide_called(name: str) -> Guide | None:
    """The guide of that id; None if there is none."""
    return next((guide for guide in guides() if guide.id == name), None)


def read_guides(texts: Iterable[tuple[str, str]], *, schema: str) -> Sequence[Guide]:
    """Guides from names and texts of files; each id and each kind of harm only once."""
    shapes, read, seen = Shapes(schema), [], set[str]()
    for name, text in texts:
        page = read_page(text, file=name)
        shapes.check(page, kind="guide")
        guide = _guide(page)
        for one in (guide.id, *(f"harm {harm}" for harm in guide.harms)):
            if one in seen:
                raise BadRegister(f"{page.place('id')}: {one} has a guide already")
            seen.add(one)
        read.append(guide)
    return read


def _guide(page: Page) -> Guide:
    content = page.content
    guide = Guide(
        id=content["id"],
        version=content["version"],
        reviewed=read_date(content["reviewed"], place=page.place("reviewed")),
        review_by=read_date(content["review_by"], place=page.place("review_by")),
        judges=Judges(content.get("judges", Judges.LAW)),
        title=content["title"],
        about=content["about"],
        harms=tuple(content["harms"]),
        questions=tuple(_question(one) for one in content["questions"]),
        offences=tuple(_offence(one) for one in content["offences"]),
        inferences=tuple(_inference(one) for one in content.get("inferences", ())),
    )
    if guide.review_by <= guide.reviewed:
        raise BadRegister(f"{page.place('review_by')}: expected a day after it was reviewed")
    _check_names(guide, page)
    return guide


def _question(entry: dict[str, Any]) -> Question:
    return Question(
        id=entry["id"],
        part=Part(entry["part"]),
        ask=entry["ask"],
        source=_source(entry),
        help=entry.get("help", ""),
    )


def _offence(entry: dict[str, Any]) -> Offence:
    return Offence(
        entry["id"], entry["law"], tuple(entry["needs"]), tuple(entry.get("defences", ()))
    )


def _inference(entry: dict[str, Any]) -> Inference:
    when = {fact: frozenset(map(Answer, said)) for fact, said in entry["when"].items()}
    return Inference(entry["then"], when, entry["says"], _source(entry))


def _source(entry: dict[str, Any]) -> Source:
    return Source(entry["source"], entry["confidence"])


def _check_names(guide: Guide, page: Page) -> None:
    """Each name means one question, of a part where it counts as what it is."""
    parts = {question.id: question.part for question in guide.questions}
    if len(parts) < len(guide.questions):
        raise BadRegister(f"{page.place('questions')}: two questions have the same id")
    elements = {Part.CONDUCT, Part.MIND}
    wanted = [
        *(("offences", name, elements) for one in guide.offences for name in one.needs),
        *(("offences", name, {Part.DEFENCE}) for one in guide.offences for name in one.defences),
        *(("inferences", one.then, {Part.MIND}) for one in guide.inferences),
        *(("inferences", name, set(Part)) for one in guide.inferences for name in one.when),
    ]
    for where, name, expected in wanted:
        if name not in parts:
            hint = did_you_mean(name, parts)
            raise BadRegister(f"{page.place(where)}: there is no question {name}{hint}")
        if parts[name] not in expected:
            raise BadRegister(
                f"{page.place(where)}: {name} is of the part {parts[name]}, "
                f"expected {' or '.join(sorted(expected))}"
            )
    idle = sorted(parts.keys() - {name for _, name, _ in wanted})
    if idle:
        raise BadRegister(f"{page.place('questions')}: nothing rests on {', '.join(idle)}")
