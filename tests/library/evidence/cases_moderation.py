"""Cases of the probes of moderation, of taking down, of matching, and of accounts."""

from collections.abc import Mapping
from dataclasses import replace

from dutybound.evidence.accounts import ACCOUNTS, AccountsSeen
from dutybound.evidence.documents import DOCUMENTS, Documents, Held
from dutybound.evidence.matching import (
    CSAM_HASHES,
    CSAM_LINKS,
    INTIMATE_HASHES,
    NEW_CONTENT,
    BanksSeen,
    Matched,
    NewContent,
)
from dutybound.evidence.moderation import CASES as CASES_QUERY
from dutybound.evidence.moderation import CasesSeen, OfSeverity
from dutybound.evidence.moderation_people import CAPACITY, TRAINED, Capacity, Trained
from dutybound.evidence.moderation_targets import (
    ACCURACY,
    CLOCKS,
    TARGETS,
    Accuracies,
    Accuracy,
    Clock,
    Clocks,
    TargetsSet,
)
from dutybound.evidence.probe import Query
from dutybound.evidence.takedown import (
    CLAIMS,
    TAKEN_DOWN,
    Claims,
    OfHarm,
    Removals,
    TakenDown,
)
from tests.library.evidence.cases import Answers, Cases

HOUR, DAY = 3600.0, 86_400.0
NO_CASES = CasesSeen(illegal=(), children=())


def seen(children: bool, *rows: OfSeverity) -> CasesSeen:
    """Cases of one Code; of the other, one that would turn any of its probes."""
    other = (OfSeverity(5, waiting=9, waiting_late=9, overdue_seconds=90 * DAY),)
    return CasesSeen(other, rows) if children else CasesSeen(rows, other)


WELL = (
    OfSeverity(5, opened=120, in_time=120, median_seconds=HOUR),
    OfSeverity(3, opened=400, in_time=398, late=2, waiting=3, oldest_seconds=DAY,
               median_seconds=5 * HOUR),
)  # fmt: skip
LATE = OfSeverity(5, opened=120, in_time=119, waiting=1, waiting_late=1, oldest_seconds=5 * HOUR,
                  overdue_seconds=HOUR, median_seconds=HOUR)  # fmt: skip
FORGOTTEN = replace(LATE, overdue_seconds=8 * DAY)
FEW = OfSeverity(5, opened=3, in_time=3, median_seconds=HOUR)


def reviewed(children: bool) -> Cases:
    return Cases(
        not_met={CASES_QUERY: seen(children, FORGOTTEN, WELL[1])},
        not_enough={CASES_QUERY: seen(children, FEW)},
        met={CASES_QUERY: seen(children, *WELL)},
        at_risk={CASES_QUERY: seen(children, LATE, WELL[1])},
        others=(
            ("not_enough_evidence", {CASES_QUERY: seen(children)}),
            ("at_risk", {CASES_QUERY: seen(children, replace(FEW, waiting=1, waiting_late=1,
                                                             overdue_seconds=1.0))}),
            ("not_met", {CASES_QUERY: seen(children, replace(LATE, waiting_late=60))}),
        ),
    )  # fmt: skip


def prioritised(children: bool) -> Cases:
    slow = replace(WELL[0], median_seconds=9 * HOUR)
    return Cases(
        not_met={CASES_QUERY: seen(children, slow, WELL[1])},
        not_enough={CASES_QUERY: seen(children, WELL[0])},
        met={CASES_QUERY: seen(children, *WELL)},
        at_risk={CASES_QUERY: seen(children, LATE, WELL[1])},
        others=(
            ("not_enough_evidence", {CASES_QUERY: seen(children, FEW, WELL[1])}),
            ("not_met", {CASES_QUERY: seen(children, replace(LATE, overdue_seconds=2 * DAY))}),
        ),
    )


RIGHT = Accuracy(
    looked_again=80, agreed=78, golden=40, golden_right=39, against=300, taken_back=4
)  # fmt: skip


def judged(children: bool, accuracy: Accuracy) -> Accuracies:
    other = Accuracy(looked_again=90, against=90, taken_back=90)
    return Accuracies(other, accuracy) if children else Accuracies(accuracy, other)


KEPT = Clock(in_time=96, late=3, waiting_late=1)


def clocked(children: bool, clock: Clock) -> Clocks:
    other = Clock(waiting_late=90)
    return Clocks(other, clock) if children else Clocks(clock, other)


