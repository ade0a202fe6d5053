"""What probes found of each measure: how it stands, how it stood, and whom that was told."""

from django.conf import settings
from django.db import models

from dutybound_server.people.models import Service

MEASURE = 40
"""The longest id of a measure."""
STATUS = 20


class Look(models.Model):
    """The last time all measures of a service were looked at. Too long ago, nothing is known."""

    service = models.OneToOneField(Service, on_delete=models.PROTECT, related_name="look")
    at = models.DateTimeField()
    took = models.DurationField()

    def __str__(self) -> str:
        return f"looked at {self.at}"


class Finding(models.Model):
    """What a probe saw, kept when a status turned and once an hour. Its row is final."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="findings")
    measure = models.CharField(max_length=MEASURE)
    probe = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=STATUS)
    says = models.TextField()
    figures = models.JSONField()
    """As dutybound.evidence.figures.Figure has them."""
    inputs = models.JSONField()
    """query → its answer as of `at`; they name nobody."""
    digest = models.CharField(max_length=64)
    """As dutybound.evidence.probe.Finding computes it; the journal has the same."""
    at = models.DateTimeField()
    checkpoint_size = models.BigIntegerField(null=True)
    checkpoint_root = models.CharField(max_length=64, blank=True)
    """The journal's newest head at that moment; none before the first."""

    class Meta:
        indexes = [models.Index(fields=["service", "measure", "at"], name="finding_history")]

    def __str__(self) -> str:
        return f"{self.measure}: {self.status}"


class Standing(models.Model):
    """How a measure stands, as of the last look. A view of the records; a look replaces it."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="standings")
    measure = models.CharField(max_length=MEASURE)
    probe = models.CharField(max_length=40)
    status = models.CharField(max_length=STATUS)
    says = models.TextField()
    figures = models.JSONField()
    since = models.DateTimeField()
    """When it turned to this status."""
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="+")
    """The newest that was kept."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "measure"], name="standing_once"),
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.status}"


class MeasureOwner(models.Model):
    """Who looks after a measure at a service; where nobody does, the accountable person."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="measure_owners")
    measure = models.CharField(max_length=MEASURE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "measure"], name="measure_owner_once"),
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.user}"


class MeasureTask(models.Model):
    """A measure's status turned: what it was, what it became, and what was done about it.

    A service has one open task a measure at most; further turns for the worse are told of in it.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="measure_tasks")
    measure = models.CharField(max_length=MEASURE)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="+")
    was = models.CharField(max_length=STATUS, blank=True)
    became = models.CharField(max_length=STATUS)
    says = models.TextField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()
    mail_due_at = models.DateTimeField(null=True, db_index=True)
    """None: the owner has no address, or the mail is sent or given up."""
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True)
    mail_failed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    """None of a closed one: the measure came right by itself."""
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "measure"],
                condition=models.Q(closed_at__isnull=True),
                name="one_open_measure_task",
            ),
        ]

    def __str__(self) -> str:
        return self.says
