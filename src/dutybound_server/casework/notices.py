"""What a person with a notice may read, and what they may do about it."""

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from dutybound.cases.appeals import AppealStanding, NoticeKind, Told, appeal_standing
from dutybound.cases.judgement import AGAINST, APPEAL_WINDOW, IN_FAVOUR, EnforcementKind
from dutybound_server.casework.messages import notice_url
from dutybound_server.casework.models import Appeal, Decision, Notice
from dutybound_server.casework.queries import last_decision
from dutybound_server.casework.refusals import NoticeNotFound
from dutybound_server.casework.statements import subject_words

WHY_NO_APPEAL = MappingProxyType(
    {
        AppealStanding.WAITING: "You have appealed already. Nobody has answered it yet.",
        AppealStanding.ANSWERED: "You have appealed, and the appeal is answered.",
        AppealStanding.TAKEN_BACK: "We have taken this decision back. There is nothing to appeal.",
        AppealStanding.REPLACED: "A newer decision has replaced this one. Appeal against that one.",
        AppealStanding.FINAL: "This is the answer to your appeal. It is final.",
        AppealStanding.TOO_LATE: (
            f"The {APPEAL_WINDOW.days} days in which you could appeal are over."
        ),
        AppealStanding.NOTHING_TO_APPEAL: "Nothing was taken away, so there is nothing to appeal.",
    }
)


def notice_for(token: str) -> Notice:
    """The notice with that token; raises NoticeNotFound."""
    notices = Notice.objects.select_related(
        "service", "account", "decision__case__item", "decision__case__service"
    )
    try:
        # PostgreSQL cannot even be asked about a NUL.
        return notices.get(token=token.replace("\0", ""))
    except Notice.DoesNotExist:
        raise NoticeNotFound from None


def appeal_of(notice: Notice) -> Appeal | None:
    """The appeal against the notice's decision, if there is one."""
    return Appeal.objects.filter(decision=notice.decision_id).select_related("outcome").first()


def standing_of(notice: Notice, *, now: datetime) -> AppealStanding:
    """Where an appeal against the notice's decision stands now."""
    decision = notice.decision
    appeal = appeal_of(notice)
    told = Told(
        kind=NoticeKind(notice.kind),
        enforcement_kind=EnforcementKind(decision.enforcement_kind),
        decided_at=decision.decided_at,
        is_undone=decision.undone_at is not None,
        is_replaced=last_decision(decision.case) not in {None, decision},
        is_appealed=appeal is not None,
        is_answered=appeal is not None and appeal.outcome_id is not None,
    )
    return appeal_standing(told, now=now)


@dataclass(frozen=True, slots=True)
class GoodNews:
    """What became of a decision against the person, to be said before the decision itself."""

    heading: str
    words: str


def good_news(notice: Notice) -> GoodNews | None:
    """That the decision of the notice was taken back or overturned, as long as that stands."""
    decision = notice.decision
    subject = subject_words(decision.case)
    if notice.kind != NoticeKind.DECIDED or decision.enforcement_kind not in AGAINST:
        return None
    if decision.undone_at is not None:
        told = decision.notices.filter(kind=NoticeKind.UNDONE).last()
        heading = f"We have undone our decision about {subject}"
        return GoodNews(heading, told.words) if told is not None else None
    appeal = appeal_of(notice)
    if appeal is None or appeal.outcome is None or not has_succeeded(appeal.outcome):
        return None
    return GoodNews(appeal_succeeded(subject), appeal.outcome.statement)


def has_succeeded(outcome: Decision) -> bool:
    """Whether the answer to an appeal gives the person right and is still the last word."""
    return (
        outcome.enforcement_kind in IN_FAVOUR
        and outcome.undone_at is None
        and last_decision(outcome.case) == outcome
    )


def appeal_succeeded(subject: str) -> str:
    return f"Your appeal succeeded: {subject} can stay"


def appeal_until(notice: Notice) -> datetime:
    return notice.decision.decided_at + APPEAL_WINDOW


def subject_line(notice: Notice) -> str:
    """What the e-mail says before it is opened: true, and nothing that others need not know."""
    about = f"{subject_words(notice.decision.case)} on {notice.service.name}"
    return {
        NoticeKind.DECIDED: f"We have decided about {about}",
        NoticeKind.UNDONE: f"We have undone our decision about {about}",
        NoticeKind.APPEAL_DECIDED: f"The answer to your appeal about {about}",
    }[NoticeKind(notice.kind)]


def mail_words(notice: Notice, *, now: datetime) -> str:
    """The notice as plain text."""
    what_now = "You can read this again here:"
    if standing_of(notice, now=now) is AppealStanding.POSSIBLE:
        last_day = f"{appeal_until(notice):%d %B %Y}".lstrip("0")
        what_now = (
            "If you think this is wrong, you can appeal. A different person then looks at it. "
            f"You have until {last_day}:"
        )
    return (
        f"{notice.words}\n\n{what_now}\n{notice_url(notice)}\n\n"
        "Keep this address to yourself: whoever has it can read this and appeal for you.\n\n"
        f"{notice.service.name}\n"
    )
