"""Banks of signals, and the one number that says which state of them a verdict used."""

from django.db import models

from dutybound_server.people.models import Service


class BankVersion(models.Model):
    """One row. Each change to any bank or signal takes the next number, so workers see it."""

    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class Bank(models.Model):
    """A named set of signals with a source, a kind of harm, a threshold and an effect."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="banks")
    name = models.SlugField(max_length=64)
    source = models.CharField(max_length=100)
    harm = models.CharField(max_length=40)
    effect = models.CharField(max_length=8)
    threshold = models.PositiveSmallIntegerField(default=31)
    """Largest Hamming distance, in bits of 256, at which a PDQ signal matches."""
    any_orientation = models.BooleanField(default=True)
    leetspeak = models.BooleanField(default=False)
    enabled = models.BooleanField(default=True)
    dry_run = models.BooleanField(default=False)
    """Matches are recorded and shown, and change no verdict."""
    flood_share = models.FloatField(default=0.05)
    """A signal that matches more than this share of recent items is set to flag only."""
    description = models.TextField(blank=True)
    created_at = models.DateTimeField()
    version = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "name"], name="bank_name_once"),
            models.CheckConstraint(
                condition=models.Q(threshold__lte=48), name="threshold_at_most_48"
            ),
            models.CheckConstraint(
                condition=models.Q(flood_share__gt=0) & models.Q(flood_share__lte=1),
                name="flood_share_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Signal(models.Model):
    """A hash, URL or phrase of a bank. Removed ones stay, so that old matches can be read."""

    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="signals")
    kind = models.CharField(max_length=12)
    value = models.CharField(max_length=2048)
    source_record = models.CharField(max_length=200, blank=True)
    tags = models.JSONField(default=list)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    quarantined_at = models.DateTimeField(null=True, blank=True)
    """Since when the flood guard lets it flag only."""
    version = models.BigIntegerField()
    """The bank version at which it was last added, removed or quarantined."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bank", "kind", "value"],
                condition=models.Q(removed_at__isnull=True),
                name="live_signal_once",
            ),
        ]
        indexes = [models.Index(fields=["version"], name="signal_by_version")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.value[:16]}"


class BankChange(models.Model):
    """Who changed what in a bank, and why."""

    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    what = models.TextField()
    why = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.what
