"""What a moderator decides, for one case or for the same content everywhere, and its undoing."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from dutybound.cases.appeals import NoticeKind
from dutybound.cases.guides import Judged
from dutybound.cases.judgement import (
    IN_FAVOUR,
    UNDO_WINDOW,
    EnforcementKind,
    can_still_undo,
    problems,
    to_enforce,
)
from dutybound.cases.sanctions import ForAccount, trouble_with
from dutybound.cases.status import EventKind, Status
from dutybound.register.harms import HARMS
from dutybound_server.casework.account import TakenBack, account_words, taken_back_words
from dutybound_server.casework.actions.cases import hold_claim
from dutybound_server.casework.actions.consequences import (
    bring_consequences,
    undo_consequences,
    wait_for_banks,
)
from dutybound_server.casework.actions.enforcements import enforce
from dutybound_server.casework.actions.events import happened, locked_case
from dutybound_server.casework.actions.judgings import facts_of, keep_judging, refuse_unreasoned
from dutybound_server.casework.actions.notices import tell_author
from dutybound_server.casework.actions.outside import bind_decision, unbind_decision
from dutybound_server.casework.actions.settling import settle_concerns, take_back_outcomes
from dutybound_server.casework.actions.standing import raise_standing
from dutybound_server.casework.models import Appeal, Case, Decision, Enforcement
from dutybound_server.casework.queries import (
    MOST_AT_ONCE,
    are_identical,
    case_state,
    last_decision,
    open_appeals,
)
from dutybound_server.casework.refusals import CaseNotFound, DecisionRefused
from dutybound_server.casework.statements import draft_statement, undone_words
from dutybound_server.casework.subjects import ACCOUNT
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is decided, whichever case it is about."""

    enforcement_kind: EnforcementKind
    ground: str
    rule: str
    harm: str
    reasons: str
    statement: str
    judging: Judged | None
    """How it was reasoned, where the person was guided."""
    for_account: ForAccount | None
    """None leaves what counts already, or lets it count as usual."""


@transaction.atomic
def decide_case(
    *,
    case_id: int,
    by: User,
    enforcement_kind: str,
    ground: str,
    rule: str,
    harm: str,
    reasons: str,
    statement: str,
    now: datetime,
    judging: Judged | None = None,
    for_account: ForAccount | None = None,
) -> Decision:
    """Decide a case that one holds or that is free: tell the service, and tell the author.

    `none` says that nothing is wrong; where the item was kept from view, it becomes `restore`.
    What `judging` gives must not be at odds with the decision. `for_account` is what the author's
    account gets beside; where none is known, nobody does.
    Raises DecisionRefused, AlreadyClaimed.
    """
    judgement = _judgement(
        enforcement_kind=enforcement_kind,
        ground=ground,
        rule=rule,
        harm=harm,
        reasons=reasons,
        statement=statement,
        judging=judging,
        for_account=for_account,
    )
    wait_for_banks(case_ids=[case_id])
    return _decide(locked_case(case_id), judgement, by=by, batch=None, now=now)


@transaction.atomic
def decide_identical(
    *,
    case_ids: Collection[int],
    by: User,
    enforcement_kind: str,
    ground: str,
    rule: str,
    harm: str,
    reasons: str,
    statement: str,
    now: datetime,
    judging: Judged | None = None,
    for_account: ForAccount | None = None,
) -> list[Decision]:
    """Decide the same about the same content everywhere, each case by a decision of its own.

    Either all are decided or none. Raises DecisionRefused, AlreadyClaimed, CaseNotFound.
    """
    judgement = _judgement(
        enforcement_kind=enforcement_kind,
        ground=ground,
        rule=rule,
        harm=harm,
        reasons=reasons,
        statement=statement,
        judging=judging,
        for_account=for_account,
    )
    if len(set(case_ids)) > MOST_AT_ONCE:
        raise DecisionRefused("case_ids", f"Decide at most {MOST_AT_ONCE} cases at once.")
    wait_for_banks(case_ids=case_ids)
    # In one order everywhere, so that two bulk decisions wait for each other and never lock up.
    cases = [locked_case(case_id) for case_id in sorted(set(case_ids))]
    _refuse_if_not_one_thing(cases, by=by)
    batch = uuid.uuid4()
    return [_decide(case, judgement, by=by, batch=batch, now=now) for case in cases]


@transaction.atomic
def undo_decision(*, decision_id: int, by: User, now: datetime) -> Decision:
    """Take a decision back within 30 days: the item is as before, and its case is open again.

    An item that was held or blocked before goes back to being held, not into view. Undoing
    the answer to an appeal leaves the appeal to be answered anew. Raises DecisionRefused.
    """
    decision = Decision.objects.select_related("case", "by").get(id=decision_id)
    wait_for_banks(case_ids=[decision.case_id])
    case = locked_case(decision.case_id)
    decision.refresh_from_db()
    _refuse_undo(decision, case, by=by, now=now)
    return _undo(decision, case, by=by, now=now)


