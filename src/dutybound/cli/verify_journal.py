"""`dutybound verify-journal`: check a journal's files without the server that wrote them."""

import base64
import json
from dataclasses import asdict
from pathlib import Path

import click

from dutybound.cli.files import counting, shown
from dutybound.ledger.files import Read
from dutybound.ledger.notes import BadKey, VerifierKey, key_in
from dutybound.ledger.policy import BadPolicy, Policy, policy_in
from dutybound.ledger.verify import Verification, verify_journal

SHOWN = 50
CANNOT_READ = 2
LARGEST = 64 * 1024 * 1024
"""Bytes of one file; 256 entries of 64 KiB are less."""


class Key(click.ParamType[VerifierKey]):
    name = "key"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> VerifierKey:
        try:
            return key_in(value)
        except BadKey as problem:
            self.fail(str(problem), param, ctx)


class PolicyFile(click.ParamType[Policy]):
    name = "file"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> Policy:
        try:
            return policy_in(Path(value).read_bytes())
        except (OSError, BadPolicy) as problem:
            self.fail(f"{value} is no policy: {problem}", param, ctx)


@click.command(name="verify-journal")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--key", type=Key(), help="The signer you trust, as name+id+key.")
@click.option(
    "--since",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint you kept: check that the journal has only grown since.",
)
@click.option(
    "--policy",
    type=PolicyFile(),
    help="Whose heads to trust: logs, witnesses and a quorum, as c2sp.org/tlog-policy has it.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.pass_context
def command(
    context: click.Context,
    *,
    folder: Path,
    key: VerifierKey | None,
    since: Path | None,
    policy: Policy | None,
    as_json: bool,
) -> None:
    """Check the journal in FOLDER: its signature, its witnesses, every tile and every entry.

    Exits with 0 if all of it verifies, 1 if not, 2 if it could not be read.
    """
    try:
        with counting("Verifying") as progress:
            answer = verify_journal(
                reader(folder),
                key=key,
                since=since.read_text() if since else None,
                policy=policy,
                progress=progress,
            )
    except (OSError, UnicodeDecodeError) as problem:
        click.echo(f"Cannot read the journal: {problem}", err=True)
        context.exit(CANNOT_READ)
    click.echo(_as_json(answer) if as_json else shown(_in_words(answer)))
    context.exit(0 if answer.verifies else 1)


def reader(folder: Path) -> Read:
    """What gives a folder's files by their path."""

    def read(path: str) -> bytes | None:
        try:
            with (folder / path).open("rb") as file:
                content = file.read(LARGEST + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        if len(content) > LARGEST:
            raise OSError(f"{path} is larger than any file of a journal")
        return content

    return read


def _as_json(answer: Verification) -> str:
    head = answer.head
    return json.dumps(
        {
            "verifies": answer.verifies,
            "origin": head and head.origin,
            "size": head and head.size,
            "root": head and base64.b64encode(head.root).decode(),
            "key": answer.key and str(answer.key),
            "key_was_given": answer.key_was_given,
            "witnessed_by": {name: one.at for name, one in answer.seen_by.items()},
            "remarks": answer.remarks,
            "findings": [asdict(finding) for finding in answer.findings],
        },
        indent=2,
    )


def _in_words(answer: Verification) -> str:
    lines = []
    if answer.head:
        entries = "1 entry" if answer.head.size == 1 else f"{answer.head.size:,} entries"
        lines.append(f"The journal {answer.head.origin} says it has {entries}.")
    if answer.key:
        lines.append(f"Trusted key: {answer.key}")
    if answer.key and not answer.key_was_given:
        lines.append(
            "That key came with the journal, so this shows only that the journal fits itself. "
            "To know who signed it, give the key you got elsewhere with --key."
        )
    lines += answer.remarks
    if answer.verifies:
        return "\n".join([*lines, "It verifies: every entry and every tile is as signed for."])
    lines += [f"- {finding}" for finding in answer.findings[:SHOWN]]
    if len(answer.findings) > SHOWN:
        lines.append(f"- and {len(answer.findings) - SHOWN:,} more; --json lists all")
    return "\n".join([*lines, "It does not verify."])
