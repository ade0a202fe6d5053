"""Whether a signal matches so much that it says more about itself than about the content."""


def is_flood(*, matched: int, recent: int, share: float, least: int = 20) -> bool:
    """Whether `matched` of `recent` items is more than the share a bank allows one signal.

    Below `least` matches it never is: on a quiet day three posts of one picture are a large share
    and no flood, and nobody should switch a signal off by posting it a few times.
    """
    return matched >= least and matched > share * recent
