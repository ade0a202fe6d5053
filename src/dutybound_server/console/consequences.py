"""What a decision will do, said before it is taken."""

from datetime import datetime

from dutybound.cases.judgement import AGAINST, UNDO_WINDOW, EnforcementKind
from dutybound.cases.sanctions import ForAccount, SanctionKind, sanction_by, trouble_with
from dutybound_server.casework.account import counts_now, replaced_by
from dutybound_server.casework.models import Case
from dutybound_server.casework.queries import Preview, open_appeals
from dutybound_server.casework.subjects import ACCOUNT

DONE = {
    EnforcementKind.TAKE_DOWN: "taken down",
    EnforcementKind.RESTRICT: "shown to fewer people",
    EnforcementKind.LABEL: "marked with a warning",
    EnforcementKind.RESTORE: "shown again",
}
SANCTIONED = {
    SanctionKind.WARN: "warned",
    SanctionKind.LIMIT: "limited in what it can do",
    SanctionKind.SUSPEND: "suspended",
    SanctionKind.CLOSE: "closed",
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


def for_the_account(
    case: Case, *, enforce: EnforcementKind | None, chosen: ForAccount | None, now: datetime
) -> str:
    """What the decision means for the account; empty where it means nothing, or none is known."""
    if case.account is None or enforce is None:
        return ""
    appealed = open_appeals(case).exists()
    replaced = replaced_by(case=case, kind=enforce, chosen=chosen, answers_appeal=appealed, now=now)
    if enforce not in AGAINST:
        counts = any(counts_now(case, now=now)) and replaced.decisions
        return "What counts against the account because of this is taken back." if counts else ""
    if replaced.stays:
        return "For the account nothing changes: what counts already goes on."
    return _brings(chosen or ForAccount(), enforce, of_account=case.subject_kind == ACCOUNT)


def _brings(chosen: ForAccount, enforce: EnforcementKind, *, of_account: bool) -> str:
    trouble = trouble_with(chosen, of_account=of_account)
    if trouble is not None:
        return trouble[1]
    counts = "counts against the account for a year" if chosen.strike else "does not count"
    kind = sanction_by(chosen, enforcement_kind=enforce, of_account=of_account)
    if kind is None:
        return f"It {counts}."
    lasting = f" for {_counted(chosen.days, 'day')}" if chosen.days else ""
    return f"It {counts}; the account is {SANCTIONED[kind]}{lasting}, and the author is told so."


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
