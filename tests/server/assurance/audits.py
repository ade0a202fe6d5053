"""A service that was busy, and the audit of it that its tests begin with."""

from datetime import datetime, timedelta

from dutybound.evidence.draws import commitment_of
from dutybound_server.assurance.actions.audits import commit_to_seed, draw_sample, open_audit
from dutybound_server.assurance.actions.looks import look_at
from dutybound_server.assurance.models import Audit
from dutybound_server.casework.actions.appeals import lodge_appeal
from dutybound_server.casework.models import Case, Notice
from dutybound_server.journal.actions import seal
from tests import make
from tests.cast import NOW, Cast

SEED = bytes(range(32)).hex()
LATER = NOW + timedelta(days=2)
WORDS = "Bram wrote to me at bram@example.com and I was cruel."


def busy_service(cast: Cast, *, now: datetime = NOW) -> dict[str, Case]:
    """An appealed case, one that was reported, a restricted one; looked at and sealed."""
    hour = timedelta(hours=1)
    appealed = make.case(cast.ridge, author=cast.bram, now=now)
    reasons = "It says zonk to a person. I asked bram@example.com before."
    decision = make.decide(appealed, by=cast.mo, now=now + hour, reasons=reasons)
    notice = Notice.objects.get(decision=decision)
    lodge_appeal(token=notice.token, grounds="It was satire.", now=now + 2 * hour)
    make.decide(
        appealed, by=cast.nell, now=now + 3 * hour,
        enforcement_kind="restore", ground="none", rule="",
    )  # fmt: skip
    about = make.item(cast.ridge, author=cast.cleo, text="You zonk of a walker.", received_at=now)
    told = make.concern(
        cast.ridge, about=[about], words=WORDS, email="dot@example.com", now=now + hour
    )
    reported = told.subjects.get().case
    assert reported is not None
    restricted = make.case(cast.ridge, harm="csea_image_csam", now=now)
    look_at(service=cast.ridge, now=now + 4 * hour)
    seal(now=now + 4 * hour)
    return {"appealed": appealed, "reported": reported, "restricted": restricted}


def opened(cast: Cast, *, email: str = "", sees_personal: bool = False, now: datetime) -> Audit:
    """An audit of the two days before, for Ode or whom the address names."""
    audit, _ = open_audit(
        service=cast.ridge,
        email=email or cast.ode.email,
        name="Iris",
        purpose="The yearly audit",
        period_from=now - timedelta(days=3),
        period_until=now,
        starts_at=now,
        ends_at=now + timedelta(days=14),
        sees_personal=sees_personal,
        by=cast.grace,
        now=now,
    )
    return audit


def drawn(cast: Cast, *, wanted: int = 3, sees_personal: bool = False, now: datetime) -> Audit:
    """The same with its sample, which the journal has sealed."""
    audit = opened(cast, sees_personal=sees_personal, now=now)
    commit_to_seed(audit_id=audit.pk, commitment=commitment_of(SEED), wanted=wanted, now=now)
    audit = draw_sample(audit_id=audit.pk, seed=SEED, now=now)
    seal(now=now)
    return audit
