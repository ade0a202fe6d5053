"""What moderators work on: matches gathered into cases, cases into queues."""

from django.conf import settings
from django.db import models

from dutybound_server.banks.models import Signal
from dutybound_server.items.models import Item, Media
from dutybound_server.people.models import Account, Service


class Match(models.Model):
    """An item met a signal. What the bank said that day is kept, since banks change."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="matches")
    media = models.ForeignKey(Media, null=True, on_delete=models.PROTECT, related_name="matches")
    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="matches")
    distance = models.PositiveSmallIntegerField()
    threshold = models.PositiveSmallIntegerField()
    variant = models.CharField(max_length=20, blank=True)
    harm = models.CharField(max_length=40)
    effect = models.CharField(max_length=8)
    dry_run = models.BooleanField(default=False)
    retroactive = models.BooleanField(default=False)
    set_aside = models.BooleanField(default=False)
    """A negative bank knows the same picture or text, so this changed no verdict."""
    found_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "matches"
        constraints = [
            # Two, because SQLite has no unique constraint in which nulls are equal.
            models.UniqueConstraint(fields=["item", "media", "signal"], name="match_once"),
            models.UniqueConstraint(
                fields=["item", "signal"],
                condition=models.Q(media__isnull=True),
                name="match_without_media_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} meets {self.signal_id} at {self.distance}"


class Queue(models.Model):
    """Where cases of certain kinds of harm wait. The one with no harms takes the rest."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="queues")
    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    harms = models.JSONField(default=list)
    restricted = models.BooleanField(default=False)
    """Only staff who may see restricted harms see it."""
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "slug"], name="queue_once")]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    """One subject, an item or an account, and all that is known against it."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="cases")
    reference = models.CharField(max_length=12, unique=True)
    subject_kind = models.CharField(max_length=8)
    subject = models.CharField(max_length=2000)
    """Of the service: its own id, or an address of its pages; else a concern's reference."""
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="cases")
    """The newest revision that was matched."""
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="cases")
    """The account itself, or the author of the item where the service named one."""
    text_digest = models.CharField(max_length=64, blank=True, db_index=True)
    """Keyed digest of the item's text: finds the same text elsewhere without opening any."""
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="cases")
    harm = models.CharField(max_length=40)
    severity = models.PositiveSmallIntegerField()
    """1 to 5, from dutybound.cases.priority."""
    reach = models.PositiveIntegerField(default=1)
    weight = models.FloatField()
    """dutybound.cases.priority.weight(severity, reach); the queue multiplies it by the age."""
    restricted = models.BooleanField(default=False)
    status = models.CharField(max_length=10)
    """A view of the case's events; dutybound.cases.status derives it."""
    opened_at = models.DateTimeField()
    waiting_since = models.DateTimeField()
    """When it was last opened, reopened or appealed; an undo leaves it be."""
    due_at = models.DateTimeField()
    """When it should be decided: `waiting_since` and what its severity allows."""
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    claimed_until = models.DateTimeField(null=True)
    told_up_to = models.BigIntegerField(null=True)
    """While people who told us of it have yet to hear that its outcome changed: the last concern
    whose person has heard. Null when nobody waits for that."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "subject_kind", "subject"], name="one_case_per_subject"
            ),
        ]
        indexes = [
            models.Index(fields=["service", "status", "queue"], name="case_by_queue"),
            models.Index(fields=["service", "opened_at"], name="case_by_time"),
            models.Index(
                fields=["id"],
                condition=models.Q(told_up_to__isnull=False),
                name="case_to_tell_of",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class CaseEvent(models.Model):
    """One thing that happened to a case; together they are its history and its status."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["at"], name="case_event_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"


class Reveal(models.Model):
    """A member of staff chose to look at one medium; counted for their own sake."""

    media = models.ForeignKey(Media, on_delete=models.PROTECT, related_name="reveals")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reveals")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reveals"
    )
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.by} looked at {self.media}"
