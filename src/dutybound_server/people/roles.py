"""What each member of staff may do, and what each service key may do."""

from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    ACCOUNTABLE = "accountable_person"
    MODERATOR = "moderator"
    SENIOR = "senior_moderator"
    RESTRICTED = "restricted_harm_moderator"
    AUDITOR = "auditor"


class May(StrEnum):
    """Permissions. Each screen and each action asks for exactly one."""

    LOOK = "look"  # queues, cases and items, without restricted harms
    SEE_RESTRICTED = "see_restricted"  # cases and media of CSEA
    DECIDE = "decide"
    ANSWER = "answer"  # complaints about the service, and their clocks
    OVERTURN = "overturn"  # undo another person's decision; bulk decisions; resend deliveries
    BANKS = "banks"  # create and change banks and signals
    ADMINISTER = "administer"  # staff, keys, endpoints, settings
    AUDIT = "audit"  # journal, deliveries, change history; read assessments
    ASSESS = "assess"  # answer for the service in its assessment
    KEEP = "keep"  # legal holds, exports of evidence, reports to authorities, s.101 notices
    APPROVE = "approve"  # answer for the assessment itself
    OPEN_AUDITS = "open_audits"  # let an auditor in for a time, and end that


ROLE_MAY = MappingProxyType(
    {
        Role.ADMINISTRATOR: frozenset(
            {May.LOOK, May.BANKS, May.ADMINISTER, May.AUDIT, May.ASSESS, May.OPEN_AUDITS}
        ),
        Role.ACCOUNTABLE: frozenset(
            {
                May.LOOK,
                May.ANSWER,
                May.AUDIT,
                May.ASSESS,
                May.APPROVE,
                May.KEEP,
                May.OPEN_AUDITS,
            }
        ),
        Role.MODERATOR: frozenset({May.LOOK, May.DECIDE, May.ANSWER}),
        Role.SENIOR: frozenset(
            {
                May.LOOK,
                May.DECIDE,
                May.ANSWER,
                May.OVERTURN,
                May.BANKS,
                May.AUDIT,
                May.ASSESS,
                May.KEEP,
            }
        ),
        Role.RESTRICTED: frozenset(
            {May.LOOK, May.SEE_RESTRICTED, May.DECIDE, May.ANSWER, May.KEEP}
        ),
        Role.AUDITOR: frozenset({May.LOOK, May.AUDIT}),
    }
)


class Scope(StrEnum):
    """What a service key may be used for."""

    ITEMS = "items"
    BANKS = "banks"
    ENFORCEMENTS = "enforcements"  # pull enforcements and notices, acknowledge, lodge appeals
    CONCERNS = "concerns"  # pass on reports and complaints, ask where they stand, make links
