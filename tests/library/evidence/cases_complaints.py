"""Cases of the probes of how what people tell us is answered."""

from collections.abc import Mapping
from dataclasses import replace

from dutybound.evidence.complaints_answers import ANSWERERS, RIGHTS_TOLD, Answerers, RightsTold
from dutybound.evidence.complaints_appeals import APPEALED, RESTORED, Appeals, Restored
from dutybound.evidence.complaints_exceptions import (
    DISREGARDED,
    FRAUD_CHANNEL,
    Disregards,
    FraudChannel,
)
from dutybound.evidence.complaints_heard import HEARD, Heard, HeardOf
from dutybound.evidence.complaints_opting_out import OPTED_OUT, OptedOut
from dutybound.evidence.status import Status
from tests.library.evidence.cases import Answers, Cases

DAY = 86_400.0
UNWRITTEN = OptedOut(opted_out=30, written_after=0, due=25, in_time=25)
IN_TIME = HeardOf(
    kind="", received=100, in_time=99, late=1, waiting=0, waiting_late=0, slow=0, untold=0,
    put_right=0, oldest_seconds=None, target_days=7.0,
)  # fmt: skip
LATE = replace(IN_TIME, in_time=50, late=50)
FEW = replace(IN_TIME, received=2, in_time=2, late=0)
WAITS = replace(FEW, received=3, waiting=1, waiting_late=1, oldest_seconds=4 * DAY)
NAMED = Answerers(
    duties_named=True, duties_by_role=1, age_named=True, age_by_role=1, age_target_set=True
)
NOBODY = replace(NAMED, duties_named=False, duties_by_role=0, age_named=False, age_by_role=0)
APPEALS = Appeals(
    lodged=100, answered=100, by_same=0, in_favour=9, looked_again=50, agreed=49,
    median_seconds=DAY, target_days=7.0, target_is_own=True,
)  # fmt: skip
PUT_BACK = Restored(
    right=30, untold=0, confirmed=30, unconfirmed=0, service_confirms=True, median_seconds=60.0
)
UNDER_POLICY = Disregards(
    disregarded=40, outside=0, checked=40, wrong=0, unchecked=0, days_to_review=100
)
NOTHING_DISREGARDED = Disregards(
    disregarded=0, outside=0, checked=0, wrong=0, unchecked=0, days_to_review=None
)
CHANNEL = FraudChannel(
    agreed=2, unreachable=0, review_overdue=0, received=60, in_time=60, late=0, waiting_late=0
)


def heard(one: HeardOf, *kinds: str) -> Heard:
    """The same of each kind."""
    return Heard(tuple(replace(one, kind=kind) for kind in kinds))


def about(kind: str) -> Cases:
    """Of a probe that looks at how soon one kind is decided alone."""
    return Cases(
        not_met={HEARD: heard(LATE, kind)},
        not_enough={HEARD: heard(FEW, kind)},
        met={HEARD: heard(IN_TIME, kind)},
        at_risk={HEARD: heard(WAITS, kind)},
        others=(
            (Status.NOT_ENOUGH, {HEARD: Heard(())}),
            # However many of another kind were in time, they say nothing of this one.
            (Status.NOT_ENOUGH, {HEARD: heard(IN_TIME, "category_1_terms")}),
            (Status.AT_RISK, {HEARD: heard(replace(IN_TIME, slow=1), kind)}),
            (Status.AT_RISK, {HEARD: heard(replace(IN_TIME, untold=1), kind)}),
            # A target that is set late enough would be kept by anybody.
            (Status.AT_RISK, {HEARD: heard(replace(IN_TIME, target_days=60.0), kind)}),
            (Status.NOT_MET, {HEARD: heard(replace(WAITS, is_statutory=True), kind)}),
        ),
    )


def owned(who: Answerers, one: HeardOf, kind: str) -> Answers:
    return {ANSWERERS: who, HEARD: heard(one, kind)}


def appealed(one: HeardOf = IN_TIME, **changes: object) -> Answers:
    return {
        APPEALED: replace(APPEALS, **changes),  # type: ignore[arg-type]
        HEARD: heard(one, "appeal_item"),
    }


def told(one: HeardOf, *, read: int, say_right: int) -> Answers:
    return {HEARD: heard(one, "proactive_technology"), RIGHTS_TOLD: RightsTold(read, say_right)}


def opted_out(**changes: object) -> Answers:
    seen = replace(UNWRITTEN, **changes)  # type: ignore[arg-type]
    everybody = replace(IN_TIME, received=400, in_time=370, late=30)
    return {OPTED_OUT: seen, HEARD: heard(everybody, "duties")}


def disregards(**changes: object) -> Answers:
    seen = replace(UNDER_POLICY, **changes)  # type: ignore[arg-type]
    return {DISREGARDED: seen, HEARD: heard(IN_TIME, "duties")}


def nothing_disregarded(one: HeardOf) -> Answers:
    return {DISREGARDED: NOTHING_DISREGARDED, HEARD: heard(one, "duties")}


