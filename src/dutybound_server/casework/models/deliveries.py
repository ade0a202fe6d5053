"""The outbox: what a service must hear, until it has heard it."""

from django.db import models

from dutybound_server.lib.sealed import SealedTextField
from dutybound_server.people.models import Service


class Endpoint(models.Model):
    """An address of the service that takes signed webhooks."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="endpoints")
    url = models.URLField(max_length=500)
    secret = SealedTextField()
    """`whsec_…` as Standard Webhooks writes it."""
    old_secret = SealedTextField(default="")
    old_secret_until = models.DateTimeField(null=True)
    """After a rotation both secrets sign until then, so the receiver can change over in peace."""
    enabled = models.BooleanField(default=True)
    disabled_why = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One message for one endpoint. A worker takes it by compare-and-set on `next_attempt_at`."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="deliveries")
    message_id = models.CharField(max_length=64)
    """The webhook-id: the same at every attempt, so the receiver can tell a repeat."""
    event = models.CharField(max_length=40)
    lane = models.CharField(max_length=210)
    """The subject it is about: messages of one lane arrive in the order of their ids."""
    payload = SealedTextField()
    """The body, byte for byte as every attempt signs and sends it."""
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, db_index=True)
    """Null once it is delivered or dead."""
    give_up_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    last_answer = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "message_id"], name="message_once"),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "lane"],
                condition=models.Q(next_attempt_at__isnull=False),
                name="delivery_lane_pending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.message_id}"
