"""What governance measures ask for in writing, and who was trained."""

from django.conf import settings
from django.db import models

from dutybound_server.items.blobs import BlobField
from dutybound_server.people.models import Service


class Document(models.Model):
    """Something written down that a measure asks for, in versions; the newest is in force."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=40)
    """As dutybound.evidence.document_kinds.DOCUMENT_KINDS has them."""
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title


class DocumentVersion(models.Model):
    """One version of a document: a file, or words written here. Its row is final."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    """The file's name as it came."""
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    blob = BlobField(max_length=200)
    dated = models.DateField()
    expires_on = models.DateField()
    """The day on which it is to be looked at again."""
    figures = models.JSONField(default=dict)
    """What was counted in it when it came, such as its reading grade."""
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.number}"


class Training(models.Model):
    """A person was trained in something, on a day, until a day. Its row is final."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="trainings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=40)
    """Of dutybound_server.assurance.training."""
    on = models.DateField()
    expires_on = models.DateField()
    told = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user}: {self.subject} on {self.on}"
