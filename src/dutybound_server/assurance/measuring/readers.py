"""What answers each query of a probe, from the rows as they were at a moment."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from dutybound_server.assurance.measuring.accounts import ACCOUNT_READERS
from dutybound_server.assurance.measuring.complaints import COMPLAINTS
from dutybound_server.assurance.measuring.documents import DOCUMENTS
from dutybound_server.assurance.measuring.governance import GOVERNANCE
from dutybound_server.assurance.measuring.matching import MATCHING
from dutybound_server.assurance.measuring.moderation import MODERATION
from dutybound_server.assurance.measuring.moderation_people import MODERATION_PEOPLE
from dutybound_server.assurance.measuring.takedown import TAKEDOWN
from dutybound_server.assurance.measuring.terms import TERMS_READERS
from dutybound_server.people.models import Service

Reader = Callable[[Service, datetime], object]
"""(service, as of) → what the query gives.

What happened after that moment is not seen: what was decided later is still open then. So the same
query gives the same figures a year on, until the rows are erased.
"""

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        **MODERATION,
        **MODERATION_PEOPLE,
        **TAKEDOWN,
        **MATCHING,
        **ACCOUNT_READERS,
        **COMPLAINTS,
        **DOCUMENTS,
        **GOVERNANCE,
        **TERMS_READERS,
    }
)
