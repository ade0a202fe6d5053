"""What came in for checking: items, their media, and the hashes that outlive the media."""

from django.conf import settings
from django.db import models

from dutybound_server.items.blobs import BlobField
from dutybound_server.lib.sealed import SealedTextField
from dutybound_server.people.models import Account, Service


class Item(models.Model):
    """One revision of a piece of user-generated content, with the answer we gave."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="items")
    external_id = models.CharField(max_length=200)
    revision = models.PositiveIntegerField(default=1)
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=40)
    visibility = models.CharField(max_length=10)
    reach = models.PositiveIntegerField(default=1)
    """How many people have seen or can see it, as the service tells us."""
    text = SealedTextField(default="")
    links = SealedTextField(default="[]")
    """JSON list of URLs as sent."""
    context = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    received_at = models.DateTimeField(db_index=True)
    digest = models.CharField(max_length=64)
    """Keyed digest of what was sent: the same delivery twice is known by it."""
    verdict = models.CharField(max_length=8)
    answer = models.JSONField()
    """The response body, word for word, so that a repeated delivery gets the same one."""
    erased_at = models.DateTimeField(null=True)
    """When text, links and media were deleted on schedule."""
    verdict_entry = models.BigIntegerField(null=True, db_index=True)
    """id of the journal entry whose batch digest covers this verdict."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "external_id", "revision"], name="item_revision_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["service", "received_at"],
                condition=models.Q(erased_at__isnull=True),
                name="item_not_erased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} r{self.revision}"


class Media(models.Model):
    """One file or precomputed hash of an item."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="media")
    external_id = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    md5 = models.CharField(max_length=32, blank=True, db_index=True)
    blob = BlobField()
    """Empty also when only hashes were sent."""
    note = models.CharField(max_length=200, blank=True)
    """Why it could not be fully compared: too plain, ends early, not a picture…"""
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "media"
        constraints = [
            models.UniqueConstraint(fields=["item", "external_id"], name="media_once"),
        ]

    def __str__(self) -> str:
        return self.external_id


class Hold(models.Model):
    """A person keeps the content of an item, in all its revisions, past its time."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="holds")
    external_id = models.CharField(max_length=200)
    """Of the item; a revision that comes later is kept as well."""
    until = models.DateTimeField()
    why = models.CharField(max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    """When a person let go of it, or placed another hold instead."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "external_id"],
                condition=models.Q(ended_at__isnull=True),
                name="hold_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} until {self.until:%Y-%m-%d}"


class Frame(models.Model):
    """PDQ of one picture of a medium, in its 8 orientations; one row for a still picture."""

    media = models.ForeignKey(Media, on_delete=models.CASCADE, related_name="frames")
    number = models.PositiveIntegerField(default=0)
    quality = models.PositiveSmallIntegerField()
    hashes = models.BinaryField()
    """8 x 32 bytes in the order of dutybound.matching.pictures.ORIENTATIONS, or only the first."""

    def __str__(self) -> str:
        return f"frame {self.number} of {self.media_id}"
