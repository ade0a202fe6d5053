"""What people tell us: reports, complaints and appeals, each with a receipt and a clock."""

from datetime import timedelta

from django.conf import settings
from django.db import models

from dutybound_server.banks.models import Signal
from dutybound_server.casework.models.appeals import Appeal
from dutybound_server.casework.models.cases import Case
from dutybound_server.casework.models.flaggers import Flagger
from dutybound_server.items.blobs import BlobField
from dutybound_server.items.models import Item
from dutybound_server.lib.sealed import SealedTextField
from dutybound_server.people.models import Account, Service


class Concern(models.Model):
    """A report, complaint or appeal as one person made it, what became of it, and its clock."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="concerns")
    reference = models.CharField(max_length=12, unique=True)
    token_digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of `token`: the status page is found by it."""
    token = SealedTextField()
    """The secret part of the status page's address."""
    kind = models.CharField(max_length=24)
    """dutybound.cases.kinds.Kind"""
    harm = models.CharField(max_length=40, blank=True)
    """Of the register; empty where the person does not know."""
    words = SealedTextField(default="")
    """Their own words, as they wrote them."""
    answers = SealedTextField(default="{}")
    """JSON: what the kind's own questions asked, such as the declarations of s.20A."""
    language = models.CharField(max_length=8, default="en")
    version = models.CharField(max_length=8, default="adult")
    """adult or child: how we speak to them."""
    channel = models.CharField(max_length=8)
    """page, widget, api, flagger, notice (an appeal by a notice's page) or staff."""
    flagger = models.ForeignKey(
        Flagger, null=True, on_delete=models.PROTECT, related_name="concerns"
    )
    account = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="concerns"
    )
    """Of the person who tells us, where the service named one."""
    email = SealedTextField(default="")
    wants_messages = models.BooleanField(default=True)
    """Whether we may write to them (ICU D6); the status page speaks in either case."""
    network_digest = models.CharField(max_length=64, blank=True, db_index=True)
    """Keyed digest of the network it came from, for rate limits; emptied after a day."""
    teller_digest = models.CharField(max_length=64, blank=True, db_index=True)
    """Keyed digest of account, flagger or e-mail: finds what the same person told us before."""
    appeal = models.OneToOneField(
        Appeal, null=True, on_delete=models.PROTECT, related_name="concern"
    )
    about = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followers")
    """The earlier concern that this one complains about."""
    severity = models.PositiveSmallIntegerField()
    queued = models.BooleanField(default=False)
    """More came from one place than a person sends: it waits behind others, and is not lost."""
    received_at = models.DateTimeField(db_index=True)
    acknowledged_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    """When a member of staff first opened it or one of its cases."""
    decided_at = models.DateTimeField(null=True, db_index=True)
    told_at = models.DateTimeField(null=True)
    """When the outcome was there for the person to read."""
    withdrawn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    """Since when its clock stands still; see `Pause` for why."""
    paused_for = models.DurationField(default=timedelta)
    """How long the clock stood still before."""
    stage = models.PositiveSmallIntegerField(default=0)
    """The last mark it passed, of dutybound.cases.clocks.Stage."""
    breached_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    """dutybound.cases.kinds.Outcome; empty until it is decided."""
    refusal = models.CharField(max_length=20, blank=True)
    """dutybound.cases.kinds.RefusalGround, of a refused intimate image report."""
    reasons = models.TextField(blank=True)
    """Of staff, for colleagues and auditors; what the person reads is a letter."""
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    """Who answers it, for kinds that no case decides."""
    request_id = models.CharField(max_length=64, blank=True)
    """The caller's own id of it, so that one sent twice is taken once."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "channel", "request_id"],
                condition=~models.Q(request_id=""),
                name="concern_request_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(decided_at__isnull=True, withdrawn_at__isnull=True),
                name="concern_clock_runs",
            ),
            models.Index(fields=["service", "kind", "received_at"], name="concern_by_kind"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Whether whoever told us still waits for the outcome."""
        return self.decided_at is None and self.withdrawn_at is None


class ConcernSubject(models.Model):
    """One thing a concern is about, and the case that looks into it."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="subjects")
    subject_kind = models.CharField(max_length=8)
    """item, account, address (a page we do not know as an item) or concern (nothing named)."""
    subject = models.CharField(max_length=2000)
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="+")
    """The revision there was when it was reported."""
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="concerned")
    """Null for kinds that no case decides."""
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "subject_kind", "subject"], name="concern_subject_once"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Attachment(models.Model):
    """A file the person added: a screenshot, a letter."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="attachments")
    name = SealedTextField()
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    blob = BlobField()
    added_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"attachment of {self.concern}"


class ReportedHash(models.Model):
    """What a reported picture looks like: found everywhere by it, without keeping the picture."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="hashes")
    value = models.CharField(max_length=64)
    """As hexadecimal."""
    kind = models.CharField(max_length=12, default="pdq")
    """pdq, or sha256 of a file of the item: finds films, and pictures too plain for PDQ."""
    quality = models.PositiveSmallIntegerField()
    came_from = models.CharField(max_length=10)
    """device or item."""
    signal = models.ForeignKey(
        Signal, null=True, on_delete=models.PROTECT, related_name="reported_hashes"
    )
    """Of the bank of reported images; of the bank of upheld ones once it is upheld."""
    meant = models.BooleanField(null=True)
    """Of an item with several pictures: whether a person said that this one is reported."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["concern", "value"], name="reported_hash_once"),
        ]

    def __str__(self) -> str:
        return self.value[:16]


class ConcernEvent(models.Model):
    """One thing that happened to a concern after it was received."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)
    """added, stage, paused, resumed, pointed, decided, told, withdrawn, opted_out…"""
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    words = SealedTextField(default="")
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["kind", "at"], name="concern_event_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"


class Letter(models.Model):
    """What we tell the person: an acknowledgement, one outcome, a question, a correction."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=16)
    """acknowledged, outcome, question or changed."""
    words = SealedTextField()
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    """When it was first opened on the status page."""
    mail_due_at = models.DateTimeField(null=True, db_index=True)
    """When the next attempt to e-mail it is due; null when none is."""
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True)
    mail_failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # The outcome is told exactly once, whoever decides twice.
            models.UniqueConstraint(
                fields=["concern", "kind"],
                condition=models.Q(kind__in=["acknowledged", "outcome"]),
                name="told_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.concern}"


class Draft(models.Model):
    """A form that somebody is filling in; nobody but them has the token."""

    token_digest = models.CharField(max_length=64, unique=True)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    answers = SealedTextField(default="{}")
    touched_at = models.DateTimeField(db_index=True)
    """Forgotten two hours later."""
    sent = models.ForeignKey(Concern, null=True, on_delete=models.PROTECT, related_name="+")
    """What it became, so that sending twice gives one receipt."""

    def __str__(self) -> str:
        return f"form begun at {self.touched_at:%H:%M}"


class DraftFile(models.Model):
    """A file added to a form that is not sent yet."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    name = SealedTextField()
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    blob = BlobField()

    def __str__(self) -> str:
        return f"file of {self.draft}"


class FormDay(models.Model):
    """How many forms in which something was answered ended on a day: counts, and nothing else."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    """When they were last touched."""
    sent = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "day"], name="form_day_once"),
        ]

    def __str__(self) -> str:
        return f"forms of {self.day:%Y-%m-%d}"
