"""Why something could not be taken, in the language of whoever reads it."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dutybound_server.casework.hearing import ConcernRefused

BY_FIELD: Mapping[str, Promise] = MappingProxyType(
    {
        "files": _("You can add up to 10 files. Each can have up to 20 MB."),
        "words": _("Write some words. They can be as long as a few pages, and not more."),
        "subjects": _("Name at most 50 things at once."),
        "email": _("Write an address such as name@example.com."),
        "kind": _("This site does not take that kind of complaint."),
        "room": _("There is no room for files now. Send this, and add them later on your page."),
        "concern": _("We have closed this. Tell us again if there is more."),
    }
)


def refusal_words(refused: ConcernRefused) -> str:
    """What to change; for a field of somebody else's, the sentence as it came."""
    return str(BY_FIELD.get(refused.field, refused.sentence))
