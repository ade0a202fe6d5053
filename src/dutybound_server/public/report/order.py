"""The order of the questions, and where a person is in it."""

from collections.abc import Iterator, Mapping
from typing import Any

from dutybound_server.casework.models import Desk
from dutybound_server.public.report import intimate
from dutybound_server.public.report import questions as q
from dutybound_server.public.report.steps import DONE, Answers, Step

# Own words first; what kind it is comes after, and may stay unknown. Steps of one kind of report
# stand behind the question that leads to them.
STEPS: tuple[Step, ...] = (
    q.WORDS,
    q.PLACES,
    q.SORT,
    q.HARM,
    *intimate.STEPS,
    q.COMPLAINT,
    q.APPEAL,
    q.FILES,
    q.BLOCK,
    q.REPLY,
)
BY_NAME: Mapping[str, Step] = {step.name: step for step in STEPS}


def asked(answers: Answers, desk: Desk) -> Iterator[Step]:
    """The steps that concern this person, in order."""
    return (step for step in STEPS if step.concerns(answers, desk))


def step_named(name: str, answers: Answers, desk: Desk) -> Step | None:
    """The step, if it concerns this person. More places may be named by everybody."""
    step = BY_NAME.get(name)
    return step if step and (step is q.PLACES or step.concerns(answers, desk)) else None


def next_after(answers: Answers, desk: Desk) -> Step | None:
    """The first step that is not answered yet; None: all are, and can be checked."""
    done = answers.get(DONE, [])
    return next((step for step in asked(answers, desk) if step.name not in done), None)


def before(step: Step, answers: Answers, desk: Desk) -> Step | None:
    """The step whose page came before; None for the first one."""
    earlier = [one for one in asked(answers, desk) if STEPS.index(one) < STEPS.index(step)]
    return earlier[-1] if earlier else None


def marked_done(step: Step, answers: Answers) -> dict[str, Any]:
    """What the draft keeps so that the step counts as answered."""
    return {DONE: list(dict.fromkeys([*answers.get(DONE, []), step.name]))}
