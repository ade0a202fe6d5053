"""`dutybound match`: does a file, or a text, meet a bank?"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click

from dutybound.cli.files import FILES, IN_BANKS, BadInput, hashes_of, progress
from dutybound.matching import Content, Matcher, Unreadable, Verdict, judge
from dutybound.matching.bankfiles import BadBankFile, read_header, read_signals

MATCHED, UNREADABLE = 1, 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What there is to say about one file or text; `note` is why it could not be compared."""

    subject: str
    verdict: Verdict
    note: str = ""
    is_unreadable: bool = False
    is_in_doubt: bool = False


@click.command("match")
@click.argument("files", nargs=-1, type=FILES, metavar="FILE…")
@IN_BANKS
@click.option("--text", default="", help="Words and links to compare as well.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each file, in lines.")
def match_files(
    files: tuple[Path, ...], banks: tuple[Path, ...], *, text: str, as_json: bool
) -> None:
    """Compare each FILE with the signals of banks. Exit code 1 when one matches."""
    if not files and not text:
        raise click.UsageError("Name at least one FILE, or give --text.")
    matcher = matcher_of(banks)
    answers = [Answer("--text", judge(matcher.match(Content(text=text))))] if text else []
    with progress(files, label="Matching") as steps:
        answers += [_compare(path, matcher) for path in steps]
    for answer in answers:
        click.echo(json.dumps(_as_json(answer)) if as_json else _as_text(answer))
    raise SystemExit(_exit_code(answers))


def matcher_of(banks: Iterable[Path]) -> Matcher:
    """A matcher with the banks of bank files, under their places in the list."""
    matcher = Matcher()
    loaded = 0
    for key, path in enumerate(banks):
        try:
            with path.open("rb") as file:
                matcher.put_bank(key, read_header(file).bank)
                # Ids are line numbers in each file; in one matcher they must differ.
                signals = [replace(each, id=each.id + loaded) for each in read_signals(file)]
        except BadBankFile as error:
            raise BadInput(f"{path}: {error}") from None
        matcher.add(key, signals)
        loaded += len(signals) + 1
    return matcher


def _compare(path: Path, matcher: Matcher) -> Answer:
    hashed = hashes_of(path)
    if isinstance(hashed, Unreadable):
        return Answer(str(path), Verdict("allow"), hashed.sentence, is_unreadable=True)
    verdict = judge(matcher.match(Content(media=(hashed,))))
    return Answer(str(path), verdict, hashed.note, is_in_doubt=hashed.is_in_doubt)


def _exit_code(answers: Iterable[Answer]) -> int:
    """A match is told before a file that could not be compared: scripts act on it first."""
    told = list(answers)
    if any(answer.verdict.kept for answer in told):
        return MATCHED
    is_open = any(answer.is_unreadable or answer.is_in_doubt for answer in told)
    return UNREADABLE if is_open else 0


def _as_json(answer: Answer) -> dict[str, object]:
    return {
        "file": answer.subject,
        "verdict": None if answer.is_unreadable else answer.verdict.outcome,
        "matches": [asdict(match) for match in answer.verdict.kept],
        "set_aside": [asdict(match) for match in answer.verdict.set_aside],
        "reasons": answer.verdict.reasons,
        "note": answer.note,
    }


def _as_text(answer: Answer) -> str:
    outcome = "unreadable" if answer.is_unreadable else answer.verdict.outcome
    details = [*answer.verdict.reasons, *([answer.note] if answer.note else [])]
    return "\n".join([f"{answer.subject}: {outcome}", *(f"  {detail}" for detail in details)])
