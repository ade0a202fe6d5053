"""The tamper-evident log: entries as they were written, tiles of hashes, signed heads."""

from types import MappingProxyType

from django.db import models

LONGEST = MappingProxyType({"service": 64, "kind": 64, "subject": 200, "actor": 64})


class Entry(models.Model):
    """One line of the journal. `body` is final; `number` comes when it is sealed."""

    number = models.BigIntegerField(null=True, unique=True)
    service = models.CharField(max_length=LONGEST["service"], blank=True, db_index=True)
    kind = models.CharField(max_length=LONGEST["kind"], db_index=True)
    subject = models.CharField(max_length=LONGEST["subject"], db_index=True)
    actor = models.CharField(max_length=LONGEST["actor"])
    at = models.DateTimeField(db_index=True)
    body = models.BinaryField()
    """RFC 8785 JSON; personal values stand in it only as salted SHA-256 digests."""
    salts = models.JSONField(default=dict)
    """name → hex salt of each personal value; erasing it leaves every proof valid."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number__isnull=True) | models.Q(number__gte=0),
                name="entry_number_not_negative",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(number__isnull=True), name="entry_pending"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number if self.number is not None else 'pending'} {self.kind}"


class Tile(models.Model):
    """Up to 256 hashes of one level (c2sp.org/tlog-tiles); the last of a level grows until full."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="tile_once")]

    def __str__(self) -> str:
        return f"tile {self.level}/{self.index}"


class Checkpoint(models.Model):
    """A signed head of the log; the newest is what the world sees."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"checkpoint of {self.size} entries"


class WitnessedHead(models.Model):
    """A head that others cosigned, and their lines; the newest, and one of each hour."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    """As it was sealed, with a line of each witness that saw it."""
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"witnessed head of {self.size} entries"


class Witness(models.Model):
    """How it stands with a witness that we ask: what it saw last, and what is the trouble."""

    url = models.CharField(max_length=500, unique=True)
    size = models.BigIntegerField(default=0)
    """Entries in the last head that it is known to have seen."""
    asked_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=20, blank=True)
    told = models.CharField(max_length=300, blank=True)
    """What went wrong, or what it answered, in its own words."""
    since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"witness at {self.url}"


class KeyChange(models.Model):
    """One signature key that handed over to another; kept for ever, for whoever trusts the old."""

    old = models.TextField()
    new = models.TextField()
    note = models.TextField()
    """The head that both signed."""
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"change of key after {self.at:%Y-%m-%d}"
