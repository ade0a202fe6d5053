"""The words of letters, in the person's language, as short as the version for children asks."""

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dutybound_server.casework.models import Concern


def acknowledgement(concern: Concern) -> str:
    """That it is here, what happens next, by when, and what can come of it."""
    with translation.override(concern.language):
        by_when = date_format(timezone.localtime(concern.due_at), "j F Y, H:i")
        if concern.version == "child":
            return _(
                "Thank you for telling us. We believe you. "
                "A person will read what you wrote by %(by_when)s. You will hear from us here."
            ) % {"by_when": by_when}
        return _(
            "Thank you for telling us. A person will look at it. "
            "We expect to decide by %(by_when)s; this is a usual time, not a promise.\n\n"
            "We may take something down, limit it, or find that it may stay. "
            "Whatever we decide, you can read it on this page."
        ) % {"by_when": by_when}
