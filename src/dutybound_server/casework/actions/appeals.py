"""The person a decision touched asks for another person to look again."""

from datetime import datetime

from django.db import transaction

from dutybound.cases.appeals import AppealStanding
from dutybound.cases.status import EventKind
from dutybound_server.casework.actions.concerns import take_appeal
from dutybound_server.casework.actions.events import happened, locked_case
from dutybound_server.casework.models import Appeal
from dutybound_server.casework.notices import WHY_NO_APPEAL, notice_for, standing_of
from dutybound_server.casework.refusals import AppealRefused
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import SYSTEM

LONGEST_GROUNDS = 5_000


@transaction.atomic
def lodge_appeal(*, token: str, grounds: str, now: datetime, through: str = SYSTEM) -> Appeal:
    """Bring a decided case before a different person, in the author's own words.

    The author comes by the notice's secret address, or `through` the service. Each decision is
    appealed once. Raises NoticeNotFound, AppealRefused.
    """
    grounds = _checked(grounds)
    case = locked_case(notice_for(token).decision.case_id)
    # Read again under the lock: of two appeals at once, the second meets the first.
    notice = notice_for(token)
    standing = standing_of(notice, now=now)
    if standing is not AppealStanding.POSSIBLE:
        raise AppealRefused(WHY_NO_APPEAL[standing])

    appeal = Appeal.objects.create(
        decision=notice.decision, notice=notice, grounds=grounds, lodged_at=now
    )
    facts = {"appeal": appeal.pk, "decision": notice.decision_id}
    happened(case, EventKind.APPEALED, by=None, now=now, facts=facts, actor=through)
    take_appeal(appeal=appeal, case=case, through_service=through != SYSTEM, now=now)
    append(
        kind="appeal.lodged",
        service=case.service.slug,
        subject=f"case:{case.reference}",
        actor=through,
        now=now,
        facts=facts,
        personal={"account": notice.account.external_id, "grounds": grounds},
    )
    return appeal


def _checked(grounds: str) -> str:
    grounds = grounds.strip()
    if not grounds:
        raise AppealRefused("Say in your own words why you think the decision is wrong.")
    if len(grounds) > LONGEST_GROUNDS:
        raise AppealRefused(
            f"Keep it to {LONGEST_GROUNDS:,} characters; this has {len(grounds):,}."
        )
    return grounds
