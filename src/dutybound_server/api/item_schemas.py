"""The shapes of items and answers. Their names are a contract: add, never rename."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import rfc8785
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

LONGEST_TEXT = 100_000
MOST_MEDIA = 100
MOST_LINKS = 1000
LARGEST_CONTEXT = 64 * 1024
GREATEST_NUMBER = 2**31 - 1
CONTROLS = r"\x00-\x1f\x7f-\x9f"
"""Characters with no place in a name: PostgreSQL stores no NUL, and no header a line break."""

EXAMPLE: dict[str, Any] = {
    "id": "post-1",
    "revision": 1,
    "kind": "post",
    "author": {"id": "u42"},
    "visibility": "public",
    "created_at": "2026-11-22T10:00:00Z",
    "text": "A walk along the ridge",
    "links": ["https://ridge.example/walks"],
    "media": [
        {
            "id": "m1",
            "content_type": "image/jpeg",
            "hashes": {"pdq": [{"hash": "f8f8f0cce0f4e84d" * 4, "quality": 97}]},
        }
    ],
    "context": {"board": "walks"},
}

ANSWER_EXAMPLE: dict[str, Any] = {
    "item": "post-1",
    "revision": 1,
    "verdict": "block",
    "case": "4f2c7h9kmp",
    "matches": [
        {
            "media": "m1",
            "bank": "known-photos",
            "signal": "f8f8f0cce0f4e84d" * 4,
            "kind": "pdq",
            "distance": 6,
            "threshold": 31,
            "variant": "mirrored",
            "harm": "iia",
            "source": "Ridge Forum moderators",
            "record": "17",
            "tags": [],
            "effect": "block",
            "dry_run": False,
        }
    ],
    "reasons": [
        (
            "Picture m1 is 6 of 256 bits from a signal of bank known-photos (source Ridge Forum "
            "moderators record 17), limit 31, mirrored: block."
        )
    ],
    "policy": {"banks": "12", "rules": "1"},
}


def _is_text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("expected a date and time such as 2026-11-22T10:00:00Z")  # noqa: TRY004
    return value


def _plain(context: dict[str, Any]) -> dict[str, Any]:
    try:
        text = rfc8785.dumps(context)
    except rfc8785.CanonicalizationError as error:
        raise ValueError(f"expected numbers that every JSON reader keeps: {error}") from None
    if len(text) > LARGEST_CONTEXT:
        raise ValueError(f"expected at most {LARGEST_CONTEXT // 1024} KiB of JSON")
    if b"\\u0000" in text:
        raise ValueError("expected text without the character U+0000")
    return context


def _hex(digits: int, what: str) -> AfterValidator:
    def check(value: str) -> str:
        if value and not re.fullmatch(f"[0-9a-fA-F]{{{digits}}}", value):
            raise ValueError(f"expected {digits} hex digits of {what}")
        return value.lower()

    return AfterValidator(check)


def _seen(value: str) -> str:
    if not value.strip():
        raise ValueError("expected more than spaces")
    return value


Identifier = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=rf"^[^{CONTROLS}]+$"),
    AfterValidator(_seen),
]
Kind = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z][a-z0-9_-]*$")]
MediaType = Annotated[
    str, StringConstraints(max_length=100, pattern=rf"^([\w.+-]+/[\w.+-]+ *(;[^{CONTROLS}]*)?)?$")
]
Email = Annotated[
    str, StringConstraints(max_length=254, pattern=rf"^([^@\s{CONTROLS}]+@[^@\s{CONTROLS}]+)?$")
]
Address = Annotated[str, StringConstraints(min_length=1, max_length=8192)]
FetchedAddress = Annotated[Address, StringConstraints(pattern=rf"^[^{CONTROLS}]+$")]
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_is_text),
    Field(ge=datetime(1970, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC)),
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AuthorIn(_Strict):
    """The account the item comes from."""

    id: Identifier
    email: Annotated[Email, Field(description="Where notices to the author are sent.")] = ""


class PdqIn(_Strict):
    """A PDQ hash of a picture, or of one frame."""

    hash: Annotated[str, Field(min_length=64), _hex(64, "a PDQ hash")]
    quality: Annotated[int, Field(ge=0, le=100, strict=True)]


class HashesIn(_Strict):
    """Hashes you computed, in place of the file. At least one."""

    sha256: Annotated[str, _hex(64, "a SHA-256 hash")] = ""
    md5: Annotated[str, _hex(32, "an MD5 hash")] = ""
    pdq: Annotated[list[PdqIn], Field(max_length=64)] = []

    @model_validator(mode="after")
    def _at_least_one(self) -> "HashesIn":
        if not (self.sha256 or self.md5 or self.pdq):
            raise ValueError("expected at least one of `sha256`, `md5` and `pdq`")
        return self


class MediaIn(_Strict):
    """One file of the item: exactly one of `data`, `url` and `hashes`, or a multipart part."""

    id: Identifier
    content_type: Annotated[MediaType, Field(examples=["image/jpeg"])] = ""
    data: Annotated[str | None, Field(description="The file in base64.")] = None
    url: Annotated[
        FetchedAddress | None, Field(description="Fetched, if its host is one of the service's.")
    ] = None
    hashes: HashesIn | None = None


class ItemIn(_Strict):
    """One revision of a piece of user-generated content."""

    id: Annotated[Identifier, Field(description="Your own id of it.", examples=["post-1"])]
    revision: Annotated[
        int,
        Field(ge=1, le=GREATEST_NUMBER, strict=True, description="A change is a new revision."),
    ] = 1
    kind: Annotated[Kind, Field(examples=["post", "comment", "profile"])] = "post"
    author: AuthorIn | None = None
    visibility: Literal["public", "private"] = "public"
    created_at: Moment | None = None
    text: Annotated[str, Field(max_length=LONGEST_TEXT)] = ""
    links: Annotated[list[Address], Field(max_length=MOST_LINKS)] = []
    media: Annotated[list[MediaIn], Field(max_length=MOST_MEDIA)] = []
    context: Annotated[
        dict[str, Any],
        AfterValidator(_plain),
        Field(
            description="Anything a moderator or a rule should know; kept as long as the text. "
            "A list `thread` of `id`, `author`, `text` and `at` is shown as the conversation."
        ),
    ] = {}
    reach: Annotated[
        int,
        Field(ge=0, le=GREATEST_NUMBER, strict=True, description="How many people can see it."),
    ] = 1

    @model_validator(mode="after")
    def _each_medium_once(self) -> "ItemIn":
        ids = [media.id for media in self.media]
        if len(set(ids)) != len(ids):
            raise ValueError("expected each medium to have an id of its own in `media`")
        return self

    @model_validator(mode="after")
    def _something_to_look_at(self) -> "ItemIn":
        # To allow what is empty would say that somebody looked. Who keeps private items from
        # us has said so with `visibility`.
        is_empty = not (self.text.strip() or self.links or self.media)
        if is_empty and self.visibility == "public":
            raise ValueError("expected something to look at: at least one of text, links, media")
        return self


class MatchOut(BaseModel):
    """The item met a signal."""

    media: Annotated[str | None, Field(description="Id of the medium; null for text and links.")]
    bank: str
    signal: Annotated[str, Field(description="The signal's own value.")]
    kind: Annotated[str, Field(examples=["pdq", "sha256", "phrase", "url"])]
    distance: Annotated[int, Field(description="Bits of 256 that differ; 0 for exact kinds.")]
    threshold: int
    variant: Annotated[str, Field(description="How the picture is turned.", examples=["mirrored"])]
    harm: Annotated[str, Field(description="A kind of harm of the register.", examples=["iia"])]
    source: str
    record: Annotated[str, Field(description="The source's own id of the signal.")] = ""
    tags: list[str]
    effect: Annotated[str, Field(examples=["block", "hold", "flag"])]
    dry_run: Annotated[bool, Field(description="The bank is on trial and changed nothing.")] = False


class PolicyOut(BaseModel):
    """Which state of banks and rules the verdict was given by."""

    banks: str
    rules: str


class AnswerOut(BaseModel):
    """The verdict on one revision of an item, and everything that led to it."""

    item: str
    revision: int
    verdict: Literal["allow", "hold", "block"]
    case: Annotated[str | None, Field(description="Reference of the case people work on.")]
    matches: list[MatchOut]
    reasons: list[str]
    policy: PolicyOut


class ItemOut(AnswerOut):
    """The stored answer, and what became of the item since."""

    kind: str
    visibility: str
    received_at: datetime
    erased_at: Annotated[datetime | None, Field(description="When its content was deleted.")]
    later_matches: Annotated[
        list[MatchOut], Field(description="With signals that were added after the verdict.")
    ]
