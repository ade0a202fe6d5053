"""`dutybound manage …`: Django's own commands."""

import click

from dutybound_server.project.start import set_up


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run one of Django's management commands."""
    set_up()
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["dutybound manage", *arguments])