def targets(children: bool) -> Cases:
    def given(
        accuracy: Accuracy = RIGHT,
        *,
        own: int = 2,
        rows: tuple[OfSeverity, ...] = WELL,
        clock: Clock = KEPT,
    ) -> Answers:
        return {
            CASES_QUERY: seen(children, *rows),
            CLOCKS: clocked(children, clock),
            TARGETS: TargetsSet(illegal=9, children=own) if children else TargetsSet(own, 9),
            ACCURACY: judged(children, accuracy),
        }

    return Cases(
        not_met=given(replace(RIGHT, agreed=20)),
        not_enough=given(replace(RIGHT, looked_again=2, agreed=2)),
        met=given(),
        at_risk=given(own=0),
        others=(
            ("not_met", given(replace(RIGHT, taken_back=100))),
            ("not_met", given(rows=(replace(WELL[1], in_time=100, late=300),))),
            ("not_met", given(replace(RIGHT, golden_right=2), own=0)),
            ("not_met", given(clock=Clock(in_time=20, late=70, waiting_late=10))),
            ("at_risk", given(clock=Clock(in_time=85, late=15))),
            ("met", given(clock=Clock())),
            ("met", given(replace(RIGHT, golden=0, golden_right=0))),
            ("not_enough_evidence", given(Accuracy(), rows=())),
        ),
    )


ENOUGH = Capacity(arrived=280, decided=285, waiting=12, waiting_late=0, may_decide=4, deciding=3,
                  days=28.0, looks=90, most_looks_a_day=12)  # fmt: skip
CAPACITY_CASES = Cases(
    not_met={CAPACITY: replace(ENOUGH, waiting=400)},
    not_enough={CAPACITY: replace(ENOUGH, arrived=4, decided=4, waiting=0)},
    met={CAPACITY: ENOUGH},
    at_risk={CAPACITY: replace(ENOUGH, waiting_late=1)},
    others=(
        ("at_risk", {CAPACITY: replace(ENOUGH, decided=200)}),
        ("at_risk", {CAPACITY: replace(ENOUGH, waiting=60)}),
        ("not_met", {CAPACITY: replace(ENOUGH, may_decide=0)}),
        ("not_met", {CAPACITY: replace(ENOUGH, decided=0, waiting_late=1)}),
        ("at_risk", {CAPACITY: replace(ENOUGH, decided=0)}),
        ("not_enough_evidence", {CAPACITY: replace(ENOUGH, decided=0, waiting=0)}),
    ),
)

ALL_TRAINED = Trained(may_decide=4, in_date=4, without=0, new=0, soon=0)
HELD = Documents((Held("moderator_materials", 1, 200, has_owner=True),))
TRAINED_CASES = Cases(
    not_met={TRAINED: replace(ALL_TRAINED, in_date=3, without=1), DOCUMENTS: HELD},
    not_enough={TRAINED: Trained(0, 0, 0, 0, 0), DOCUMENTS: HELD},
    met={TRAINED: ALL_TRAINED, DOCUMENTS: HELD},
    at_risk={TRAINED: replace(ALL_TRAINED, in_date=3, without=1, new=1), DOCUMENTS: HELD},
    others=(
        ("not_met", {TRAINED: ALL_TRAINED, DOCUMENTS: Documents(())}),
        ("at_risk", {TRAINED: replace(ALL_TRAINED, soon=1), DOCUMENTS: HELD}),
        ("stale", {TRAINED: ALL_TRAINED, DOCUMENTS: Documents(
            (Held("moderator_materials", 1, -1, has_owner=True),))}),
    ),
)  # fmt: skip
VOLUNTEERS = Cases(
    not_met={DOCUMENTS: Documents(())},
    not_enough=None,
    met={DOCUMENTS: Documents((Held("volunteer_materials", 1, 200, has_owner=True),))},
    why_never_short="A document is held, or it is not.",
)

DOWN = Removals(
    removed=200, hidden=120, said=150, in_time=199, late=1, told_in_time=200, median_seconds=600.0,
    p90_seconds=HOUR, p95_seconds=2 * HOUR, told_median_seconds=300.0, intimate=20,
    by_harm=(OfHarm("fraud", 150, 150, 500.0), OfHarm("iia", 50, 50, 700.0)),
)  # fmt: skip
NEVER_SAID = replace(DOWN, said=0, in_time=120, late=0, pending=30, overdue=50)
NO_CLAIM = Claims(surfaces=2, infeasible=0, claimed=0, expired=0)


def taken_down(children: bool) -> Cases:
    def given(removals: Removals, claims: Claims = NO_CLAIM) -> Answers:
        other = replace(DOWN, undelivered=7)
        both = TakenDown(other, removals) if children else TakenDown(removals, other)
        return {TAKEN_DOWN: both, CLAIMS: claims}

    claimed = replace(NO_CLAIM, infeasible=1, claimed=1)
    return Cases(
        not_met=given(replace(DOWN, in_time=20, late=180)),
        not_enough=given(NEVER_SAID),
        met=given(DOWN),
        at_risk=given(replace(DOWN, overdue=1)),
        others=(
            ("not_enough_evidence", given(Removals())),
            ("not_enough_evidence", given(replace(DOWN, removed=3, in_time=3, late=0))),
            ("not_met", given(replace(NEVER_SAID, told_in_time=20))),
            ("not_met", given(replace(DOWN, undelivered=1))),
            ("not_met", given(replace(DOWN, intimate_late=1))),
            ("not_met", given(replace(DOWN, intimate_open=1))),
            ("not_met", given(replace(DOWN, left_up=1))),
            ("met", given(replace(DOWN, left_up=1), claimed)),
            ("at_risk", given(DOWN, replace(NO_CLAIM, infeasible=1, expired=1))),
        ),
    )


