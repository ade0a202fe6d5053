"""Each measure that applies has a control from the start, so that nobody begins with nothing."""

from collections.abc import Collection
from datetime import date

from dutybound.risk.controls import default_controls
from dutybound.risk.document import Assessment, Control


def with_default_controls(
    document: Assessment, *, before: Assessment, today: date, saved: Collection[str] = ()
) -> Assessment:
    """The document with a default control for each measure that applies and has none.

    A default that nobody has touched moves with the answers: it goes when its measure no longer
    applies, and changes when there is something to act on. `before`: the document it came from.
    `saved`: ids of the controls that somebody has saved, which stay as they are.
    """
    was = {control.id: control for control in _defaults(before, today=today)}
    untouched = {
        control.id: control
        for control in document.controls
        if control.id not in saved
        and control.id in was
        and _gist(control) == _gist(was[control.id])
    }
    kept = tuple(control for control in document.controls if control.id not in untouched)
    new = default_controls(
        document.model_copy(update={"controls": kept}),
        as_of=today,
        owner=document.people.responsible,
        today=today,
    )
    # One that is the same but for its days keeps them: a task is due when it was due.
    same = [
        untouched[control.id]
        if control.id in untouched and _gist(untouched[control.id]) == _gist(control)
        else control
        for control in new
    ]
    return document.model_copy(update={"controls": _in_place(document, kept, same)})


def _defaults(document: Assessment, *, today: date) -> tuple[Control, ...]:
    """What the document would begin with."""
    return default_controls(
        document.model_copy(update={"controls": ()}),
        as_of=today,
        owner=document.people.responsible,
        today=today,
    )


def _gist(control: Control) -> Control:
    """The control without what depends on the day and on who answers for it."""
    return control.model_copy(update={"owner": "", "due": None, "since": None})


def _in_place(
    document: Assessment, kept: tuple[Control, ...], new: list[Control]
) -> tuple[Control, ...]:
    """What was there stays in its place; what is new comes last."""
    by_id = {control.id: control for control in (*kept, *new)}
    there = [control.id for control in document.controls if control.id in by_id]
    return tuple(by_id[id_] for id_ in dict.fromkeys([*there, *by_id]))
