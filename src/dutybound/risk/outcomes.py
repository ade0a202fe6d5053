"""What outcomes on the service say of a level, whatever was assessed."""

from dutybound.risk.document import Level

DAYS = 90
"""So far back outcomes are counted."""
_AT_LEAST: tuple[tuple[int, Level], ...] = ((3, "medium"), (1, "low"))


def least_level(upheld: int) -> Level:
    """The lowest level that so many decisions against a kind of harm in 90 days leave room for.

    Ofcom's guidance takes evidence on the service for medium or higher; one or two may be chance.
    """
    return next((level for count, level in _AT_LEAST if upheld >= count), "negligible")
