"""Whether a signal matches so much that it says more about itself than about the content."""

LEAST_ITEMS = 20
LEAST_ACCOUNTS = 5


def is_flood(*, matched: int, accounts: int, recent: int, share: float) -> bool:
    """Whether `matched` of `recent` items is more than the share a bank allows one signal.

    A bad signal meets what many people post. So it never is a flood below 20 items, nor while
    fewer than 5 accounts posted them: nobody should switch a signal off by posting what it is
    there to find again and again.
    """
    is_of_many = matched >= LEAST_ITEMS and accounts >= LEAST_ACCOUNTS
    return is_of_many and matched > share * recent
