"""Services, the keys they call us with, the staff who work for them, and their accounts."""

from django.conf import settings
from django.db import models

from dutybound_server.lib.sealed import SealedTextField
from dutybound_server.people.roles import Role, Scope


class Service(models.Model):
    """One regulated user-to-user service that the provider runs."""

    slug = models.SlugField(unique=True, max_length=64)
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    screens_private = models.BooleanField(default=False)
    """Whether items marked private are matched; needs `screens_private_reason`."""
    screens_private_reason = models.TextField(blank=True)
    media_hosts = models.JSONField(default=list, blank=True)
    """Hosts from which media may be fetched by URL."""
    retention_days = models.PositiveIntegerField(default=30)
    """Days that media and text are kept when nothing holds them."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(screens_private=False) | ~models.Q(screens_private_reason=""),
                name="private_screening_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ServiceKey(models.Model):
    """A key a service calls the API with; only its digest is kept."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def allows(self, scope: Scope) -> bool:
        return scope in self.scopes


class Membership(models.Model):
    """A role a member of staff has at one service; a person may have several."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=32, choices=[(role.value, role.value) for role in Role])
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "service", "role"], name="role_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role} at {self.service}"


class Account(models.Model):
    """A user of the service, as the service describes it to us."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="accounts")
    external_id = models.CharField(max_length=200)
    email = SealedTextField(default="", blank=True)
    first_seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "external_id"], name="account_once"),
        ]

    def __str__(self) -> str:
        return self.external_id
