"""How sure a share is, when it was counted on so few."""

from scipy.special import betaincinv

CONFIDENCE = 0.95


def clopper_pearson(count: int, *, of: int) -> tuple[float, float]:
    """The exact 95 % interval of a share (Clopper and Pearson, 1934); 0 to 1 of nothing.

    It is never too narrow: whatever the true rate, it holds it at least 95 times in 100.
    """
    if not 0 <= count <= of:
        raise ValueError(f"expected 0 to {of} of {of}, got {count}")
    tail = (1 - CONFIDENCE) / 2
    low = 0.0 if count == 0 else float(betaincinv(count, of - count + 1, tail))
    high = 1.0 if count == of else float(betaincinv(count + 1, of - count, 1 - tail))
    return low, high
