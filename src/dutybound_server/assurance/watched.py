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
    """A measure that applies, or may, or is taken all the same.

    `control` is what the assessment says is done about it.
    """

    answer: Answer
    control: Control | None

    @property
    def measure(self) -> str:
        return self.answer.provision.id

    @property
    def is_chosen(self) -> bool:
        """Whether it is not asked of the service, which takes it all the same."""
        return self.answer.applies is Applies.NO

    @property
    def is_unsure(self) -> bool:
        """Whether it is not known if it applies, and nothing is done about it."""
        return self.answer.applies is Applies.UNKNOWN and not _is_done(self.control)

    @property
    def is_taken(self) -> bool:
        """Whether a status is shown; otherwise what was recorded instead stands in its place."""
        return self.control is None or self.control.state not in NOT_TAKEN


def assessment_of(service: Service) -> Assessment | None:
    """The approved assessment; where none is, what people have answered so far."""
    found = newest_version(service) or open_draft(service)
    return None if found is None else document_of(found)


def watched(service: Service, *, today: date) -> tuple[Watched, ...]:
    """The measures in force that apply, may apply, or are taken, in the order of the register."""
    assessment = assessment_of(service) or Assessment()
    controls = {m: control for control in assessment.controls for m in control.measures}
    found = (
        Watched(answer, controls.get(answer.provision.id))
        for answer in measures_for(known(assessment, as_of=today), today)
        if answer.standing is OnTheDay.IN_FORCE
    )
    return tuple(one for one in found if not one.is_chosen or _is_done(one.control))


def _is_done(control: Control | None) -> bool:
    return control is not None and control.state is ControlState.IN_PLACE