@transaction.atomic
def undo_batch(*, batch: uuid.UUID, by: User, now: datetime) -> list[Decision]:
    """Take back all decisions of a bulk that still stand as they were made.

    Those that were undone, appealed or decided anew since are left alone; if that is all of
    them, raises DecisionRefused.
    """
    decisions = list(Decision.objects.filter(batch=batch).order_by("case_id"))
    wait_for_banks(case_ids=[decision.case_id for decision in decisions])
    # All of them before anything is told: whoever undoes one of these alone holds its case while
    # waiting to tell the service, which we then must not have begun to do.
    cases = [locked_case(decision.case_id) for decision in decisions]
    undone = []
    refusal = DecisionRefused("batch", "There is no such bulk decision.")
    for decision, case in zip(decisions, cases, strict=True):
        decision.refresh_from_db()
        try:
            _refuse_undo(decision, case, by=by, now=now)
        except DecisionRefused as refused:
            refusal = refused
        else:
            undone.append(_undo(decision, case, by=by, now=now))
    if not undone:
        raise refusal
    return undone


# Deciding


def _judgement(
    *,
    enforcement_kind: str,
    ground: str,
    rule: str,
    harm: str,
    reasons: str,
    statement: str,
    judging: Judged | None,
    for_account: ForAccount | None,
) -> Judgement:
    for field, sentence in problems(
        enforcement_kind=enforcement_kind,
        ground=ground,
        rule=rule,
        reasons=reasons,
        statement=statement,
    ):
        raise DecisionRefused(field, sentence)
    if harm not in HARMS:
        raise DecisionRefused("harm", "Choose a kind of harm of the register.")
    if judging is not None:
        refuse_unreasoned(judging, enforcement_kind=enforcement_kind, ground=ground, harm=harm)
    return Judgement(
        enforcement_kind=EnforcementKind(enforcement_kind),
        ground=ground,
        rule=rule.strip(),
        harm=harm,
        reasons=reasons.strip(),
        statement=statement.strip(),
        judging=judging,
        for_account=for_account,
    )


def _decide(
    case: Case, judgement: Judgement, *, by: User, batch: uuid.UUID | None, now: datetime
) -> Decision:
    if case.status == Status.DECIDED:
        raise DecisionRefused("case", "This case is decided. Undo the decision to decide anew.")
    _refuse_unfit(case, judgement)
    appeals = list(open_appeals(case))
    hold_claim(case, by=by, now=now)

    decision = _new_decision(case, judgement, by=by, batch=batch, now=now)
    # The decision may find a graver harm than the matches did, or a restricted one.
    raise_standing(case, harms={judgement.harm}, reach=case.reach)
    facts = _facts(decision)
    if judgement.judging is not None:
        keep_judging(decision=decision, judged=judgement.judging)
        facts |= facts_of(judgement.judging)
    happened(case, EventKind.DECIDED, by=by, now=now, note=decision.reasons, facts=facts)
    for appeal in appeals:
        appeal.outcome = decision
        appeal.save(update_fields=["outcome"])
    taken_back = bring_consequences(
        decision=decision,
        answers_appeal=bool(appeals),
        chosen=judgement.for_account,
        now=now,
    )
    _enforce(decision, now=now)
    bind_decision(decision=decision)
    _tell(decision, answers_appeal=bool(appeals), taken_back=taken_back, now=now)
    settle_concerns(case=case, now=now)
    return decision


def _new_decision(
    case: Case, judgement: Judgement, *, by: User, batch: uuid.UUID | None, now: datetime
) -> Decision:
    kind = to_enforce(judgement.enforcement_kind, state=case_state(case))
    return Decision.objects.create(
        case=case,
        batch=batch,
        enforcement_kind=kind,
        ground=judgement.ground,
        rule=judgement.rule,
        harm=judgement.harm,
        reasons=judgement.reasons,
        statement=judgement.statement or _draft(case, judgement, kind=kind),
        by=by,
        decided_at=now,
    )


def _enforce(decision: Decision, *, now: datetime) -> None:
    """Tell the service what to do, if anything."""
    kind = EnforcementKind(decision.enforcement_kind)
    if kind is not EnforcementKind.NONE:
        enforce(decision=decision, kind=kind, now=now)


