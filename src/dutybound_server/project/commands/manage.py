"""`dutybound manage …`: Django's own commands."""

import os

import click


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run one of Django's management commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dutybound_server.project.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["dutybound manage", *arguments])
