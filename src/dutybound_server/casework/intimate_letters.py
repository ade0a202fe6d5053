"""What a person who reported an intimate image is told: short, kind, and what they can do."""

from django.utils import translation
from django.utils.translation import gettext as _

from dutybound.cases.kinds import RefusalGround
from dutybound_server.casework.models import Concern


def refusal(concern: Concern, *, ground: RefusalGround, words: str) -> str:
    """On which of the two lawful grounds, why, and that somebody else will look if asked."""
    with translation.override(concern.language):
        if ground is RefusalGround.NOT_INTIMATE:
            why = _(
                "We looked at what you told us about. "
                "We found that it is not an intimate picture or video."
            )
        else:
            why = _(
                "We looked at what you told us about. "
                "We found that you are not the person it shows, and do not act for them. "
                "We still look at it, as we do when anybody tells us."
            )
        offer = _(
            "If you think we are wrong, tell us on this page. "
            "A different person will look at it, and soon."
        )
        return "\n\n".join([_("Thank you for telling us."), why, words.strip(), offer])


def not_found(concern: Concern) -> str:
    """That the picture is not here, and that it is looked for from now on."""
    with translation.override(concern.language):
        return _(
            "Thank you for telling us. We looked everywhere on this service, "
            "and the picture is not here now.\n\n"
            "We go on looking for a year. If somebody posts it, it is kept from view, "
            "and a person looks at it."
        )


def found_later(concern: Concern) -> str:
    """That it came, and is gone."""
    with translation.override(concern.language):
        return _(
            "Somebody posted the picture that you told us about. We took it down. "
            "We go on looking for it."
        )


def looking_again(concern: Concern) -> str:
    """That the refusal was wrong, and what happens now."""
    with translation.override(concern.language):
        return _(
            "You were right, and we were wrong to say no. We are sorry. "
            "What you told us about is kept from view again while we finish. "
            "You can read here what comes of it."
        )
