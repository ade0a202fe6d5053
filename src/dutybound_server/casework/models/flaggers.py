"""Trusted flaggers: organisations with people, keys and an agreed response time."""

from django.conf import settings
from django.db import models

from dutybound_server.people.models import Service


class Flagger(models.Model):
    """An organisation whose reports come by a channel of their own (ICU C5, C15, C16, D14)."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="flaggers")
    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10)
    """fraud, police, crisis, victims or other."""
    harms = models.JSONField(default=list)
    """Kinds of harm it is trusted for; none means all."""
    respond_within = models.DurationField()
    """Agreed with it; the target of what it reports, unless the ordinary one is sooner."""
    first_in_queue = models.BooleanField(default=False)
    """The visible policy: whether its reports go before others of the same severity."""
    policy = models.TextField()
    """Why it has this channel and this priority, in words anybody may read."""
    contact = models.EmailField(blank=True)
    agreed_at = models.DateTimeField()
    review_by = models.DateField()
    """When the arrangement is looked at again, with the organisation's own view of it."""
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "slug"], name="flagger_once")]

    def __str__(self) -> str:
        return self.name


class FlaggerPerson(models.Model):
    """Somebody who signs in for a flagger: they see what it reported, and nothing else."""

    flagger = models.ForeignKey(Flagger, on_delete=models.PROTECT, related_name="people")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="flags_for"
    )
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["flagger", "user"], name="flagger_person_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.flagger}"


class FlaggerKey(models.Model):
    """A key the flagger's own system reports with; only its digest is kept."""

    flagger = models.ForeignKey(Flagger, on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
