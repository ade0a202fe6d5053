"""Which heads to trust (c2sp.org/tlog-policy): signed by a known log, seen by enough witnesses."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from dutybound.ledger.checkpoint import Checkpoint, checkpoint_in
from dutybound.ledger.cosignatures import COSIGNS, Cosignature, cosignature_by
from dutybound.ledger.notes import BadKey, BadNote, VerifierKey, key_in, signer_of, split_note
from dutybound.ledger.signature_types import SignatureType

NONE = "none"
MOST_LINES = 1000
SIGNS_LOGS = frozenset({SignatureType.ED25519, SignatureType.ML_DSA_44})
# Octets above 0x7F are opaque: names in Latin-1 are as good as names in UTF-8.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_GAP = re.compile(r"[ \t]+")
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")


class BadPolicy(ValueError):
    """The text is no policy; the message names the line."""


class NotTrusted(ValueError):
    """The head does not satisfy the policy; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Log:
    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Witness:
    name: str
    """What the policy calls it; the name on its key may be another."""
    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    least: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Any one of the logs, if there are any, and witnesses as the quorum asks."""

    logs: tuple[Log, ...] = ()
    witnesses: Mapping[str, Witness] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NONE

    def is_met_by(self, witnesses: Mapping[str, object]) -> bool:
        """Whether these witnesses, by the policy's names for them, are enough."""
        return self.quorum == NONE or self._has_witnessed(self.quorum, witnesses)

    def _has_witnessed(self, name: str, witnesses: Mapping[str, object]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in witnesses
        return sum(self._has_witnessed(one, witnesses) for one in group.members) >= group.least


@dataclass(frozen=True, slots=True)
class Trusted:
    """A head that satisfies a policy, which log's key signed it, and who saw it when."""

    head: Checkpoint
    key: VerifierKey
    seen_by: Mapping[str, Cosignature]


def trusted(note: str, policy: Policy, *, key: VerifierKey | None = None) -> Trusted:
    """The head of a note that satisfies the policy; raises NotTrusted.

    `key` is that of the log where the policy names none. A line that a known key should have
    made and did not spoils the note, as the specification of notes asks.
    """
    keys = [log.key for log in policy.logs] or ([key] if key else [])
    try:
        head = checkpoint_in(split_note(note)[0])
        signer = signer_of(note, [one for one in keys if one.name == head.origin])
        seen_by = witnessed_by(note, policy)
    except BadNote as problem:
        raise NotTrusted(str(problem)) from None
    if signer is None:
        raise NotTrusted(f"no log that the policy knows signed for {head.origin!r}")
    if not policy.is_met_by(seen_by):
        raise NotTrusted(_what_is_missing(policy, seen_by))
    return Trusted(head, signer, seen_by)


def witnessed_by(note: str, policy: Policy) -> Mapping[str, Cosignature]:
    """Which of the policy's witnesses cosigned a note, by name; raises BadNote for a false line."""
    found = ((name, cosignature_by(note, one.key)) for name, one in policy.witnesses.items())
    return MappingProxyType({name: cosignature for name, cosignature in found if cosignature})


def _what_is_missing(policy: Policy, seen_by: Mapping[str, Cosignature]) -> str:
    group = policy.groups.get(policy.quorum)
    least = "the witness" if group is None else f"{group.least} of {', '.join(group.members)} in"
    came = ", ".join(seen_by) if seen_by else "nobody that the policy knows"
    return f"the quorum asks for {least} {policy.quorum}; it was witnessed by {came}"


# Reading one


def policy_in(text: str | bytes) -> Policy:
    """Read a policy; raises BadPolicy, which names the line."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        raise BadPolicy(f"expected at most {MOST_LINES} lines, got {len(lines)}")
    reading = _Reading()
    for number, line in enumerate(lines, 1):
        try:
            reading.read(line)
        except (BadPolicy, BadKey) as problem:
            raise BadPolicy(f"line {number}: {problem}") from None
    return reading.policy()


class _Reading:
    """What the lines so far have told."""

    def __init__(self) -> None:
        self.logs: list[Log] = []
        self.witnesses: dict[str, Witness] = {}
        self.groups: dict[str, Group] = {}
        self.members: set[str] = set()
        self.quorum: str | None = None

    def read(self, line: str) -> None:
        if _CONTROL.search(line):
            raise BadPolicy("expected no control characters but tab and newline")
        keyword, *words = _GAP.split(line.strip(" \t"))
        if not keyword or keyword.startswith("#"):
            return
        known: Mapping[str, Callable[[list[str]], None]] = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "quorum": self._quorum,
        }
        if keyword not in known:
            raise BadPolicy(f"expected log, witness, group or quorum, got {keyword[:40]!r}")
        known[keyword](words)

    def policy(self) -> Policy:
        if self.quorum is None:
            raise BadPolicy("expected a line with the quorum, such as 'quorum none'")
        of_both = {log.key.public for log in self.logs} & set(self._public_keys())
        if of_both:
            raise BadPolicy("a log cannot be its own witness: a key stands for both")
        return Policy(
            tuple(self.logs),
            MappingProxyType(self.witnesses),
            MappingProxyType(self.groups),
            self.quorum,
        )

    def _public_keys(self) -> list[bytes]:
        return [witness.key.public for witness in self.witnesses.values()]

    def _log(self, words: list[str]) -> None:
        if len(words) not in {1, 2}:
            raise BadPolicy("expected 'log', its key and perhaps its address")
        key = key_in(words[0])
        if key.type not in SIGNS_LOGS:
            raise BadPolicy(f"the key of {key.name} is one of a witness, not of a log")
        if key.public in {log.key.public for log in self.logs}:
            raise BadPolicy(f"the key of {key.name} stands on an earlier line")
        self.logs.append(Log(key, *words[1:]))

    def _witness(self, words: list[str]) -> None:
        if len(words) not in {2, 3}:
            raise BadPolicy("expected 'witness', a name, its key and perhaps its address")
        name, key = self._new(words[0]), key_in(words[1])
        if key.type not in COSIGNS:
            raise BadPolicy(f"the key of {name} is one that signs without a time: of no witness")
        if key.public in self._public_keys():
            raise BadPolicy(f"the key of {name} stands on an earlier line")
        self.witnesses[name] = Witness(name, key, *words[2:])

    def _group(self, words: list[str]) -> None:
        if len(words) < 3:
            raise BadPolicy("expected 'group', a name, all, any or a number, and its members")
        name, least, *members = words
        for member in members:
            self._known(member)
            if member in self.members:
                raise BadPolicy(f"{member!r} is in a group already")
            self.members.add(member)
        self.groups[self._new(name)] = Group(name, _least(least, len(members)), tuple(members))

    def _quorum(self, words: list[str]) -> None:
        if len(words) != 1 or self.quorum is not None:
            raise BadPolicy("expected one quorum, and one name for it")
        if words[0] != NONE:
            self._known(words[0])
        self.quorum = words[0]

    def _new(self, name: str) -> str:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise BadPolicy(f"the name {name!r} is taken")
        return name

    def _known(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise BadPolicy(f"no earlier line defines {name!r}")


def _least(word: str, members: int) -> int:
    if word in {"any", "all"}:
        return 1 if word == "any" else members
    if not _NUMBER.fullmatch(word) or int(word) > members:
        raise BadPolicy(f"expected all, any or a number from 1 to {members}, got {word[:40]!r}")
    return int(word)
