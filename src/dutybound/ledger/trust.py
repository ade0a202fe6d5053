"""Whether a journal's head is to be trusted: who signed it, and who outside saw it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from dutybound.ledger import handovers
from dutybound.ledger.checkpoint import Checkpoint, checkpoint_in
from dutybound.ledger.cosignatures import Cosignature, signers_of
from dutybound.ledger.files import Read
from dutybound.ledger.findings import Finding, What
from dutybound.ledger.handovers import Handover, handovers_in
from dutybound.ledger.notes import (
    BadKey,
    BadNote,
    VerifierKey,
    is_by,
    key_in,
    open_note,
    split_note,
)
from dutybound.ledger.policy import NONE, NotTrusted, Policy, trusted

SECOND_KEY = "key-mldsa"
WITNESSED = "witnessed"
"""The path of the newest head that witnesses cosigned, which may be older than the newest."""

LAST_SECOND = 253402300799
"""The last one that a calendar here can tell; a witness may sign for any."""
NO_WITNESS = (
    "No witness: nobody outside has signed this head. Whoever holds the key could have written "
    "the whole journal anew; only a checkpoint kept elsewhere (--since) or a witness would show it."
)

Growth = Callable[[Checkpoint], str]
"""An older head → what speaks against the journal having grown from it, or nothing."""


@dataclass(slots=True)
class Trust:
    """What was found out about a head; `findings` speak against it, `remarks` only tell."""

    signer: VerifierKey | None = None
    earlier: tuple[VerifierKey, ...] = ()
    """Keys that handed over to the signer."""
    seen_by: Mapping[str, Cosignature] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def speaks_against(self, what: What, sentence: str) -> None:
        self.findings.append(Finding(what, sentence))


@dataclass(frozen=True, slots=True)
class FoundHead:
    """A head as it lies in a journal, and how to look at what is beside and below it."""

    note: str
    head: Checkpoint
    read: Read
    growth: Growth

    def trusted_by(self, *, key: VerifierKey | None, policy: Policy | None) -> Trust:
        """Hold the head's signatures against the key and the policy of whoever asks."""
        found = Trust()
        if key is not None:
            self._look_at_signer(key, found)
            self._look_at_second(key, found)
        if policy is None or policy.quorum == NONE:
            self._say_who_else_signed(found)
        if policy is not None:
            self._look_at_witnesses(policy, found)
        return found

    def _look_at_signer(self, key: VerifierKey, found: Trust) -> None:
        """The key signed, or a key that it handed over to."""
        try:
            steps = [] if _is_on(self.note, key) else self._steps_from(key)
            found.signer = steps[-1].new if steps else key
            open_note(self.note, found.signer)
            for step in steps:
                self._follow(step, found)
        except BadNote as problem:
            found.speaks_against(What.CHECKPOINT, f"the checkpoint is not signed: {problem}")
            return
        if key.name != self.head.origin:
            told = f"the checkpoint is of {self.head.origin!r}, the key of {key.name!r}"
            found.speaks_against(What.CHECKPOINT, told)

    def _steps_from(self, key: VerifierKey) -> list[Handover]:
        """The changes that lead from the key to one that is on the note; none if they do not."""
        text = self.read(handovers.PATH)
        if text is None:
            return []
        try:
            steps = handovers.from_key(handovers_in(text.decode()), key)
        except UnicodeDecodeError:
            return []
        while steps and not _is_on(self.note, steps[-1].new):
            steps.pop()
        return steps

    def _follow(self, step: Handover, found: Trust) -> None:
        if problem := self.growth(step.head):
            told = f"the journal did not grow from where its key changed: {problem}"
            found.speaks_against(What.KEY, told)
        found.earlier = (*found.earlier, step.old)
        found.remarks.append(
            f"The key {step.old.id.hex()} handed over to {step.new.id.hex()} at "
            f"{step.head.size:,} entries; both signed that head."
        )

    def _look_at_second(self, key: VerifierKey, found: Trust) -> None:
        """The second key beside the journal is taken at its word, but must then fit."""
        text = self.read(SECOND_KEY)
        if text is None:
            return
        try:
            second = key_in(text.decode())
            if second == key:
                return
            open_note(self.note, second)
            found.remarks.append("It is also signed with ML-DSA-44, by the second key beside it.")
        except (BadKey, BadNote, UnicodeDecodeError) as problem:
            told = f"the second signature does not verify: {problem}"
            found.speaks_against(What.CHECKPOINT, told)

    def _say_who_else_signed(self, found: Trust) -> None:
        ours = [found.signer] if found.signer else []
        # If it is no key, `_look_at_second` has told so.
        with suppress(BadKey, UnicodeDecodeError):
            ours.append(key_in((self.read(SECOND_KEY) or b"").decode()))
        others = signers_of(self.note, but=ours)
        found.remarks.append(
            f"Also signed, which was not checked: {', '.join(others)}. To check witnesses, give "
            "--policy with their keys."
            if others
            else NO_WITNESS
        )

    def _look_at_witnesses(self, policy: Policy, found: Trust) -> None:
        try:
            answer = trusted(self.note, policy, key=found.signer)
        except NotTrusted as problem:
            partly = self._seen_before(policy, found)
            told = f"the checkpoint does not satisfy the policy: {problem}"
            found.findings.append(partly or Finding(What.WITNESS, told))
            return
        found.seen_by = answer.seen_by
        found.remarks += [_seen(name, one) for name, one in answer.seen_by.items()]
        if policy.quorum != NONE:
            found.remarks.append("The head satisfies the policy.")

    def _seen_before(self, policy: Policy, found: Trust) -> Finding | None:
        """Only the newest entries are unseen, if an older head was and this one grew from it."""
        try:
            older = (self.read(WITNESSED) or b"").decode()
            if checkpoint_in(split_note(older)[0]).origin != self.head.origin:
                return None
            seen = trusted(older, policy, key=found.signer)
        except (UnicodeDecodeError, BadNote, NotTrusted):
            return None
        if problem := self.growth(seen.head):
            told = f"the journal did not grow from the head that witnesses saw: {problem}"
            return Finding(What.HISTORY, told)
        found.remarks += [_seen(name, one) for name, one in seen.seen_by.items()]
        first, last = seen.head.size, self.head.size - 1
        told = (
            f"entries {first:,} to {last:,} are not witnessed yet; up to entry {first - 1:,} the "
            "journal satisfies the policy"
        )
        return Finding(What.WITNESS, told, first, last)


def _is_on(note: str, key: VerifierKey) -> bool:
    return any(is_by(key, *line) for line in split_note(note)[1])


def _seen(name: str, cosignature: Cosignature) -> str:
    at = datetime.fromtimestamp(min(cosignature.at, LAST_SECOND), UTC)
    return f"Witnessed by {name} on {at:%Y-%m-%d at %H:%M:%S} UTC, by its own clock."
