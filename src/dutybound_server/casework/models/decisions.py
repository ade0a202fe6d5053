"""What was decided, and what the service is told to do about it."""

import uuid

from django.conf import settings
from django.db import models

from dutybound_server.casework.models.cases import Case
from dutybound_server.people.models import Service


class Decision(models.Model):
    """What was decided, on which rule of law or terms, by whom, with reasons."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    batch = models.UUIDField(null=True, db_index=True)
    """Shared by decisions that were taken together over identical content."""
    enforcement_kind = models.CharField(max_length=10)
    """take_down, restrict, label, restore or none."""
    ground = models.CharField(max_length=10)
    """law, terms, or none where nothing was wrong."""
    rule = models.CharField(max_length=200, blank=True)
    """The section of the law or of the terms, in words."""
    harm = models.CharField(max_length=40)
    reasons = models.TextField()
    """For colleagues and auditors."""
    statement = models.TextField()
    """The statement of reasons, as the author reads it."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(db_index=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.enforcement_kind} on {self.case}"


class PublishedWords(models.Model):
    """What the public is told of a decision, where the author's own statement names somebody."""

    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, related_name="published_words"
    )
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"words on {self.decision}"


class Enforcement(models.Model):
    """What the service is told to do. `uuid` makes it idempotent, and `after=` pulls by `id`:

    ids of one service are given under a lock that its transaction keeps until it commits, so
    nobody who saw one id can later meet a smaller one.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="enforcements")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="enforcements")
    decision = models.ForeignKey(
        Decision, null=True, on_delete=models.PROTECT, related_name="enforcements"
    )
    """Null where the subject is only kept from view until somebody decides."""
    kind = models.CharField(max_length=10)
    subject_kind = models.CharField(max_length=8)
    subject = models.CharField(max_length=2000)
    revision = models.PositiveIntegerField(null=True)
    """The revision of the item that the decision looked at."""
    created_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    undoes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="undone_by"
    )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
