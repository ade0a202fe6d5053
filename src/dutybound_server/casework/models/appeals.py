"""What a person is told of a decision, and their wish to have it looked at again."""

from django.db import models

from dutybound_server.casework.models.decisions import Decision
from dutybound_server.lib.sealed import SealedTextField
from dutybound_server.people.models import Account, Service


class Notice(models.Model):
    """What a person is told, and when. `token` is the secret part of its public address."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="notices")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="notices")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=20)
    """decided, undone or appeal_decided."""
    token = models.CharField(max_length=43, unique=True)
    words = SealedTextField()
    created_at = models.DateTimeField()
    mail_due_at = models.DateTimeField(null=True, db_index=True)
    """When the next attempt to e-mail it is due; null when none is."""
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True)
    mail_failed_at = models.DateTimeField(null=True)
    """When we gave up on e-mailing it; the notice itself stays readable."""

    def __str__(self) -> str:
        return f"{self.kind} to {self.account}"


class Appeal(models.Model):
    """The person a decision touched asks for another person to look again."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="appeals")
    grounds = SealedTextField()
    lodged_at = models.DateTimeField()
    outcome = models.ForeignKey(
        Decision, null=True, on_delete=models.PROTECT, related_name="appeals_answered"
    )

    def __str__(self) -> str:
        return f"appeal against {self.decision}"
