"""Who tells us something, as far as it must be known: never by name, only as the same as before."""

from hashlib import sha256
from ipaddress import ip_address, ip_network

from django.utils.crypto import salted_hmac


def network_digest(address: str) -> str:
    """Keyed digest of the network an address is in: its /24, or its /56 for IPv6.

    Empty for what is no address. Who holds the database alone cannot try addresses.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    length = 24 if found.version == 4 else 56
    network = ip_network((found, length), strict=False)
    return _digest("casework.network", str(network))


def teller_digest(*, account: int | None, flagger: int | None, email: str) -> str:
    """The same for the same account, flagger or e-mail address; empty where none is known."""
    if account is not None:
        return _digest("casework.teller", f"account:{account}")
    if flagger is not None:
        return _digest("casework.teller", f"flagger:{flagger}")
    return _digest("casework.teller", f"email:{email.strip().lower()}") if email else ""


def token_digest(token: str) -> str:
    """What the secret of a status page is found by. It has 192 random bits: no salt is needed."""
    return sha256(token.encode()).hexdigest()


def _digest(salt: str, value: str) -> str:
    return salted_hmac(salt, value, algorithm="sha256").hexdigest()
