"""What tests of measuring need: people who are heard, in time or not."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from dutybound.cases.kinds import Kind
from dutybound.evidence.complaints_heard import HEARD, HeardOf
from dutybound_server.assurance.measuring.readers import READERS
from dutybound_server.casework.actions.answers import answer_concern
from dutybound_server.casework.actions.appeals import lodge_appeal
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.actions.intimate import refuse_intimate
from dutybound_server.casework.models import Appeal, Concern, Decision
from dutybound_server.people.models import Service
from tests import make
from tests.cast import NOW, Cast

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LEAVE_UP: dict[str, Any] = {
    "enforcement_kind": "none",
    "ground": "none",
    "rule": "",
    "statement": "",
}


def answered(service: Service, query: str, *, at: datetime = NOW) -> Any:  # noqa: ANN401
    """What the reader of that query gives."""
    return READERS[query](service, at)


def heard_of(service: Service, kind: Kind, *, at: datetime = NOW) -> HeardOf:
    """What became of one kind."""
    (found,) = [one for one in answered(service, HEARD.name, at=at).kinds if one.kind == kind]
    assert isinstance(found, HeardOf)
    return found


def complaint(cast: Cast, *, ago: timedelta, kind: Kind = Kind.DUTIES, **told: Any) -> Concern:  # noqa: ANN401
    return make.concern(cast.ridge, kind=kind, now=NOW - ago, **told)


def answer(concern: Concern, *, by: User, at: datetime, outcome: str = "upheld") -> Concern:
    return answer_concern(
        concern_id=concern.pk, by=by, outcome=outcome, reasons="Checked.", words="We looked.",
        now=at,
    )  # fmt: skip


def appealed(cast: Cast, *, ago: timedelta) -> Appeal:
    """Bram's post was taken down by Mo, and he appeals."""
    item = make.item(cast.ridge, author=cast.bram, verdict="allow", received_at=NOW - ago - DAY)
    decision = make.decide(
        make.case(cast.ridge, about=item, now=NOW - ago - DAY), by=cast.mo, now=NOW - ago - DAY
    )
    token = decision.notices.get(kind="decided").token
    return lodge_appeal(token=token, grounds="It was satire.", now=NOW - ago)


def decide_appeal(appeal: Appeal, *, by: User, at: datetime, is_right: bool = True) -> Decision:
    case = appeal.decision.case
    case.refresh_from_db()
    return make.decide(case, by=by, now=at, **(LEAVE_UP if is_right else {}))


def refused_report(cast: Cast) -> Concern:
    """A report of an intimate image, five days old and refused the day after by Sena."""
    told = make.concern(
        cast.ridge, kind=Kind.INTIMATE_IMAGE, about=[make.item(cast.ridge)], now=NOW - 5 * DAY
    )
    refuse_intimate(
        concern_id=told.pk, by=cast.sena, ground="not_intimate", words="It shows a tree.",
        now=NOW - 4 * DAY,
    )  # fmt: skip
    return told


def complained_of(report: Concern, *, at: datetime) -> Concern:
    """The complaint about how an intimate image report was handled."""
    words = make.told(kind=Kind.EXPEDITED, words="That is wrong.", about=report)
    return take_concern(service=report.service, told=words, now=at).concern
