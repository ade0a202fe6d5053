"""How the journal names those who act."""

from django.contrib.auth.models import User

SYSTEM = "system"


def staff_actor(user: User) -> str:
    return f"staff:{user.pk}"
