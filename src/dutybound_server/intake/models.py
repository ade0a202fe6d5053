"""Work that looks back over items already received."""

from django.db import models

from dutybound_server.banks.models import Bank


class Rematch(models.Model):
    """Signals were added: items received before them are matched by their stored hashes.

    A worker moves `next_item` upward in steps, each step in one transaction with the cases it
    opens, so a kill loses at most the step in hand and opens nothing twice.
    """

    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="rematches")
    after_version = models.BigIntegerField()
    """Signals of the bank with a greater version are the new ones."""
    to_version = models.BigIntegerField()
    next_item = models.BigIntegerField(default=0)
    """The lowest id that was not looked at yet."""
    last_item = models.BigIntegerField()
    found = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bank", "to_version"], name="rematch_once"),
        ]

    def __str__(self) -> str:
        return f"rematch of {self.bank} up to item {self.last_item}"
