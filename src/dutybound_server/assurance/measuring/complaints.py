"""How people were heard, counted: what answers each query of the probes about it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from dutybound_server.assurance.measuring.complaints_answers import ANSWERS
from dutybound_server.assurance.measuring.complaints_appeals import APPEALS
from dutybound_server.assurance.measuring.complaints_beforehand import BEFOREHAND
from dutybound_server.assurance.measuring.complaints_exceptions import EXCEPTIONS
from dutybound_server.assurance.measuring.complaints_form import FORM_READERS
from dutybound_server.assurance.measuring.complaints_letters import LETTERS
from dutybound_server.people.models import Service

COMPLAINTS: Mapping[str, Callable[[Service, datetime], object]] = {
    **FORM_READERS,
    **BEFOREHAND,
    **LETTERS,
    **ANSWERS,
    **APPEALS,
    **EXCEPTIONS,
}
