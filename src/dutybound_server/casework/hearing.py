"""What a person told us, as the doors hand it on: checked values, and nothing stored yet."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from dutybound.cases.kinds import KINDS, Group, Kind
from dutybound.register.harms import HARMS
from dutybound_server.casework.models import Concern, Desk, Flagger
from dutybound_server.casework.subjects import ACCOUNT, ADDRESS, ITEM
from dutybound_server.lib.refusals import FieldRefused
from dutybound_server.people.models import Account

LONGEST_WORDS = 20_000
LONGEST_SUBJECT = 2_000
LONGEST_ACCOUNT = 200
MOST_SUBJECTS = 50
MOST_FILES = 10
MOST_FILES_IN_ALL = 30
MOST_ADDITIONS = 50
"""To one concern, so that nobody fills the disk or its page by adding on and on."""
LARGEST_FILE = 20 * 1024 * 1024

Problem = tuple[str, str]
"""The field, and a sentence that says what was expected of it."""


class ConcernRefused(FieldRefused):
    """What was told cannot be taken as it is; `field` is what to change."""


class ConcernNotFound(Exception):
    """There is no such concern, or none for whoever asks; which of the two is not told."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing it is about: item or account by the service's own id, or an address."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class AddedFile:
    """A file that came with it; it is stored encrypted, and never opened as what it claims."""

    name: str
    content_type: str
    file: IO[bytes]


@dataclass(frozen=True, slots=True)
class GivenHash:
    """What a picture or film looks like, as 64 hexadecimal digits; from device or item.

    By PDQ, of that quality; or, of a stored item alone, the SHA-256 of the very file.
    """

    value: str
    quality: int
    came_from: str = "device"
    kind: str = "pdq"


@dataclass(frozen=True, slots=True)
class Told:
    """A report, complaint or appeal before it is received."""

    kind: Kind
    words: str = field(repr=False)
    channel: str
    harm: str = ""
    subjects: tuple[Subject, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict, repr=False)
    files: tuple[AddedFile, ...] = ()
    hashes: tuple[GivenHash, ...] = ()
    account: Account | None = None
    flagger: Flagger | None = None
    email: str = field(default="", repr=False)
    wants_messages: bool = True
    language: str = "en"
    version: str = "adult"
    about: Concern | None = None
    network: str = field(default="", repr=False)
    """The address it came from; only a keyed digest of its network is kept, for a day."""
    request_id: str = ""
    queued: bool = False
    """Whether it waits behind others, because too many came from one place."""


def problems(told: Told, *, desk: Desk) -> Iterator[Problem]:
    """Everything that keeps it from being taken, field by field."""
    kind = KINDS[told.kind]
    if kind.category_1_only and not desk.category_1:
        yield "kind", "This service does not take complaints of this kind."
    if kind.for_children_only and not desk.children:
        yield "kind", "This service does not take complaints of this kind."
    if told.harm and told.harm not in HARMS:
        yield "harm", "Choose a kind of harm from the list, or leave it empty."
    if told.email:
        try:
            validate_email(told.email.strip())
        except ValidationError:
            yield "email", "Write an e-mail address such as name@example.com, or leave it empty."
    yield from _problems_in_words(told)
    yield from _problems_in_subjects(told, group=kind.group)
    yield from _problems_in_files(told)


def _problems_in_words(told: Told) -> Iterator[Problem]:
    if len(told.words) > LONGEST_WORDS:
        yield "words", f"Keep it to {LONGEST_WORDS:,} characters; this has {len(told.words):,}."
    if "\0" in told.words:
        yield "words", "Write it as text; there is a character in it that is none."
    if not (told.words.strip() or told.subjects or told.hashes or told.files):
        yield "words", "Tell us in your own words what is wrong."


def _problems_in_subjects(told: Told, *, group: Group) -> Iterator[Problem]:
    if len(told.subjects) > MOST_SUBJECTS:
        yield "subjects", f"Tell us of at most {MOST_SUBJECTS} things at once."
    yield from subject_problems(told.subjects)
    is_of_report = told.about is not None and told.about.kind == Kind.INTIMATE_IMAGE
    if told.kind is Kind.EXPEDITED and not is_of_report:
        yield "about", "Say which report of an intimate image this is about."
    if group is Group.APPEAL:
        yield "kind", "An appeal is made by its notice."


def subject_problems(subjects: Iterable[Subject]) -> Iterator[Problem]:
    """What keeps things from being what a concern is about."""
    for subject in subjects:
        if subject.kind not in {ITEM, ACCOUNT, ADDRESS}:
            yield "subjects", "Expected an item, an account or an address."
        longest = LONGEST_ACCOUNT if subject.kind == ACCOUNT else LONGEST_SUBJECT
        if not subject.id.strip() or len(subject.id) > longest or "\0" in subject.id:
            yield "subjects", f"Expected 1 to {longest:,} characters."


def _problems_in_files(told: Told) -> Iterator[Problem]:
    if len(told.files) > MOST_FILES:
        yield "files", f"Add at most {MOST_FILES} files."
    for given in told.hashes:
        if len(given.value) != 64 or not set(given.value) <= set("0123456789abcdef"):
            yield "hashes", "Expected 64 hexadecimal digits of a PDQ hash."
        if not 0 <= given.quality <= 100:
            yield "hashes", "Expected a quality from 0 to 100."
