"""Probes of how people are heard: ICU D1 to D14, PCU D1 to D14, and signposts for children."""

from dutybound.evidence.complaints_answers import ANSWERS
from dutybound.evidence.complaints_appeals import APPEALS
from dutybound.evidence.complaints_beforehand import BEFOREHAND
from dutybound.evidence.complaints_exceptions import EXCEPTIONS
from dutybound.evidence.complaints_form import FORM_PROBES
from dutybound.evidence.complaints_letters import LETTERS
from dutybound.evidence.complaints_opting_out import OPTING_OUT
from dutybound.evidence.probe import Probe

COMPLAINTS: tuple[Probe, ...] = (
    *FORM_PROBES,
    *BEFOREHAND,
    *LETTERS,
    *OPTING_OUT,
    *ANSWERS,
    *APPEALS,
    *EXCEPTIONS,
)
