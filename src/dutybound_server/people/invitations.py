"""The link by which a person sets their first password: good once, and for three days."""

from smtplib import SMTPException

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.urls import reverse

WORDS = """\
Hello {name},

you have been asked to work on online safety at {service}. Choose your password here; the link
works once, and for three days:

{link}

After that you set up a second factor: a passkey, or an app that shows codes.
"""


class NotSent(Exception):
    """The mail server did not take it."""


def invitation_link(user: User) -> str:
    """A new link. It ends when a password is set, since the password is part of its digest."""
    address = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(user),
            "key": default_token_generator.make_token(user),
        },
    )
    return f"{settings.ORIGIN}{address}"


def mail_invitation(user: User, *, link: str, service: str) -> None:
    """Send the link; raises NotSent, and then the administrator hands it over themselves."""
    words = WORDS.format(name=user.first_name or "there", service=service, link=link)
    try:
        send_mail(f"Your way in to {service}'s safety desk", words, None, [user.email])
    except (SMTPException, OSError) as problem:
        raise NotSent(f"The mail server did not take it: {problem}") from problem