def _tell(
    decision: Decision, *, answers_appeal: bool, taken_back: TakenBack, now: datetime
) -> None:
    """The author, of what was done, and of what became of an appeal."""
    if decision.enforcement_kind == EnforcementKind.NONE and not (answers_appeal or taken_back):
        return
    told_as = NoticeKind.APPEAL_DECIDED if answers_appeal else NoticeKind.DECIDED
    # Said here and not in the draft: it is true at this moment, and nobody can leave it out.
    for_account = account_words(decision.case, now=now) or taken_back_words(taken_back)
    words = f"{decision.statement}\n\n{for_account}".strip()
    tell_author(decision=decision, kind=told_as, words=words, now=now)


def _draft(case: Case, judgement: Judgement, *, kind: EnforcementKind) -> str:
    return draft_statement(
        case=case,
        enforcement_kind=kind,
        ground=judgement.ground,
        rule=judgement.rule,
        harm=judgement.harm,
        suspends=bool(judgement.for_account and judgement.for_account.days),
    )


def _facts(decision: Decision) -> dict[str, Any]:
    return {
        "decision": decision.pk,
        "enforcement_kind": decision.enforcement_kind,
        "ground": decision.ground,
        "harm": decision.harm,
        "rule": decision.rule,
        **({"batch": str(decision.batch)} if decision.batch else {}),
    }


def _refuse_unfit(case: Case, judgement: Judgement) -> None:
    """What was chosen for the account must fit the outcome, and what the case is about."""
    if judgement.for_account is None:
        return
    if judgement.enforcement_kind in IN_FAVOUR:
        raise DecisionRefused("sanction", "Nothing is taken away: choose nothing for the account.")
    trouble = trouble_with(judgement.for_account, of_account=case.subject_kind == ACCOUNT)
    if trouble is not None:
        raise DecisionRefused(*trouble)


def _refuse_if_not_one_thing(cases: Sequence[Case], *, by: User) -> None:
    if not cases:
        raise DecisionRefused("case_ids", "Choose at least one case.")
    first = cases[0]
    if any(case.service_id != first.service_id for case in cases):
        raise CaseNotFound
    if any(case.restricted for case in cases) and not may(by, first.service, May.SEE_RESTRICTED):
        raise CaseNotFound
    if any(case.status != Status.OPEN for case in cases):
        raise DecisionRefused("case_ids", "Some of these cases are decided or appealed by now.")
    if not are_identical(cases):
        raise DecisionRefused("case_ids", "These cases are not about the same content.")


# Undoing


def _refuse_undo(decision: Decision, case: Case, *, by: User, now: datetime) -> None:
    if case.restricted and not may(by, case.service, May.SEE_RESTRICTED):
        # In a bulk, a case may have become restricted since.
        raise DecisionRefused("decision", "There is no such decision.")
    if decision.undone_at is not None:
        raise DecisionRefused("decision", "This decision was undone already.")
    if not can_still_undo(decided_at=decision.decided_at, now=now):
        days = UNDO_WINDOW.days
        raise DecisionRefused("decision", f"A decision can be undone for {days} days, now over.")
    if case.status == Status.APPEALED:
        raise DecisionRefused("decision", "The author appealed, so decide the appeal instead.")
    if last_decision(case) != decision:
        raise DecisionRefused("decision", "A later decision stands; undo that one.")
    if decision.by_id != by.pk and not may(by, case.service, May.OVERTURN):
        raise DecisionRefused(
            "decision", "A colleague decided this; a senior moderator can undo it."
        )


def _undo(decision: Decision, case: Case, *, by: User, now: datetime) -> Decision:
    decision.undone_at = now
    decision.undone_by = by
    decision.save(update_fields=["undone_at", "undone_by"])
    happened(case, EventKind.UNDONE, by=by, now=now, facts={"decision": decision.pk})

    unbind_decision(decision=decision)
    taken_back = undo_consequences(decision=decision, by=by, now=now)
    state = case_state(case)
    for enforcement in Enforcement.objects.filter(decision=decision, undoes__isnull=True):
        enforce(decision=decision, kind=state, undoes=enforcement, now=now)
    if decision.notices.exists():
        words = undone_words(case, state)
        words = f"{words}\n\n{taken_back_words(taken_back)}".strip()
        tell_author(decision=decision, kind=NoticeKind.UNDONE, words=words, now=now)
    _ask_again(decision, case, by=by, now=now)
    take_back_outcomes(case=case, now=now)
    return decision


def _ask_again(decision: Decision, case: Case, *, by: User, now: datetime) -> None:
    """Appeals that the undone decision had answered wait for an answer again."""
    appeals = Appeal.objects.filter(outcome=decision)
    if not appeals.update(outcome=None):
        return
    waiting_since, due_at = case.waiting_since, case.due_at
    happened(case, EventKind.APPEALED, by=by, now=now, facts={"reopened": True})
    # It is the same appeal, so it has waited since it was lodged.
    case.waiting_since, case.due_at = waiting_since, due_at
    case.save(update_fields=["waiting_since", "due_at"])
