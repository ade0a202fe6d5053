"""How good decisions are: blind second looks, golden items, calibration, and bodies outside."""

from django.conf import settings
from django.db import models

from dutybound_server.casework.models.cases import Case
from dutybound_server.casework.models.decisions import Decision
from dutybound_server.items.models import Item
from dutybound_server.lib.sealed import SealedTextField
from dutybound_server.people.models import Service


class SecondLook(models.Model):
    """Another person judges the same content without knowing what was decided, or by whom."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="second_looks")
    decision = models.ForeignKey(
        Decision, null=True, on_delete=models.PROTECT, related_name="second_looks"
    )
    """The first decision; null for a golden item."""
    golden = models.ForeignKey(
        "GoldenItem", null=True, on_delete=models.PROTECT, related_name="looks"
    )
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="second_looks")
    reason = models.CharField(max_length=10)
    """sample, no_action or golden."""
    queue = models.CharField(max_length=40)
    """Slug of the case's queue when it was decided."""
    asked_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    """Who looked, or is asked to; never who decided first."""
    enforcement_kind = models.CharField(max_length=10, blank=True)
    harm = models.CharField(max_length=40, blank=True)
    reasons = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, db_index=True)
    agrees = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision"],
                condition=models.Q(decision__isnull=False),
                name="one_second_look",
            ),
        ]

    def __str__(self) -> str:
        return f"second look at {self.decision or self.golden}"


class GoldenItem(models.Model):
    """An item whose right answer was agreed, to see how near everybody's judgement is."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="golden_items")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="golden")
    enforcement_kind = models.CharField(max_length=10)
    harm = models.CharField(max_length=40)
    why = models.TextField()
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    agreed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"golden {self.item}"


class Calibration(models.Model):
    """Two people disagreed: somebody sits down with both, and writes what is learned."""

    look = models.OneToOneField(SecondLook, on_delete=models.PROTECT, related_name="calibration")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    learned = models.TextField(blank=True)
    first_was_right = models.BooleanField(null=True)

    def __str__(self) -> str:
        return f"calibration of {self.look}"


class OutsideReview(models.Model):
    """A case was given to an independent body, and what that body found."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="outside_reviews")
    body = models.CharField(max_length=200)
    exported_at = models.DateTimeField()
    exported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    digest = models.CharField(max_length=64)
    """SHA-256 of the bundle's manifest."""
    outcome = models.CharField(max_length=12, blank=True)
    """agrees, disagrees, partly or declined; empty until it comes."""
    words = SealedTextField(default="")
    outcome_at = models.DateTimeField(null=True)
    decided = models.ForeignKey(
        Decision, null=True, on_delete=models.PROTECT, related_name="outside_reviews"
    )
    """The decision it led to."""

    def __str__(self) -> str:
        return f"{self.body} on {self.case}"
