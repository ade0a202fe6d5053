"""`dutybound verify-audit` and `dutybound audit-seed`: what an auditor needs, and no server."""

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from dutybound.cases.bundle import AUDIT_FORMAT, MOST_BYTES, BadBundle, Bundle, opened
from dutybound.cli.files import FILES, BadInput, bytes_of, shown
from dutybound.cli.verify_journal import Key, PolicyFile
from dutybound.evidence.audited import ENTRY, Checked, Trouble, check
from dutybound.evidence.draws import commitment_of, new_seed
from dutybound.ledger.checkpoint import Checkpoint, checkpoint_in
from dutybound.ledger.notes import BadKey, BadNote, VerifierKey, key_in, open_note, split_note
from dutybound.ledger.policy import NotTrusted, Policy, trusted
from dutybound.ledger.proofs import verify_proof
from dutybound.ledger.tree import ProofRejected

HEAD = "checkpoint"
SHOWN = 50
NEVER_SHOWN = (
    "whether everything that happened at the service reached Dutybound at all",
    "what screens showed to people, and what was said or done elsewhere",
    "entries of these cases, or findings, that the service left out: the whole journal shows them",
    "words: they are the service's telling, but for those whose salts came along",
)
"""What no bundle shows, said each time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A bundle, the key that was looked for, the head of its proofs, and what came of it."""

    bundle: Bundle
    key: VerifierKey | None
    key_was_given: bool
    head: Checkpoint | None
    seen_by: tuple[str, ...]
    """Witnesses of the policy that cosigned the head."""
    proofs: int
    checked: Checked
    wrong: tuple[Trouble, ...]
    unchecked: tuple[str, ...]

    @property
    def verifies(self) -> bool:
        return not self.wrong


@click.command(name="audit-seed")
@click.option("--seed", help="A seed you have: its commitment is shown.")
def audit_seed(*, seed: str | None) -> None:
    """Make a seed for a random sample, and its commitment.

    Tell the commitment first. Keep the seed to yourself until the population is fixed.
    """
    try:
        seed = (seed or new_seed(secrets.token_bytes)).strip().lower()
        commitment = commitment_of(seed)
    except ValueError as problem:
        raise BadInput(str(problem)) from None
    click.echo(f"seed:       {seed}\ncommitment: {commitment}")


