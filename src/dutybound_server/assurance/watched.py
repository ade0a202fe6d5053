"""Which measures are looked at: those that apply by the assessment, and what is done about each."""

from dataclasses import dataclass
from datetime import date

from dutybound.register.applies import Answer, Applies, measures_for
from dutybound.register.entries import Standing as OnTheDay
from dutybound.risk.document import Assessment, Control, ControlState
from dutybound.risk.known import known
from dutybound_server.assurance.queries import document_of, newest_version, open_draft
from dutybound_server.people.models import Service

NOT_TAKEN = (
    ControlState.REFUSED,
    ControlState.DECLINED,
    ControlState.IDLE,
    ControlState.ALTERNATIVE,
)
"""States of a control in which the measure itself is not taken, for a recorded reason."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A measure that applies, or may; `control` is what the assessment says is done about it."""

    answer: Answer
    control: Control | None

    @property
    def measure(self) -> str:
        return self.answer.provision.id

    @property
    def applies(self) -> bool:
        """False where it is not known whether it applies."""
        return self.answer.applies is Applies.YES

    @property
    def is_taken(self) -> bool:
        """Whether a status is shown; otherwise what was recorded instead stands in its place."""
        return self.control is None or self.control.state not in NOT_TAKEN


def assessment_of(service: Service) -> Assessment | None:
    """The approved assessment; where none is, what people have answered so far."""
    found = newest_version(service) or open_draft(service)
    return None if found is None else document_of(found)


def watched(service: Service, *, today: date) -> tuple[Watched, ...]:
    """The measures in force that apply to the service or may, in the order of the register."""
    assessment = assessment_of(service) or Assessment()
    controls = {m: control for control in assessment.controls for m in control.measures}
    return tuple(
        Watched(answer, controls.get(answer.provision.id))
        for answer in measures_for(known(assessment, as_of=today), today)
        if answer.applies is not Applies.NO and answer.standing is OnTheDay.IN_FORCE
    )
