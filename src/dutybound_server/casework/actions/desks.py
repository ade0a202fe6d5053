"""A service gets its desk, the rules of its form, when it is first asked for."""

import secrets

from dutybound_server.casework.models import Desk
from dutybound_server.people.models import Service

SECRET_BYTES = 32


def desk_of(service: Service) -> Desk:
    """How the service hears people; made with a fresh secret if it has none yet."""
    desk, _ = Desk.objects.get_or_create(
        service=service, defaults={"link_secret": secrets.token_urlsafe(SECRET_BYTES)}
    )
    return desk
