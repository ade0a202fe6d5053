"""The `dutybound` command: the library's own commands, and those a server adds."""

from importlib.metadata import entry_points

import click

COMMANDS: tuple[click.Command, ...] = ()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dutybound")
def main() -> None:
    """Hash, match, and verify a journal; with the server installed, run it."""


for _command in COMMANDS:
    main.add_command(_command)
for _entry in entry_points(group="dutybound.commands"):
    main.add_command(click.Command(_entry.name))
