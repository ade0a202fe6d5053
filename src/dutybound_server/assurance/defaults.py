"""Each measure that applies has a control from the start, so that nobody begins with nothing."""

from datetime import date

from dutybound.risk.controls import default_controls
from dutybound.risk.document import Assessment


def with_default_controls(document: Assessment, *, today: date) -> Assessment:
    """The document, with a default control for each measure that applies and has none."""
    covered = {measure for control in document.controls for measure in control.measures}
    taken = {control.id for control in document.controls}
    proposed = default_controls(
        document, as_of=today, owner=document.people.responsible, today=today
    )
    new = [
        control
        for control in proposed
        if control.id not in taken and not covered.intersection(control.measures)
    ]
    return document.model_copy(update={"controls": (*document.controls, *new)})
