"""The `dutybound` command: the library's own commands, and those a server adds.

Exit codes, for scripts: 0 nothing matched and all went well; 1 a match, a difference, or a proof
that failed; 2 wrong use or input that cannot be read.
"""

from importlib.metadata import EntryPoint, entry_points

import click

from dutybound.cli import (
    assess,
    register,
    statements,
    verify_audit,
    verify_bundle,
    verify_disclosure,
    verify_journal,
    witness,
)
from dutybound.cli.bank import bank
from dutybound.cli.files import BadInput
from dutybound.cli.hash import hash_files
from dutybound.cli.match import match_files
from dutybound.cli.scan import scan

COMMANDS: tuple[click.Command, ...] = (
    hash_files,
    match_files,
    scan,
    bank,
    assess.command,
    register.command,
    statements.command,
    verify_journal.command,
    verify_disclosure.command,
    verify_bundle.command,
    witness.command,
    verify_audit.command,
    verify_audit.audit_seed,
)


class CommandsOfOthers(click.Group):
    """A group that also knows commands of other packages, and imports them only to run them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, without importing any."""
        return sorted({*super().list_commands(ctx), *_entries()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command of ours, or one that is imported once it is run."""
        known = super().get_command(ctx, cmd_name)
        if known is not None:
            return known
        entry = _entries().get(cmd_name)
        return None if entry is None else _not_yet_imported(entry)


def _entries() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group="dutybound.commands")}


def _not_yet_imported(entry: EntryPoint) -> click.Command:
    """A stand-in that hands all arguments, --help too, to the real command."""

    def run(arguments: tuple[str, ...]) -> None:
        command = _imported(entry)
        command.main(list(arguments), prog_name=f"dutybound {entry.name}")

    return click.Command(
        entry.name,
        callback=run,
        params=[click.Argument(["arguments"], nargs=-1, type=click.UNPROCESSED)],
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
        add_help_option=False,
        short_help="Needs the server; --help tells more.",
    )


def _imported(entry: EntryPoint) -> click.Command:
    try:
        command = entry.load()
    except (ImportError, AttributeError) as error:
        raise BadInput(
            f"{entry.name!r} could not be loaded from {entry.value}: {error}. "
            "If it needs the server, install it: pip install 'dutybound[server]'."
        ) from None
    if not isinstance(command, click.Command):
        raise BadInput(f"{entry.value} is not a command, but {command!r}.")
    return command


@click.group(cls=CommandsOfOthers, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dutybound")
def main() -> None:
    """Hash, match, and verify a journal; with the server installed, run it.

    Exit codes: 0 nothing matched, 1 a match or a difference, 2 wrong use or unreadable input.
    """


for _command in COMMANDS:
    main.add_command(_command)