CASES: Mapping[str, Cases] = {
    "opting_out": Cases(
        not_met=opted_out(written_after=1),
        not_enough=opted_out(opted_out=3),
        met=opted_out(),
        at_risk=opted_out(in_time=5),
        # One message is enough, however few opted out.
        others=((Status.NOT_MET, opted_out(opted_out=1, written_after=1)),),
    ),
    "reports_acted_on": about("illegal_content"),
    "reports_acted_on_children": about("harmful_to_children"),
    "proactive_complaints": Cases(
        not_met=told(IN_TIME, read=60, say_right=0),
        not_enough=told(FEW, read=2, say_right=2),
        met=told(IN_TIME, read=60, say_right=60),
        at_risk=told(IN_TIME, read=60, say_right=59),
        others=((Status.NOT_MET, told(LATE, read=60, say_right=60)),),
    ),
    "other_complaints": Cases(
        not_met=owned(NOBODY, IN_TIME, "duties"),
        not_enough=owned(NAMED, FEW, "duties"),
        met=owned(NAMED, IN_TIME, "duties"),
        at_risk=owned(NAMED, WAITS, "duties"),
        others=((Status.NOT_MET, owned(NAMED, LATE, "duties")),),
    ),
    "age_complaints_monitored": Cases(
        not_met=owned(NAMED, LATE, "age"),
        not_enough=owned(NAMED, FEW, "age"),
        met=owned(NAMED, IN_TIME, "age"),
        at_risk=owned(replace(NAMED, age_target_set=False), IN_TIME, "age"),
        others=((Status.NOT_MET, owned(NOBODY, IN_TIME, "age")),),
    ),
    "age_complaints": Cases(
        not_met=owned(NOBODY, IN_TIME, "age"),
        # That an age was corrected is not seen: where one was judged wrongly it is never met.
        not_enough=owned(NAMED, replace(IN_TIME, put_right=1), "age"),
        met=owned(replace(NAMED, age_target_set=False), IN_TIME, "age"),
        at_risk=owned(NAMED, WAITS, "age"),
        others=((Status.NOT_ENOUGH, owned(NAMED, FEW, "age")),),
    ),
    "appeals_monitored": Cases(
        not_met=appealed(by_same=1),
        not_enough=appealed(looked_again=2, agreed=2),
        met=appealed(),
        at_risk=appealed(target_is_own=False),
        others=(
            (Status.NOT_MET, appealed(LATE)),
            (Status.NOT_MET, appealed(agreed=20)),
            (Status.NOT_ENOUGH, appealed(FEW)),
        ),
    ),
    "appeals_decided": Cases(
        # One is enough, however few there were.
        not_met=appealed(FEW, lodged=2, answered=2, in_favour=0, by_same=1),
        not_enough=appealed(FEW),
        met=appealed(),
        at_risk=appealed(WAITS),
        others=((Status.NOT_MET, appealed(LATE)),),
    ),
    "appeals_put_right": Cases(
        not_met={RESTORED: replace(PUT_BACK, untold=1)},
        not_enough={RESTORED: replace(PUT_BACK, right=2, confirmed=2)},
        met={RESTORED: PUT_BACK},
        at_risk={RESTORED: replace(PUT_BACK, unconfirmed=1)},
        others=(
            (Status.NOT_MET, {RESTORED: replace(PUT_BACK, confirmed=5, unconfirmed=25)}),
            (
                Status.NOT_ENOUGH,
                {RESTORED: replace(PUT_BACK, confirmed=0, unconfirmed=30, service_confirms=False)},
            ),
            (Status.NOT_ENOUGH, {RESTORED: Restored(0, 0, 0, 0, False, None)}),
        ),
    ),
    "disregarded_complaints": Cases(
        not_met=disregards(disregarded=1, outside=1, checked=0),
        not_enough=disregards(checked=2),
        met=disregards(),
        at_risk=disregards(checked=0, unchecked=5),
        others=(
            (Status.NOT_MET, disregards(wrong=20)),
            (Status.AT_RISK, disregards(days_to_review=30)),
            (Status.STALE, disregards(days_to_review=0)),
            (Status.MET, nothing_disregarded(IN_TIME)),
            (Status.NOT_ENOUGH, nothing_disregarded(FEW)),
        ),
    ),
    "fraud_channel": Cases(
        not_met={FRAUD_CHANNEL: replace(CHANNEL, unreachable=2)},
        not_enough={FRAUD_CHANNEL: FraudChannel(0, 0, 0, 0, 0, 0, 0)},
        met={FRAUD_CHANNEL: CHANNEL},
        at_risk={FRAUD_CHANNEL: replace(CHANNEL, review_overdue=1)},
        others=(
            (Status.NOT_MET, {FRAUD_CHANNEL: replace(CHANNEL, in_time=20, late=40)}),
            (Status.AT_RISK, {FRAUD_CHANNEL: replace(CHANNEL, waiting_late=1)}),
            (Status.AT_RISK, {FRAUD_CHANNEL: replace(CHANNEL, unreachable=1)}),
            (Status.NOT_ENOUGH, {FRAUD_CHANNEL: replace(CHANNEL, in_time=3)}),
        ),
    ),
}