IN_FORCE = BanksSeen(
    banks=2, in_force=1, keeping=1, newest_days=2.0, unprotected=0, looking_back=0,
    oldest_look_back_seconds=None,
    matched=Matched(at_receipt=40, later=3, reviewed=40, right=36),
)  # fmt: skip
CAME = NewContent(items=500, media=300, in_part=1)


def compared(query: Query[BanksSeen]) -> Cases:
    def given(banks: BanksSeen, came: NewContent = CAME) -> Answers:
        return {query: banks, NEW_CONTENT: came}

    part: tuple[tuple[str, Answers], ...] = ()
    if query is not CSAM_LINKS:
        part = (
            ("not_met", given(IN_FORCE, replace(CAME, in_part=200))),
            ("at_risk", given(IN_FORCE, replace(CAME, in_part=40))),
        )
    return Cases(
        not_met=given(replace(IN_FORCE, in_force=0)),
        not_enough=given(IN_FORCE, NewContent(items=4, media=4, in_part=0)),
        met=given(IN_FORCE),
        at_risk=given(replace(IN_FORCE, newest_days=40.0)),
        others=(
            ("not_met", given(replace(IN_FORCE, banks=0, in_force=0))),
            ("not_enough_evidence", given(IN_FORCE, NewContent(0, 0, 0))),
            ("at_risk", given(replace(IN_FORCE, unprotected=200))),
            ("not_met", given(replace(IN_FORCE, unprotected=200, looking_back=1))),
            ("at_risk", given(replace(IN_FORCE, looking_back=1,
                                      oldest_look_back_seconds=2 * DAY))),
            ("not_met", given(replace(IN_FORCE, looking_back=1,
                                      oldest_look_back_seconds=8 * DAY))),
            ("at_risk", given(replace(IN_FORCE, keeping=0))),
            *part,
            ("at_risk", given(replace(IN_FORCE, matched=Matched(40, 0, 40, 4)))),
            ("at_risk", given(replace(IN_FORCE, matched=Matched(excused=1)))),
            ("at_risk", given(replace(IN_FORCE, matched=Matched(40, 0, 39, 36, 1)))),
            ("not_met", given(replace(IN_FORCE, matched=Matched(40, 0, 2, 2, 38)))),
        ),
    )  # fmt: skip


CLOSED = AccountsSeen(
    opened=40, waiting=0, waiting_late=0, overdue_seconds=None, decided=40, closed=30,
    told_in_time=30, done_in_time=30, done_late=0, undone_late=0, median_seconds=HOUR,
)  # fmt: skip
ACCOUNT_CASES = Cases(
    not_met={ACCOUNTS: replace(CLOSED, waiting=1, waiting_late=1, overdue_seconds=2 * DAY)},
    not_enough={ACCOUNTS: AccountsSeen(0, 0, 0, None, 0, 0, 0, 0, 0, 0, None)},
    met={ACCOUNTS: CLOSED},
    at_risk={ACCOUNTS: replace(CLOSED, waiting=1, waiting_late=1, overdue_seconds=HOUR)},
    others=(
        ("not_enough_evidence", {ACCOUNTS: replace(CLOSED, done_in_time=0)}),
        ("not_met", {ACCOUNTS: replace(CLOSED, done_in_time=0, told_in_time=2)}),
        ("not_met", {ACCOUNTS: replace(CLOSED, done_in_time=5, done_late=25)}),
        ("at_risk", {ACCOUNTS: replace(CLOSED, undone_late=1)}),
        ("not_enough_evidence", {ACCOUNTS: replace(CLOSED, closed=2, done_in_time=2)}),
    ),
)

CASES: Mapping[str, Cases] = {
    "reviewed": reviewed(children=False),
    "reviewed_children": reviewed(children=True),
    "prioritised": prioritised(children=False),
    "prioritised_children": prioritised(children=True),
    "targets": targets(children=False),
    "targets_children": targets(children=True),
    "capacity": CAPACITY_CASES,
    "trained": TRAINED_CASES,
    "volunteer_materials": VOLUNTEERS,
    "taken_down": taken_down(children=False),
    "taken_down_children": taken_down(children=True),
    "hashes_csam": compared(CSAM_HASHES),
    "links_csam": compared(CSAM_LINKS),
    "hashes_intimate": compared(INTIMATE_HASHES),
    "accounts_terrorism": ACCOUNT_CASES,
}
