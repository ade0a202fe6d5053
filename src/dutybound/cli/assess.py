"""`dutybound assess`: what applies to a service, why, and what is left; from a file, no server."""

import json
from datetime import date
from pathlib import Path

import click

from dutybound.cli import assess_words as words
from dutybound.cli.files import FILES, BadInput
from dutybound.cli.register import AS_JSON, AS_OF
from dutybound.risk.document import Assessment
from dutybound.risk.oscal import NothingApplies, as_oscal
from dutybound.risk.pdf import CannotBeSet, as_pdf
from dutybound.risk.profiles import BadProfile, read_document, read_profile
from dutybound.risk.record import written_record


@click.command("assess")
@click.argument("profile", type=FILES)
@AS_OF
@AS_JSON
@click.option("--oscal", is_flag=True, help="Print OSCAL 1.2.1: four documents by file name.")
@click.option(
    "--pdf",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the written record as PDF to this file as well.",
)
def command(*, profile: Path, day: date, as_json: bool, oscal: bool, pdf: Path | None) -> None:
    """Tell what the Codes recommend for the service in PROFILE, why, and what is left.

    PROFILE is a TOML file, or the JSON of an assessment. Nothing is sent anywhere. Exits with 2
    if something in it cannot be used; each such thing is told with its line.
    """
    if as_json and oscal:
        raise click.UsageError("Choose one of --json and --oscal.")
    assessment = _read(profile)
    if pdf is not None:
        _write_pdf(assessment, pdf, as_of=day)
    if oscal:
        click.echo(_as_oscal(assessment, as_of=day))
    elif as_json:
        told = words.as_json(assessment, as_of=day)
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        click.echo(words.in_words(assessment, as_of=day))


def _read(profile: Path) -> Assessment:
    """The file is held against the law of the day it names itself; `--as-of` only looks at it."""
    read = read_document if profile.suffix == ".json" else read_profile
    try:
        return read(profile.read_text("utf-8"), file=str(profile))
    except BadProfile as troubles:
        raise BadInput("\n".join(("The profile cannot be used:", *troubles.lines))) from None
    except UnicodeDecodeError:
        raise BadInput(f"{profile} holds no text: give a profile in TOML, or JSON.") from None
    except OSError as problem:
        raise BadInput(f"{profile}: {problem}") from None


def _write_pdf(assessment: Assessment, path: Path, *, as_of: date) -> None:
    try:
        path.write_bytes(as_pdf(written_record(assessment, as_of=as_of)))
    except (OSError, CannotBeSet) as problem:
        raise BadInput(f"The PDF could not be written: {problem}") from None
    click.echo(f"Wrote {path}", err=True)


def _as_oscal(assessment: Assessment, *, as_of: date) -> str:
    try:
        return json.dumps(as_oscal(assessment, as_of=as_of), indent=2, ensure_ascii=False)
    except NothingApplies as problem:
        raise BadInput(str(problem)) from None
