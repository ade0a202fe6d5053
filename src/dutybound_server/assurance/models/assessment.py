"""A service's assessment: the draft people work on, approved versions, and what asks for more."""

from django.conf import settings
from django.db import models

from dutybound_server.people.models import Service


class Version(models.Model):
    """An approved assessment. Its row is final: the database itself refuses to change it.

    The newest of a service is the one in force; it supersedes those before it, which stay.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="assessments")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    """As dutybound.risk.document.Assessment writes it, with its day of the law."""
    digest = models.CharField(max_length=64)
    """SHA-256 of the document as RFC 8785 writes it; the journal has the same."""
    approved_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="assessment_version_once"),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class Draft(models.Model):
    """The assessment people work on. A service has one that is open, or none."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="drafts")
    document = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    """The number of the last change; each saved answer takes the next."""
    based_on = models.ForeignKey(
        Version, null=True, on_delete=models.PROTECT, related_name="drafts"
    )
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    became = models.OneToOneField(
        Version, null=True, on_delete=models.PROTECT, related_name="draft"
    )
    """What it was approved as. An open draft has become nothing yet."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service"], condition=models.Q(became__isnull=True), name="one_open_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"draft at revision {self.revision}"


class Change(models.Model):
    """One part of a draft as somebody saved it, with what stood there before."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="changes")
    revision = models.PositiveIntegerField(null=True)
    """None for an answer that was set aside, because somebody else had answered meanwhile."""
    part = models.CharField(max_length=400, db_index=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    """As the journal names them."""

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "revision"], name="draft_revision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.part} at revision {self.revision}"


class ReviewTask(models.Model):
    """Something happened that the assessment should be looked at for: what, and why."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="review_tasks")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="review_tasks")
    kind = models.CharField(max_length=40)
    """As dutybound.risk.triggers names it."""
    says = models.TextField()
    key = models.CharField(max_length=64)
    """What tells it from others of the version, so that a round of the worker opens it once."""
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(blank=True)
    """What the person did about it, in their words."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="review_task_once"),
        ]

    def __str__(self) -> str:
        return self.says
