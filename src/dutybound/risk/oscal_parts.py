"""What every OSCAL document here is built from: names, numbers that stay the same, and heads."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from dutybound.risk.fingerprint import digest_of
from dutybound.risk.record_basis import Basis

OSCAL_VERSION = "1.2.1"
NS = "urn:dutybound:oscal"
"""The namespace of our props."""

ASSESSMENT_TYPE = "application/vnd.dutybound.assessment+json"
CATALOG, PROFILE, PLAN, MILESTONES = "catalog.json", "profile.json", "ssp.json", "poam.json"
ASSESSMENT_PLAN, RESULTS = "assessment-plan.json", "assessment-results.json"
"""The files, which name each other by these names."""

_FAMILY = UUID("5b0c2b6e-6f0b-5d0e-9f0c-2d5a7b1c4e10")
_LONGEST_LINE = 4_000

Json = dict[str, Any]


@dataclass(frozen=True)
class Draft:
    """What the four documents share: the assessment, the law, and when they were made."""

    basis: Basis
    last_modified: datetime

    @property
    def version(self) -> str:
        """The same for the same assessment under the law of the same day, and for no other."""
        return f"{self.basis.as_of.isoformat()}-{digest_of(self.basis.assessment)[:12]}"

    def uuid(self, *names: str) -> str:
        """A number for something in this version of this assessment."""
        return number(self.version, *names)

    def head(self, title: str, **more: object) -> Json:
        """The metadata of a document."""
        return {
            "title": line(title),
            "last-modified": self.last_modified.isoformat(),
            "version": self.version,
            "oscal-version": OSCAL_VERSION,
        } | more


def number(*names: str) -> str:
    """A UUID (version 5) that is the same for the same names, on every machine."""
    return str(uuid5(_FAMILY, "\x1f".join(names)))


def token(name: str) -> str:
    """A name as OSCAL's tokens allow it: `ICU A2` is `icu-a2`."""
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return words if words[:1].isalpha() else f"n-{words}"


def line(text: str, *, otherwise: str = "Not recorded yet.") -> str:
    """Text on one line, without space around it, as OSCAL's strings must be."""
    return " ".join(text.split())[:_LONGEST_LINE].strip() or otherwise


def prose(text: str, *, otherwise: str = "Not recorded yet.") -> str:
    """Text of any number of lines."""
    return text.strip() or otherwise


def prop(name: str, value: str, **more: str) -> Json:
    """A property in our namespace."""
    return {"name": name, "ns": NS, "value": line(value)} | more


def at_midnight(day: date) -> str:
    """A day as OSCAL's times have it."""
    return f"{day.isoformat()}T00:00:00Z"
