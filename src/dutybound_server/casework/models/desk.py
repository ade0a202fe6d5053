"""How a service hears people: its form, who answers what, how soon, and what it disregards."""

from django.conf import settings
from django.db import models

from dutybound_server.casework.models.concerns import Concern
from dutybound_server.lib.sealed import SealedTextField
from dutybound_server.people.models import Service


class Desk(models.Model):
    """The reporting form of a service and the rules behind it; made with its first concern."""

    service = models.OneToOneField(Service, on_delete=models.PROTECT, related_name="desk")
    is_open = models.BooleanField(default=True)
    colour = models.CharField(max_length=7, default="#0b5c5c")
    home_url = models.CharField(max_length=500, blank=True)
    """Where a person goes back to."""
    languages = models.JSONField(default=list)
    """Codes besides English, such as cy."""
    version = models.CharField(max_length=8, default="adult")
    """adult or child: which one the form begins with."""
    offers_block = models.BooleanField(default=False)
    """Whether the service carries out a wish to block an account (webhook `block.asked`)."""
    children = models.BooleanField(default=True)
    """Whether children are likely to access the service."""
    category_1 = models.BooleanField(default=False)
    link_secret = SealedTextField(default="")
    """HS256 key of item tokens."""
    old_link_secret = SealedTextField(default="")
    """The one before, still accepted."""
    proof_bits = models.PositiveSmallIntegerField(default=0)
    """Work a browser does before a report goes ahead of the queued ones; 0: none."""
    nation = models.CharField(max_length=3, default="ENG")
    """Whose bank holidays count, of dutybound.cases.clocks.NATIONS."""
    targets = models.JSONField(default=dict)
    """kind or kind:severity → hours, where the service set one; else dutybound.cases.kinds."""
    owners = models.JSONField(default=dict)
    """kind → id of the user who answers it."""
    sample_rates = models.JSONField(default=dict)
    """kind of concern, `match` or `no_action` → share of decisions that get a blind second look."""

    def __str__(self) -> str:
        return f"desk of {self.service}"


class Pause(models.Model):
    """A clock stood still, and why."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="pauses")
    why = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern"],
                condition=models.Q(ended_at__isnull=True),
                name="one_pause_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"pause of {self.concern}"


class UnfoundedPolicy(models.Model):
    """A recorded policy on manifestly unfounded complaints (ICU D13, PCU D14); one version."""

    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="unfounded_policies"
    )
    number = models.PositiveIntegerField()
    words = models.TextField()
    attributes = models.JSONField(default=list)
    """What it relies on to call a complaint unfounded, each in a sentence."""
    monitoring = models.TextField()
    """How it is watched for complaints that were wrongly disregarded."""
    change = models.TextField(blank=True)
    """What changed since the version before, and why."""
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField()
    review_by = models.DateField()
    """At most a year after approval; from then on it disregards nothing."""
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="unfounded_policy_once"),
        ]

    def __str__(self) -> str:
        return f"policy {self.number} of {self.service}"


class Disregard(models.Model):
    """A concern was disregarded under a policy; a share is looked at again by another person."""

    concern = models.OneToOneField(Concern, on_delete=models.PROTECT, related_name="disregard")
    policy = models.ForeignKey(UnfoundedPolicy, on_delete=models.PROTECT, related_name="uses")
    attribute = models.PositiveSmallIntegerField()
    why = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)
    was_right = models.BooleanField(null=True)

    def __str__(self) -> str:
        return f"disregard of {self.concern}"
