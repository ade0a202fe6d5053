"""From a share to a status: small numbers never say "met", and are never needed for "not met"."""

from dutybound.evidence.intervals import clopper_pearson
from dutybound.evidence.status import Status


def status_of_share(part: int, *, of: int, aim: float, floor: float) -> Status:
    """What a share of `part` says where `aim` is wanted and less than `floor` is failing.

    Met: the share reaches the aim, and its whole 95 % interval lies above the floor. Not met: its
    whole interval lies below the aim and the share below the floor. With too few to tell,
    there is not enough evidence.
    """
    if not 0 <= floor <= aim <= 1:
        raise ValueError(f"expected 0 <= floor <= aim <= 1, got {floor} and {aim}")
    if of == 0:
        return Status.NOT_ENOUGH
    low, high = clopper_pearson(part, of=of)
    rate = part / of
    if rate >= aim:
        return Status.MET if low >= floor else Status.NOT_ENOUGH
    if rate < floor and high < aim:
        return Status.NOT_MET
    return Status.AT_RISK


def few(count: int) -> str:
    """How a sentence about too few begins: "None", "Only 3"."""
    return f"Only {count:,}" if count else "None"
