"""`dutybound verify-bundle`: check a case that a service gave to a body outside."""

import json
from pathlib import Path

import click

from dutybound.cases.bundle import FORMAT, MOST_BYTES, BadBundle, Bundle, opened
from dutybound.cli.files import FILES, BadInput, bytes_of, shown
from dutybound.cli.verify_journal import Key
from dutybound.ledger.notes import BadKey, BadNote, VerifierKey, key_in, open_note


@click.command(name="verify-bundle")
@click.argument("file", type=FILES)
@click.option("--key", type=Key(), help="The signer you trust, as name+id+key.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.pass_context
def command(context: click.Context, *, file: Path, key: VerifierKey | None, as_json: bool) -> None:
    """Check the case bundle FILE: every file in it, and who signed for them.

    Exits with 0 if all of it verifies, 1 if not, 2 if it could not be read.
    """
    try:
        bundle = opened(bytes_of(file, most=MOST_BYTES[FORMAT]))
    except BadBundle as problem:
        raise BadInput(f"Cannot read the bundle: {problem}") from None
    trusted, findings = _signed(bundle, key)
    findings = (*findings, *bundle.findings)
    if as_json:
        click.echo(_as_json(bundle, trusted, findings, key_was_given=key is not None))
    else:
        click.echo(shown(_in_words(bundle, trusted, findings, key_was_given=key is not None)))
    context.exit(1 if findings else 0)


def _signed(bundle: Bundle, key: VerifierKey | None) -> tuple[VerifierKey | None, tuple[str, ...]]:
    """The key that was looked for, and what is wrong with its signature."""
    try:
        key = key or key_in(bundle.key)
        if open_note(bundle.note, key) != bundle.statement:
            return key, ("The signature is for another manifest.",)
    except BadKey:
        return None, ("No key came with the bundle; give one with --key.",)
    except BadNote as problem:
        return key, (f"The signature does not verify: {problem}.",)
    return key, ()


def _as_json(
    bundle: Bundle,
    key: VerifierKey | None,
    findings: tuple[str, ...],
    *,
    key_was_given: bool,
) -> str:
    answer = {
        "verifies": not findings,
        "manifest": dict(bundle.manifest),
        "manifest_sha256": bundle.digest,
        "key": key and str(key),
        "key_was_given": key_was_given,
        "findings": list(findings),
    }
    return json.dumps(answer, indent=2, ensure_ascii=False)


def _in_words(
    bundle: Bundle,
    key: VerifierKey | None,
    findings: tuple[str, ...],
    *,
    key_was_given: bool,
) -> str:
    about = bundle.manifest
    lines = [
        (
            f"Case {about.get('case')} of {about.get('service')}, given to {about.get('body')} "
            f"on {about.get('exported_at')}: {len(bundle.files)} files."
        )
    ]
    if key:
        lines.append(f"Trusted key: {key}")
    if key and not key_was_given:
        lines.append(
            "That key came with the bundle, so this shows only that the bundle fits itself. "
            "To know who signed it, give the key you got elsewhere with --key."
        )
    if not findings:
        return "\n".join([*lines, "It verifies: every file is as signed for."])
    return "\n".join([*lines, *(f"- {one}" for one in findings), "It does not verify."])
