"""What is kept apart before it can disappear: sealed snapshots, holds, and who looked at them."""

import uuid

from django.conf import settings
from django.db import models

from dutybound_server.items.blobs import BlobField
from dutybound_server.items.models import Item, Media
from dutybound_server.lib.sealed import SealedTextField
from dutybound_server.people.models import Account, Service


class Snapshot(models.Model):
    """Content, context, hashes and times of one subject, as they were at one moment."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="snapshots")
    subject_kind = models.CharField(max_length=8)
    subject = models.CharField(max_length=2000)
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="snapshots")
    concern = models.CharField(max_length=12, blank=True, db_index=True)
    """Reference of the report it was taken for; empty when a person took it."""
    why = models.CharField(max_length=200)
    restricted = models.BooleanField(default=False)
    """Only staff who may see restricted harms may know of it."""
    content = SealedTextField()
    """RFC 8785 JSON: what `evidence.contents.contents_of` gathered."""
    digest = models.CharField(max_length=128)
    """SHA-512 of `content`, as hexadecimal; it stands in the journal too."""
    taken_at = models.DateTimeField(db_index=True)
    keep_until = models.DateTimeField()
    """When its content may go if nothing holds it; see register/data/retention.yaml."""
    erased_at = models.DateTimeField(null=True)
    stamp = models.BinaryField(null=True)
    """RFC 3161: what a time-stamp server answered for `content`, word for word."""
    stamped_at = models.DateTimeField(null=True)
    stamp_due_at = models.DateTimeField(null=True, db_index=True)
    """When the next attempt to have it stamped is due; null once it is, or is erased."""
    stamp_attempts = models.PositiveSmallIntegerField(default=0)
    stamp_problem = models.CharField(max_length=200, blank=True)
    """Why the last attempt gave none."""

    def __str__(self) -> str:
        return f"snapshot of {self.subject}"


class SnapshotFile(models.Model):
    """One file of a snapshot: a copy of its own, so that no deletion elsewhere touches it.

    The copy is made by the worker; until then the original is not deleted.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="files")
    source = models.ForeignKey(Media, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.BigIntegerField()
    sha512 = models.CharField(max_length=128, blank=True)
    """Of the copy; empty until there is one."""
    blob = BlobField()
    problem = models.CharField(max_length=200, blank=True)
    """Why no copy can ever be made."""
    deleted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class LegalHold(models.Model):
    """Nothing about this subject is deleted while it lasts: no job, no wish of the account."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="legal_holds")
    subject_kind = models.CharField(max_length=8)
    """item or account; of an account, all its items are held."""
    subject = models.CharField(max_length=2000)
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    """report, csea, preservation (s.101) or staff."""
    why = SealedTextField()
    reference = models.CharField(max_length=200, blank=True)
    """Of the notice or report that asks for it."""
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    placed_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    """Null: until somebody ends it."""
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_why = SealedTextField(default="")
    preservation = models.ForeignKey(
        "Preservation", null=True, on_delete=models.PROTECT, related_name="holds"
    )
    """The notice that placed it; it ends with the notice."""
    authority_report = models.ForeignKey(
        "AuthorityReport", null=True, on_delete=models.PROTECT, related_name="holds"
    )
    """The report that placed it; it ends when the law lets it."""

    class Meta:
        indexes = [
            models.Index(
                fields=["service", "subject_kind"],
                condition=models.Q(ended_at__isnull=True),
                name="legal_hold_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} hold on {self.subject_kind}"


class Access(models.Model):
    """Somebody opened evidence, and said why."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="accesses")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)
    why = SealedTextField()
    what = models.CharField(max_length=20)
    """read, file or export."""

    def __str__(self) -> str:
        return f"{self.by} at {self.at:%Y-%m-%d %H:%M}"


class Preservation(models.Model):
    """A data preservation notice about a child who has died (s.101)."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="preservations")
    reference = models.CharField(max_length=200)
    """Ofcom's or the coroner's own."""
    subject = SealedTextField()
    """JSON: name, date_of_birth, emails, accounts."""
    received_at = models.DateTimeField()
    until = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_why = SealedTextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "reference"], name="preservation_once"),
        ]

    def __str__(self) -> str:
        return self.reference


class AuthorityReport(models.Model):
    """A report to the NCA (ss.66-69), or to another authority; filled in and sent by a person."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="authority_reports")
    snapshot = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, related_name="authority_reports"
    )
    authority = models.CharField(max_length=12)
    """nca, ncmec, iwf or police."""
    urgency = models.PositiveSmallIntegerField()
    """1 at once, 2 as soon as reasonably practicable, 3 without undue delay (SI 2026/262)."""
    answers = SealedTextField()
    """JSON: each item of Schedule 1 → its answer, or that it is not held and why."""
    earlier = models.CharField(max_length=200, blank=True)
    """Reference of the same content's report to another body, so that none is made twice."""
    begun_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    sent_through = models.CharField(max_length=20, blank=True)
    """portal, or the name of a sender that an installation brings."""
    reference = models.CharField(max_length=200, blank=True)
    """What the authority gave back; kept for five years (SI 2026/268)."""
    send_due_at = models.DateTimeField(null=True, db_index=True)
    """When a sender's next attempt is due; null where a person sends it, or it is sent."""
    send_attempts = models.PositiveSmallIntegerField(default=0)
    send_problem = models.CharField(max_length=500, blank=True)
    """Why the last attempt did not go through."""
    withdrawn_at = models.DateTimeField(null=True)
    """Begun by mistake, and never sent."""
    withdrawn_why = SealedTextField(default="")
    erased_at = models.DateTimeField(null=True)
    """When the answers went on schedule; the reference stays."""

    def __str__(self) -> str:
        return f"{self.authority} {self.reference or 'not sent'}"
