"""What a decision brings beside taking down: strikes and sanctions, and signals that learn."""

from django.db import models

from dutybound_server.banks.models import Signal
from dutybound_server.casework.models.decisions import Decision
from dutybound_server.people.models import Account, Service


class Strike(models.Model):
    """A decision counts against an account, until it is taken back or too old."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="strike")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="strikes")
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"strike of {self.decision}"


class Sanction(models.Model):
    """A consequence for an account, with a start and an end."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="sanction")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="sanctions")
    kind = models.CharField(max_length=8)
    """warn, limit, suspend or close."""
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    """Null: until it is lifted."""
    lifted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.account}"


class SanctionTold(models.Model):
    """What a service was told of a sanction; `after=` pulls by `id`, given as enforcements' are."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    sanction = models.ForeignKey(Sanction, on_delete=models.PROTECT, related_name="told")
    event = models.CharField(max_length=20)
    """sanction.created or sanction.lifted."""
    why = models.CharField(max_length=12)
    """decided, brought_back, ended or taken_back."""
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.event}: {self.sanction}"


class Learned(models.Model):
    """A signal that a decision put into a bank, so that its undoing can take it out again."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="learned")
    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="learned_from")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "signal"], name="learned_once"),
        ]

    def __str__(self) -> str:
        return f"{self.signal} from {self.decision}"


class Judging(models.Model):
    """How a decision was reasoned: the guide's questions, its version, and the answers."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="judging")
    guide = models.CharField(max_length=40)
    """Of dutybound.cases.guides; `terms` where it was judged under the terms alone."""
    version = models.CharField(max_length=20)
    answers = models.JSONField(default=list)
    """[{"question": id, "asked": its words, "answer": "yes" | "no" | "unknown", "why": "…",
    "inferred": false}, …]"""
    result = models.CharField(max_length=12)
    """dutybound.cases.guides.Verdict, as the answers give it."""

    def __str__(self) -> str:
        return f"judging of {self.decision}"
