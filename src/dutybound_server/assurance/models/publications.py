"""What was made of the findings for others: reports, packs and figures, as they were given."""

from django.conf import settings
from django.db import models

from dutybound_server.people.models import Service


class Publication(models.Model):
    """A report, a pack or figures that were given to somebody. Its row is final but for its end.

    `content` is the document it is set from, so that the same file can be made again.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    """Of dutybound_server.assurance.publication_kinds."""
    title = models.CharField(max_length=200)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    """SHA-256 of the content as RFC 8785 writes it; the journal has the same."""
    checkpoint_size = models.BigIntegerField(null=True)
    checkpoint_root = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    for_everyone = models.BooleanField(default=False)
    """Whether anybody may read it on the public pages."""
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="publication_once"),
        ]

    def __str__(self) -> str:
        return self.title
