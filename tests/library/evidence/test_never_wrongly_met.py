"""Whatever is counted, what is late, lost, switched off or only told is never called met."""

from hypothesis import given
from hypothesis import strategies as st

from dutybound.evidence.matching import CSAM_HASHES, NEW_CONTENT, BanksSeen, Matched, NewContent
from dutybound.evidence.moderation import CASES, CasesSeen, OfSeverity
from dutybound.evidence.probe import find
from dutybound.evidence.probes import PROBES
from dutybound.evidence.status import Status
from dutybound.evidence.takedown import CLAIMS, TAKEN_DOWN, Claims, Removals, TakenDown

FEW, MANY = st.integers(0, 2), st.integers(0, 300)
ROWS = st.builds(
    OfSeverity,
    severity=st.integers(1, 5),
    opened=MANY,
    in_time=MANY,
    late=FEW,
    waiting=FEW,
    waiting_late=FEW,
    oldest_seconds=st.floats(0, 1e6),
    overdue_seconds=st.floats(0, 1e6),
    median_seconds=st.floats(0, 1e6),
)


@st.composite
def some_removals(draw: st.DrawFn) -> Removals:
    """Removals whose parts add up."""
    in_time, late, pending, overdue = draw(MANY), draw(FEW), draw(FEW), draw(FEW)
    removed = in_time + late + pending + overdue
    intimate = draw(st.integers(0, min(removed, 3)))
    return Removals(
        removed=removed,
        said=draw(st.integers(0, in_time + late)),
        in_time=in_time,
        late=late,
        pending=pending,
        overdue=overdue,
        told_in_time=draw(st.integers(0, removed)),
        undelivered=draw(FEW),
        intimate=intimate,
        intimate_late=draw(st.integers(0, intimate)),
        intimate_open=draw(FEW),
        left_up=draw(FEW),
    )


@st.composite
def some_matches(draw: st.DrawFn) -> Matched:
    """Matches of which no more were right than were looked at."""
    at_receipt, later = draw(MANY), draw(FEW)
    reviewed = draw(st.integers(0, at_receipt + later))
    right = draw(st.integers(0, reviewed))
    return Matched(at_receipt, later, reviewed, right, at_receipt + later - reviewed)


BANKS = st.builds(
    BanksSeen,
    banks=FEW,
    in_force=FEW,
    keeping=FEW,
    newest_days=st.floats(0, 60),
    unprotected=FEW,
    looking_back=FEW,
    oldest_look_back_seconds=st.floats(0, 1e6),
    matched=some_matches(),
)


@given(rows=st.lists(ROWS, max_size=4, unique_by=lambda row: row.severity))
def test_while_a_case_waits_too_long_nothing_is_reviewed_in_time(rows: list[OfSeverity]) -> None:
    seen = CasesSeen(illegal=tuple(rows), children=())

    status = find(PROBES["ICU C1"], "ICU C1", {CASES.name: seen}).status

    if any(row.waiting_late for row in rows):
        assert status in (Status.AT_RISK, Status.NOT_MET)


@given(removals=some_removals(), claimed=FEW)
def test_what_is_not_known_to_be_down_was_not_taken_down_swiftly(
    removals: Removals, claimed: int
) -> None:
    answers = {
        TAKEN_DOWN.name: TakenDown(illegal=removals, children=Removals()),
        CLAIMS.name: Claims(surfaces=3, infeasible=2, claimed=claimed, expired=0),
    }

    status = find(PROBES["ICU C2"], "ICU C2", answers).status

    if status is Status.MET:
        assert removals.said or not removals.removed
        assert removals.overdue == removals.undelivered == 0
        assert removals.intimate_late == removals.intimate_open == 0
        assert claimed or not removals.left_up
    if removals.intimate_late or removals.undelivered:
        assert status is Status.NOT_MET


@given(banks=BANKS, media=MANY, in_part=FEW)
def test_without_a_bank_in_force_nothing_is_compared(
    banks: BanksSeen, media: int, in_part: int
) -> None:
    came = NewContent(items=media + 2, media=media + 2, in_part=in_part)
    answers = {CSAM_HASHES.name: banks, NEW_CONTENT.name: came}

    status = find(PROBES["ICU C9"], "ICU C9", answers).status

    if not banks.in_force:
        assert status is Status.NOT_MET
    if status is Status.MET:
        assert banks.keeping
        assert banks.newest_days is not None
        assert banks.newest_days <= 30
