"""What those who act are called: in the journal, and on screens."""

from django.contrib.auth.models import User

from dutybound_server.people.models import Service

SYSTEM = "system"


def staff_actor(user: User) -> str:
    return f"staff:{user.pk}"


def service_actor(service: Service) -> str:
    return f"service:{service.slug}"


def name_of(user: User) -> str:
    """What a person is called on screens."""
    return user.get_full_name() or user.email
