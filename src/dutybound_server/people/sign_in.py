"""How allauth behaves here: nobody signs up, and second factors are encrypted at rest."""

import base64
import io
from typing import Any
from urllib.parse import urlsplit

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from qrcode.image.svg import SvgPathFillImage

from dutybound_server.lib.sealed import seal, unseal
from dutybound_server.people.actions import record_own_factor, set_own_password

_FACTOR_CHANGES = {
    "mfa/email/totp_activated": ("staff.second_factor_added", "totp"),
    "mfa/email/totp_deactivated": ("staff.second_factor_removed", "totp"),
    "mfa/email/webauthn_added": ("staff.second_factor_added", "webauthn"),
    "mfa/email/webauthn_removed": ("staff.second_factor_removed", "webauthn"),
}
"""What allauth announces to the person → how the journal names it."""


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Staff are invited by an administrator; there is no other way in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At our own address, whichever host whoever asked for it wrote into the request."""
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return f"{settings.ORIGIN}{path}"

    def set_password(self, user: User, password: str) -> None:
        set_own_password(user=user, password=password, now=timezone.now())

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        # The one place where allauth tells its adapter of each such change, when it has happened.
        if template_prefix in _FACTOR_CHANGES:
            kind, factor = _FACTOR_CHANGES[template_prefix]
            record_own_factor(user=user, kind=kind, factor=factor, now=timezone.now())
        super().send_notification_mail(template_prefix, user, context, email)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Authenticator secrets are sealed with the content key, as all we keep of people."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text.encode())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(base64.b64decode(encrypted_text)).decode()

    def build_totp_svg(self, url: str) -> str:
        """Black on white, also on a dark page: cameras do not read it the other way round."""
        picture = io.BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(picture)
        return picture.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff keep at least one second factor; a lost one is replaced, not removed."""
        if settings.DEMO or authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        factors = Authenticator.objects.filter(user=authenticator.user).exclude(
            type=Authenticator.Type.RECOVERY_CODES
        )
        return bool(factors.count() > 1)
