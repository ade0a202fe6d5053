"""Cases of the probes of the form and its letters, and of how the terms read."""

from collections.abc import Mapping
from dataclasses import replace

from dutybound.evidence.complaints_beforehand import INFORMED, SIGNPOSTED, Informed, Signposted
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
    of_children=16,
    through_service=3,
)
CLOSED = replace(OPEN, is_open=False, through_service=0)
USED = FormUse(sent=80, left=20, about_content=60, from_content=50)
INFORMS = Informed(silent=(), by_page=40, through_service=0)
SIGNPOSTS = Signposted(by_page=40, by_children=9, through_service=0, helpers=2, overdue=0)
ON_TIME = Acknowledged(received=100, in_time=100, late=0, waiting_late=0, median_seconds=1.5)
EXPLAINS = Explained(read=60, say_outcomes=60, say_told=60)
READABLE = TermsText(held=True, grade=7.4, days_left=200)
CHECKED = Documents((Held(TERMS_USE, 1, 200, has_owner=True),))


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


def terms(text: TermsText = READABLE, documents: Documents = CHECKED) -> Answers:
    return {TERMS_TEXT: text, DOCUMENTS: documents}


CASES: Mapping[str, Cases] = {
    "complaints_enabled": of_form("proactive_technology", without_account=0),
    "complaints_enabled_children": of_form("harmful_to_children", of_children=9),
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
