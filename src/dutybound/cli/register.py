"""`dutybound register`: look the law up, compare two days of it, check its files."""

import json
from datetime import UTC, date, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from dutybound.cli import register_words as words
from dutybound.cli.files import FILES, BadInput
from dutybound.register.book import Register, read_register, register
from dutybound.register.changes import compare, effects
from dutybound.register.entries import Harm, Provision, Standing
from dutybound.register.loading import BadRegister, did_you_mean, pages_under
from dutybound.register.profile import Profile
from dutybound.risk.known import known
from dutybound.risk.profiles import BadProfile, read_profile

CODES = ("act", "illegal-content", "children", "proposed")
DIFFERENT = WRONG = 1

DATA: Traversable = files("dutybound.register").joinpath("data")


class Day(click.ParamType[date]):
    name = "day"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"expected a day such as 2026-06-29, got {value!r}", param, ctx)


def _today() -> date:
    return datetime.now(UTC).date()


AS_OF = click.option(
    "--as-of", "day", type=Day(), default=_today, show_default="today", help="The law of that day."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


@click.group("register")
def command() -> None:
    """Look up duties, measures and kinds of harm, and how the law changed."""


@command.command("list")
@AS_OF
@click.option("--code", type=click.Choice(CODES), help="Only entries of the Act or of one Code.")
@AS_JSON
def list_entries(*, day: date, code: str | None, as_json: bool) -> None:
    """List duties and measures, with what each is on that day and how sure we are of it."""
    edition = register().on(day)
    lines = [
        line for line in (*edition.duties, *edition.measures) if code in (None, line.provision.code)
    ]
    if as_json:
        _tell([words.as_json(line.provision, standing=line.standing) for line in lines])
    else:
        _tell(words.table(lines) or f"Nothing of that was known on {words.said(day)}.")


@command.command("show")
@click.argument("name", nargs=-1, required=True, metavar="ID")
@AS_OF
@AS_JSON
def show_entry(name: tuple[str, ...], *, day: date, as_json: bool) -> None:
    """Show all that the register says of one duty, measure or kind of harm.

    "ICU C14" may be written without quotes, in small letters.
    """
    law = register()
    versions = _versions(" ".join(name), law=law)
    entry, standing = _on(versions, day)
    _tell(
        words.as_json(entry, standing=standing)
        if as_json
        else words.page(entry, standing, versions=versions, day=day, law=law)
    )


@command.command("diff")
@click.argument("before", type=Day(), metavar="DAY")
@click.argument("after", type=Day(), metavar="DAY")
@click.option("--profile", type=FILES, help="Tell what changes for the service of that file.")
@AS_JSON
def diff_days(before: date, after: date, *, profile: Path | None, as_json: bool) -> None:
    """Tell what came, went and changed from the first DAY to the second.

    Exits with 1 if anything did.
    """
    law = register()
    if profile is None:
        changes = compare(law, before, after)
        _tell(
            words.differences_as_json(changes, before, after, law=law)
            if as_json
            else words.differences(changes, before, after, law=law)
        )
        raise SystemExit(DIFFERENT if changes else 0)
    found = effects(law, _answered(profile, as_of=after), before, after)
    _tell(
        words.effects_as_json(found) if as_json else words.effects_on_service(found, before, after)
    )
    raise SystemExit(DIFFERENT if found else 0)


@command.command("check")
@click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
def check_files(folder: Path | None) -> None:
    """Check the files of FOLDER, or those that came with Dutybound.

    Prints file and line of each thing that is wrong, and then exits with 1.
    """
    try:
        law = read_register(
            pages_under(DATA if folder is None else folder),
            schema=DATA.joinpath("schema.json").read_text("utf-8"),
        )
    except BadRegister as trouble:
        inside = "" if folder is None else f"{folder}/"
        click.echo("\n".join(f"{inside}{line}" for line in str(trouble).splitlines()))
        raise SystemExit(WRONG) from None
    versions, kinds = len(law.provisions), len({harm.id for harm in law.harms})
    click.echo(
        f"Nothing is wrong: {versions} versions of duties and measures, {kinds} kinds of harm, "
        f"{len(law.facts)} facts."
    )


def _tell(told: object) -> None:
    text = told if isinstance(told, str) else json.dumps(told, indent=2, ensure_ascii=False)
    click.echo(text)


def _answered(path: Path, *, as_of: date) -> Profile:
    """What a profile file says of its service."""
    try:
        return known(
            read_profile(path.read_text("utf-8"), file=str(path), as_of=as_of), as_of=as_of
        )
    except (BadProfile, UnicodeDecodeError) as problem:
        raise BadInput(str(problem)) from None


def _versions(name: str, *, law: Register) -> tuple[Provision, ...] | tuple[Harm, ...]:
    """Every version of the entry that somebody means."""
    provisions = {_plain(entry.id): entry.id for entry in law.provisions}
    harms = {_plain(harm.id): harm.id for harm in law.harms}
    asked = _plain(name)
    if asked in provisions:
        return tuple(entry for entry in law.provisions if entry.id == provisions[asked])
    if asked in harms:
        return tuple(harm for harm in law.harms if harm.id == harms[asked])
    hint = did_you_mean(name, (*provisions.values(), *harms.values()))
    raise BadInput(f"There is no duty, measure or kind of harm {name!r}{hint}")


def _plain(name: str) -> str:
    return "".join(each for each in name.lower() if each.isalnum())


def _on(
    versions: tuple[Provision, ...] | tuple[Harm, ...], day: date
) -> tuple[Provision | Harm, Standing]:
    """The version of that day: the one in force, or else the one that is furthest on."""
    order = list(Standing)
    stand = [(entry, entry.dates.standing(day)) for entry in versions]
    known_then = [
        (entry, standing)
        for entry, standing in stand
        if standing is not None and standing is not Standing.REPLACED
    ]
    if not known_then:
        every_day = [each for entry in versions for _, each in words.days_of(entry.dates)]
        first, last = words.said(min(every_day)), words.said(max(every_day))
        raise BadInput(
            f"{versions[0].id} was not there on {words.said(day)}; "
            + (f"its first day is {first}." if day < min(every_day) else f"it went on {last}.")
        )
    return max(known_then, key=lambda each: order.index(each[1]))
