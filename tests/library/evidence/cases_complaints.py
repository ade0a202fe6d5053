"""Cases of the probes of how people are heard, and of how the terms read."""

from collections.abc import Mapping
from dataclasses import replace

from dutybound.evidence.complaints_answers import (
    ANSWERERS,
    HEARD,
    RIGHTS_TOLD,
    Answerers,
    Heard,
    HeardOf,
    RightsTold,
)
from dutybound.evidence.complaints_appeals import APPEALED, RESTORED, Appeals, Restored
from dutybound.evidence.complaints_beforehand import INFORMED, SIGNPOSTED, Informed, Signposted
from dutybound.evidence.complaints_exceptions import (
    DISREGARDED,
    FRAUD_CHANNEL,
    Disregards,
    FraudChannel,
)
from dutybound.evidence.complaints_form import (
    FORM,
    FORM_USE,
    OF_CHILDREN,
    OF_ILLEGAL_CONTENT,
    Form,
    FormUse,
)
from dutybound.evidence.complaints_letters import (
    ACKNOWLEDGED,
    EXPLAINED,
    Acknowledged,
    Explained,
)
from dutybound.evidence.complaints_opting_out import OPTED_OUT, OptedOut
from dutybound.evidence.documents import DOCUMENTS, Documents, Held
from dutybound.evidence.reading import TERMS_TEXT, TERMS_USE, TermsText
from dutybound.evidence.status import Status
from tests.library.evidence.cases import Answers, Cases

DAY = 86_400.0
OPEN = Form(
    is_open=True,
    closed_seconds=0.0,
    takes=tuple(sorted(OF_ILLEGAL_CONTENT | OF_CHILDREN)),
    by_form=40,
    without_account=12,
    of_children=6,
    through_service=3,
)
CLOSED = replace(OPEN, is_open=False, through_service=0)
USED = FormUse(sent=80, left=20, about_content=60, from_content=50)
INFORMS = Informed(silent=(), by_page=40, through_service=0)
SIGNPOSTS = Signposted(by_page=40, by_children=9, through_service=0, helpers=2, overdue=0)
ON_TIME = Acknowledged(
    received=100, in_time=100, late=0, waiting_late=0, within_seconds=300, median_seconds=1.5
)
EXPLAINS = Explained(read=60, say_outcomes=60, say_told=60)
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
READABLE = TermsText(held=True, grade=7.4, days_left=200)
CHECKED = Documents((Held(TERMS_USE, 1, 200, has_owner=True),))


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


def form(**changes: object) -> Answers:
    return {FORM: replace(OPEN, **changes)}  # type: ignore[arg-type]


def of_form(missing: str, **few: object) -> Cases:
    takes = tuple(kind for kind in OPEN.takes if kind != missing)
    return Cases(
        not_met={FORM: CLOSED},
        not_enough=form(**few),
        met={FORM: OPEN},
        at_risk=form(closed_seconds=DAY),
        others=(
            (Status.NOT_MET, form(takes=takes)),
            (Status.AT_RISK, form(is_open=False)),
            (Status.NOT_ENOUGH, form(by_form=9)),
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


def terms(text: TermsText = READABLE, documents: Documents = CHECKED) -> Answers:
    return {TERMS_TEXT: text, DOCUMENTS: documents}


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
    "complaints_enabled": of_form("proactive_technology", without_account=0),
    "complaints_enabled_children": of_form("harmful_to_children", of_children=0),
    "complaints_easy": Cases(
        not_met={FORM_USE: replace(USED, sent=20, left=80)},
        not_enough={FORM_USE: replace(USED, sent=2, left=0)},
        met={FORM_USE: USED},
        at_risk={FORM_USE: replace(USED, sent=50, left=50)},
        others=(
            (Status.NOT_MET, {FORM_USE: replace(USED, from_content=0)}),
            (Status.NOT_ENOUGH, {FORM_USE: FormUse(0, 0, 0, 0)}),
        ),
    ),
    "informed_before": Cases(
        not_met={INFORMED: replace(INFORMS, silent=("cy, for children",))},
        not_enough={INFORMED: replace(INFORMS, by_page=3)},
        met={INFORMED: INFORMS},
        others=((Status.NOT_ENOUGH, {INFORMED: replace(INFORMS, through_service=1)}),),
    ),
    "signposts_for_children": Cases(
        not_met={SIGNPOSTED: replace(SIGNPOSTS, helpers=0)},
        not_enough={SIGNPOSTED: replace(SIGNPOSTS, by_page=2, by_children=1)},
        met={SIGNPOSTED: SIGNPOSTS},
        at_risk={SIGNPOSTED: replace(SIGNPOSTS, overdue=1)},
        others=(
            (Status.NOT_ENOUGH, {SIGNPOSTED: replace(SIGNPOSTS, by_children=0)}),
            (Status.NOT_ENOUGH, {SIGNPOSTED: replace(SIGNPOSTS, through_service=1)}),
        ),
    ),
    "acknowledgements": Cases(
        not_met={ACKNOWLEDGED: replace(ON_TIME, in_time=50, late=50)},
        not_enough={ACKNOWLEDGED: replace(ON_TIME, received=3, in_time=3)},
        met={ACKNOWLEDGED: ON_TIME},
        at_risk={ACKNOWLEDGED: replace(ON_TIME, waiting_late=1)},
    ),
    "acknowledgements_explain": Cases(
        not_met={EXPLAINED: replace(EXPLAINS, say_outcomes=10)},
        not_enough={EXPLAINED: Explained(5, 5, 5)},
        met={EXPLAINED: EXPLAINS},
        at_risk={EXPLAINED: replace(EXPLAINS, say_told=59)},
    ),
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
    "terms_reading_level": Cases(
        not_met=terms(replace(READABLE, grade=13.2)),
        not_enough=terms(TermsText(held=False, grade=None, days_left=None)),
        met=terms(),
        at_risk=terms(replace(READABLE, grade=9.0)),
        others=(
            (Status.NOT_ENOUGH, terms(replace(READABLE, grade=None))),
            (Status.NOT_ENOUGH, terms(documents=Documents(()))),
            (Status.STALE, terms(replace(READABLE, days_left=-1))),
            (Status.STALE, terms(documents=Documents((Held(TERMS_USE, 1, -1, has_owner=True),)))),
            (Status.AT_RISK, terms(documents=Documents((Held(TERMS_USE, 1, 9, has_owner=True),)))),
        ),
    ),
}
