"""`dutybound create-administrator`: the first person of a service, and the way back in."""

import click

from dutybound_server.project.start import set_up


@click.command(name="create-administrator")
@click.argument("email")
@click.option("--service", "slug", required=True, help="Short name in addresses, such as ridge.")
@click.option("--name", default="", help="The service's name; needed when it is new.")
@click.option("--reset-second-factor", is_flag=True, help="Forget a lost phone or passkey.")
def create_administrator(*, email: str, slug: str, name: str, reset_second_factor: bool) -> None:
    """Make EMAIL an administrator of a service, and print a link that sets their password."""
    set_up()
    from django.core.exceptions import ValidationError  # noqa: PLC0415
    from django.core.validators import validate_email, validate_slug  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from dutybound_server.people import actions  # noqa: PLC0415
    from dutybound_server.people.actors import SYSTEM  # noqa: PLC0415
    from dutybound_server.people.invitations import invitation_link  # noqa: PLC0415

    try:
        validate_email(email)
        validate_slug(slug)
    except ValidationError as problem:
        raise click.UsageError(" ".join(problem.messages)) from None
    person = actions.appoint_administrator(
        email=email, slug=slug, service_name=name or slug, now=timezone.now()
    )
    if reset_second_factor:
        actions.reset_second_factor(user=person, by=SYSTEM, now=timezone.now())
    click.echo(f"{person.email} administers {slug}. This link sets their password, once:")
    click.echo(invitation_link(person))
