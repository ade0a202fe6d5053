"""An audit: who may look, at what period, until when, and the sample that chance drew."""

from django.conf import settings
from django.db import models

from dutybound_server.people.models import Service


class Audit(models.Model):
    """One audit by one person, read only and for a time.

    The order makes the sample nobody's choice: the auditor commits to a seed, then the cases of
    the period are fixed and counted, then the seed is told, and the three say who is in it.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="audits")
    reference = models.CharField(max_length=12, unique=True)
    auditor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="audits"
    )
    purpose = models.CharField(max_length=300)
    period_from = models.DateTimeField()
    period_until = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    sees_personal = models.BooleanField(default=False)
    """Whether names and words are shown unmasked in what was sampled."""
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    """Ended early by the service."""
    commitment = models.CharField(max_length=64, blank=True)
    """SHA-256 of the seed, told before the population is."""
    committed_at = models.DateTimeField(null=True)
    population = models.JSONField(default=list)
    """References of the period's cases, in order."""
    population_digest = models.CharField(max_length=64, blank=True)
    fixed_at = models.DateTimeField(null=True)
    seed = models.CharField(max_length=64, blank=True)
    wanted = models.PositiveIntegerField(default=0)
    sample = models.JSONField(default=list)
    drawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"audit {self.reference}"
