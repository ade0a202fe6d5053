"""How soon a service wants each kind of concern decided."""

from datetime import timedelta

from dutybound.cases.kinds import BY_SEVERITY, KINDS, Kind, Target
from dutybound_server.casework.models import Desk, Flagger


def target_of(desk: Desk, *, kind: Kind, severity: int, flagger: Flagger | None) -> Target:
    """The service's own target, else ours; never later than the Act, nor than was agreed."""
    usual = KINDS[kind].target or BY_SEVERITY[severity]
    own = desk.targets.get(f"{kind}:{severity}", desk.targets.get(str(kind)))
    target = usual if own is None else Target(timedelta(hours=own), working=usual.working)
    if KINDS[kind].is_statutory:
        target = Target(min(target.within, usual.within))
    if flagger is not None and not target.working:
        target = Target(min(target.within, flagger.respond_within))
    return target
