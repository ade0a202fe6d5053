"""The sections of an assessment in order, and how far each is."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse

from dutybound.register.book import register
from dutybound.register.entries import Question
from dutybound.risk.access import access_of
from dutybound.risk.controls import applying, uncontrolled
from dutybound.risk.document import Assessment
from dutybound.risk.finish import hindrances
from dutybound.risk.gaps import gaps
from dutybound.risk.proposals import kinds_to_rate
from dutybound.risk.questions import is_answered, questions_for
from dutybound.risk.scope import scope_of
from dutybound_server.assurance.queries import answered_parts
from dutybound_server.console.assessment_pages import Desk

SCOPE = {
    (True, False): "In scope",
    (True, True): "In scope, but for a part",
    (None, False): "Counts as in scope",
    (False, False): "Out of scope",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A line of the task list. `done` of `total`; `says` where figures alone would not."""

    title: str
    hint: str
    address: str
    done: int
    total: int
    says: str = ""

    @property
    def state(self) -> str:
        """done, started or waiting."""
        if self.done >= self.total:
            return "done"
        return "started" if self.done else "waiting"


def sections_of(desk: Desk) -> list[Section]:
    """The task list; a service that is out of scope is asked nothing more."""
    if scope_of(desk.document).in_scope is False:
        return [_service(desk), _scope(desk), _check(desk)]
    return [
        _service(desk),
        _scope(desk),
        *_questions(desk),
        _children(desk),
        _risks(desk),
        _measures(desk),
        _gaps(desk),
        _check(desk),
    ]


def open_question(desk: Desk, *, after: str = "") -> Question | None:
    """The next question without an answer, after that one or from the start."""
    asked = questions_for(desk.document, as_of=desk.today)
    place = next((n for n, one in enumerate(asked, 1) if one.id == after), 0)
    waiting = (one for one in (*asked[place:], *asked) if not is_answered(one, desk.document))
    return next(waiting, None)


def is_rated(document: Assessment, harm: str) -> bool:
    risk = document.risks.get(harm)
    return risk is not None and risk.level is not None


def _at(view: str, desk: Desk, *more: str) -> str:
    return reverse(f"console:{view}", args=[desk.service.slug, *more])


def _service(desk: Desk) -> Section:
    service = desk.document.service
    told = [service.name, service.provider, service.description]
    return Section(
        "The service",
        "What it is called, who runs it, what it is for",
        _at("assessment_about", desk),
        sum(bool(text) for text in told),
        len(told),
    )


def scope_steps(desk: Desk) -> list[tuple[str, bool]]:
    """The pages of the scope section in order, and whether each was answered."""
    answered = answered_parts(desk.draft)
    scope = desk.document.scope
    has_before = desk.draft.based_on is not None or "all" in answered
    steps = [
        (test.id, has_before or f"scope/{test.id}" in answered or _told(scope, test.id))
        for test in register().scope_tests
    ]
    steps.append(("exemptions", bool(scope.exemptions)))
    return steps


def _told(scope: object, test: str) -> bool:
    return getattr(scope, test, None) is not None


def _scope(desk: Desk) -> Section:
    steps = scope_steps(desk)
    answer = scope_of(desk.document)
    first = next((step for step, answered in steps if not answered), "")
    address = _at("assessment_scope", desk, first) if first else _at("assessment_in_scope", desk)
    says = "" if first else SCOPE[answer.in_scope, answer.part_only]
    hint = "Whether the Act's duties reach it at all"
    return Section(
        "Is it in scope?", hint, address, sum(done for _, done in steps), len(steps), says
    )


def _questions(desk: Desk) -> Iterator[Section]:
    asked = questions_for(desk.document, as_of=desk.today)
    for group, members in groupby(sorted(asked, key=_by_group), key=lambda one: one.group):
        questions = list(members)
        open_ones = [one for one in questions if not is_answered(one, desk.document)]
        first = (open_ones or questions)[0]
        address = _at("assessment_question", desk, first.id)
        if not open_ones:
            address = f"{_at('assessment_questions', desk)}#{group_id(group)}"
        done = len(questions) - len(open_ones)
        hint = f"{len(questions)} question{'' if len(questions) == 1 else 's'}"
        yield Section(f"Questions: {group.lower()}", hint, address, done, len(questions))


def _by_group(question: Question) -> int:
    groups = list(dict.fromkeys(one.group for one in register().questions))
    return groups.index(question.group)


def group_id(group: str) -> str:
    return group.lower().replace(" ", "-")


def _children(desk: Desk) -> Section:
    access = access_of(desk.document, as_of=desk.today)
    is_known = access.likely is not None
    total = 1 + len(access.needs)
    return Section(
        "Children's access",
        "What your answers come to, and what you need to write down",
        _at("assessment_children", desk),
        int(is_known),
        total,
    )


def _risks(desk: Desk) -> Section:
    kinds = kinds_to_rate(desk.document, as_of=desk.today)
    done = sum(is_rated(desk.document, kind.id) for kind in kinds)
    return Section(
        "Risk of each kind of harm",
        "We propose a level and say why; you decide",
        _at("assessment_risks", desk),
        done,
        len(kinds),
    )


def _measures(desk: Desk) -> Section:
    total = len(applying(desk.document, as_of=desk.today))
    left = len(uncontrolled(desk.document, as_of=desk.today))
    return Section(
        "Measures and controls",
        "What Ofcom's Codes recommend for you, and what you do about it",
        _at("assessment_measures", desk),
        total - left,
        total,
    )


def _gaps(desk: Desk) -> Section:
    found = len(gaps(desk.document, as_of=desk.today))
    kinds = kinds_to_rate(desk.document, as_of=desk.today)
    says = f"{found} left" if found else ""
    if not all(is_rated(desk.document, kind.id) for kind in kinds):
        found, says = found or 1, says or "After the risks"
    return Section(
        "Gaps",
        "Risks that nothing stands against yet",
        _at("assessment_gaps", desk),
        0 if found else 1,
        1,
        says,
    )


def _check(desk: Desk) -> Section:
    left = len(hindrances(desk.document, as_of=desk.today))
    return Section(
        "Check and approve",
        "Read it once more; the accountable person approves it",
        _at("assessment_check", desk),
        0,
        1,
        f"{left} thing{'' if left == 1 else 's'} to do first" if left else "Ready to approve",
    )
