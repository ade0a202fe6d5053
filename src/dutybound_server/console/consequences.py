"""What a decision will do, said before it is taken."""

from dutybound.cases.judgement import UNDO_WINDOW, EnforcementKind
from dutybound_server.casework.queries import Preview

DONE = {
    EnforcementKind.TAKE_DOWN: "taken down",
    EnforcementKind.RESTRICT: "shown to fewer people",
    EnforcementKind.LABEL: "marked with a warning",
    EnforcementKind.RESTORE: "shown again",
}
UNDO = f"Undo for {UNDO_WINDOW.days} days."
CHOOSE = "Choose an outcome, and what will happen stands here."


def will_happen(preview: Preview, *, enforce: EnforcementKind | None, subject_kind: str) -> str:
    """One sentence: what the service is told, who is told, and until when it can be undone.

    `enforce` is what the service is told in the end; None while nothing is chosen.
    """
    if enforce is None:
        return CHOOSE
    things = _counted(preview.items, subject_kind)
    if enforce is EnforcementKind.NONE:
        return f"{things} {_stays(preview.items)} as now, and nobody is told. {UNDO}"
    verb = "is" if preview.items == 1 else "are"
    return f"{things} {verb} {DONE[enforce]}, {_told(preview)}. {UNDO}"


def _told(preview: Preview) -> str:
    if not preview.accounts:
        return "no author is known to be told"
    verb = "is" if preview.accounts == 1 else "are"
    told = f"{_counted(preview.accounts, 'account')} {verb} told"
    told += (
        f" ({preview.by_mail} by e-mail)" if preview.by_mail else " (where the service shows it)"
    )
    return told + (f", {preview.untold} without a known author" if preview.untold else "")


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _stays(number: int) -> str:
    return "stays" if number == 1 else "stay"