@click.command(name="verify-audit")
@click.argument("file", type=FILES)
@click.option("--key", type=Key(), help="The signer you trust, as name+id+key.")
@click.option(
    "--policy",
    type=PolicyFile(),
    help="Which witnesses must have seen the journal, as c2sp.org/tlog-policy has it.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.pass_context
def command(
    context: click.Context,
    *,
    file: Path,
    key: VerifierKey | None,
    policy: Policy | None,
    as_json: bool,
) -> None:
    """Check the bundle FILE of an audit: files, proofs, the draw, cases and figures.

    Exits with 0 if all of it verifies, 1 if not, 2 if it could not be read.
    """
    try:
        bundle = opened(bytes_of(file, most=MOST_BYTES[AUDIT_FORMAT]), layout=AUDIT_FORMAT)
    except BadBundle as problem:
        raise BadInput(f"Cannot read the bundle: {problem}") from None
    answer = verified(bundle, key, policy=policy)
    click.echo(_as_json(answer) if as_json else shown(_in_words(answer)))
    context.exit(0 if answer.verifies else 1)


def verified(bundle: Bundle, given: VerifierKey | None, *, policy: Policy | None = None) -> Answer:
    """Everything that can be said of the bundle without asking anybody."""
    wrong = [Trouble(name, says) for name, _, says in map(_named, bundle.findings)]
    given = given or next((log.key for log in policy.logs), None) if policy else given
    key = given or _key_that_came(bundle, wrong)
    seen_by = _witnesses(bundle, key, policy, wrong) if policy else ()
    head = None
    entries: dict[int, bytes] = {}
    if key:
        wrong += _wrong_with_signature(bundle, key)
        head = _head(bundle, key, wrong)
        entries = dict(_entries(bundle.files, key, head, wrong))
    checked = check(bundle.files, entries=entries)
    return Answer(
        bundle=bundle,
        key=key,
        key_was_given=given is not None,
        head=head,
        seen_by=seen_by,
        proofs=len(entries),
        checked=checked,
        wrong=(*wrong, *checked.wrong),
        unchecked=(*map(str, checked.unchecked), *_unseen(bundle, key, seen_by), *NEVER_SHOWN),
    )


def _named(says: str) -> tuple[str, str, str]:
    """A finding of the container begins with the name of the file it is about."""
    return says.partition(" ")


def _key_that_came(bundle: Bundle, wrong: list[Trouble]) -> VerifierKey | None:
    try:
        return key_in(bundle.key)
    except BadKey:
        wrong.append(Trouble("key.txt", "no key came with the bundle; give one with --key"))
        return None


def _wrong_with_signature(bundle: Bundle, key: VerifierKey) -> Iterator[Trouble]:
    try:
        if open_note(bundle.note, key) != bundle.statement:
            yield Trouble("signature.note", "it is for another manifest")
    except BadNote as problem:
        yield Trouble("signature.note", f"it does not verify: {problem}")


def _head(bundle: Bundle, key: VerifierKey, wrong: list[Trouble]) -> Checkpoint | None:
    try:
        return checkpoint_in(open_note(bundle.files[HEAD].decode(), key))
    except KeyError:
        wrong.append(Trouble(HEAD, "it is missing"))
    except (BadNote, UnicodeDecodeError) as problem:
        wrong.append(Trouble(HEAD, f"it does not verify: {problem}"))
    return None


def _entries(
    files: Mapping[str, bytes], key: VerifierKey, head: Checkpoint | None, wrong: list[Trouble]
) -> Iterator[tuple[int, bytes]]:
    """The entries that are under the bundle's checkpoint; of others, why they are not."""
    for name in sorted(files):
        shape = ENTRY.fullmatch(name)
        if not shape:
            continue
        number, proof = int(shape[1]), f"entries/{shape[1]}.tlog-proof"
        try:
            text = files[proof].decode()
            under = verify_proof(text, files[name], key=key)
        except KeyError:
            wrong.append(Trouble(name, "its proof is missing"))
        except (ProofRejected, BadNote, UnicodeDecodeError) as problem:
            wrong.append(Trouble(name, f"its proof does not verify: {problem}"))
        else:
            if f"index {number}" not in text.partition("\n\n")[0].split("\n"):
                wrong.append(Trouble(proof, "it is the proof of another entry"))
            elif under != head:
                wrong.append(Trouble(proof, "it is under another checkpoint than the bundle's"))
            else:
                yield number, files[name]


def _witnesses(
    bundle: Bundle, key: VerifierKey | None, policy: Policy, wrong: list[Trouble]
) -> tuple[str, ...]:
    note = bundle.files.get(HEAD, b"").decode(errors="replace")
    try:
        return tuple(sorted(trusted(note, policy, key=key).seen_by))
    except NotTrusted as problem:
        wrong.append(Trouble(HEAD, f"the policy is not met: {problem}"))
        return ()


def _unseen(bundle: Bundle, key: VerifierKey | None, seen_by: tuple[str, ...]) -> Iterator[str]:
    """What is open about who else was shown the journal."""
    if seen_by:
        return
    note = bundle.files.get(HEAD, b"").decode(errors="replace")
    try:
        others = {name for name, _ in split_note(note)[1] if key is None or name != key.name}
    except BadNote:
        others = set()
    if others:
        signers = ", ".join(sorted(others))
        yield f"{HEAD}: also signed by {signers}; give a policy with their keys to check that"
    else:
        yield (
            f"{HEAD}: no witness signed it, so whether others were shown the same journal is "
            "not known; compare it with one you or others kept"
        )


def _as_json(answer: Answer) -> str:
    audit, head, checked = answer.bundle.manifest, answer.head, answer.checked
    return json.dumps(
        {
            "verifies": answer.verifies,
            "audit": audit.get("audit"),
            "service": audit.get("service"),
            "manifest_sha256": answer.bundle.digest,
            "key": answer.key and str(answer.key),
            "key_was_given": answer.key_was_given,
            "checkpoint": head and {"origin": head.origin, "size": head.size},
            "witnessed_by": list(answer.seen_by),
            "files": len(answer.bundle.files),
            "proofs": answer.proofs,
            "population": checked.population,
            "sample": list(checked.sample),
            "cases": checked.cases,
            "steps": checked.steps,
            "findings_recomputed": checked.recomputed,
            "findings": checked.findings,
            "wrong": [asdict(one) for one in answer.wrong],
            "not_checked": list(answer.unchecked),
        },
        indent=2,
        ensure_ascii=False,
    )


def _in_words(answer: Answer) -> str:
    about, checked, head = answer.bundle.manifest, answer.checked, answer.head
    lines = [
        (
            f"Audit {about.get('audit')} of {about.get('service')}: {len(answer.bundle.files)} "
            f"files, {answer.proofs:,} entries with proofs."
        )
    ]
    if head:
        lines.append(f"Checkpoint: {head.origin}, {head.size:,} entries.")
    if answer.seen_by:
        lines.append(f"Witnessed by {', '.join(answer.seen_by)}.")
    if answer.key:
        lines.append(f"Trusted key: {answer.key}")
    if answer.key and not answer.key_was_given:
        lines.append(
            "That key came with the bundle, so this shows only that the bundle fits itself. "
            "To know who signed it, give the key you got elsewhere with --key."
        )
    lines += [
        f"Sample: {len(checked.sample)} of {checked.population:,} cases, drawn again.",
        f"Cases: {checked.cases}, with {checked.steps:,} steps held against their entries.",
        f"Findings: {checked.recomputed:,} of {checked.findings:,} computed again.",
        "",
        "What this does not show:",
        *_first(answer.unchecked),
        "",
    ]
    if answer.verifies:
        return "\n".join([*lines, "It verifies: all that came along is as signed for."])
    return "\n".join([*lines, "Wrong:", *_first(answer.wrong), "It does not verify."])


def _first(said: tuple[object, ...]) -> list[str]:
    more = [f"- and {len(said) - SHOWN:,} more; --json lists all"] if len(said) > SHOWN else []
    return [*(f"- {one}" for one in said[:SHOWN]), *more]
