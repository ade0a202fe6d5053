"""An information notice: what was asked, and the pack that answers it question by question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from html import escape
from string import Template

from dutybound.evidence.in_print import at_minute, period_of
from dutybound.evidence.overview import Overview, written
from dutybound.evidence.tables import (
    as_json,
    figures_csv,
    heard_csv,
    transparency_csv,
    transparency_json,
    turns_csv,
)
from dutybound.evidence.transparency import transparency
from dutybound.risk.record_parts import in_words


@dataclass(frozen=True, slots=True)
class Notice:
    """What was asked: by whom, under which reference, when it is due, and each question."""

    sender: str
    reference: str
    dated: date
    due: date
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that can be attached: its id, what it is, and its files' digests by path."""

    id: str
    title: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answered:
    """One question, what is said to it, and the ids of what is attached."""

    question: str
    answer: str
    attached: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The content of an answer. `overview` is what its figures and findings are from.

    `kept`: files that no row holds as they are, such as the journal's head; their text by path.
    """

    notice: Notice
    number: int
    """Of the publication that holds the notice."""
    overview: Overview
    answers: tuple[Answered, ...]
    attachments: tuple[Attachment, ...]
    kept: Mapping[str, str]


_PAGE = Template("""\
<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
code { overflow-wrap: anywhere; font-size: 0.8rem }
blockquote { margin: 0; padding-left: 1rem; border-left: 4px solid #0a6660 }
</style>
</head>
<body>
<h1>$title</h1>
<p>$who. $days</p>
<p>Figures and findings: $period $computed $witnesses</p>
<p>How to check every file: <a href="HOW-TO-VERIFY.txt">HOW-TO-VERIFY.txt</a>.</p>
$questions
</body>
</html>
""")

FROM_OVERVIEW = {
    "findings": "Findings: how each measure stands, its figures, and when it turned",
    "heard": "What people reported and complained about, by kind: counts and times",
    "figures": "The same as figures for everyone, without small counts",
}
"""What is made of the overview alone, by id."""


def files_from_overview(which: str, overview: Overview) -> Mapping[str, bytes]:
    """The files of one of `FROM_OVERVIEW`, by path."""
    if which == "findings":
        return {
            "findings/findings.json": as_json(written(overview)["measures"]),
            "findings/figures.csv": figures_csv(overview),
            "findings/turns.csv": turns_csv(overview),
            "findings/queries.json": as_json(written(overview)["queries"]),
        }
    if which == "heard":
        return {"heard/heard.csv": heard_csv(overview)}
    figures = transparency(overview)
    return {
        "figures/figures.csv": transparency_csv(figures),
        "figures/figures.json": transparency_json(figures),
    }


def attachment(id_: str, title: str, files: Mapping[str, bytes]) -> Attachment:
    """What is attached, with the digest of each of its files."""
    return Attachment(id_, title, {path: sha256(files[path]).hexdigest() for path in sorted(files)})


def answer_files(answer: Answer, attached: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The files of the pack: the index for people and for programs, and what is attached."""
    index = {
        name: part for name, part in written(answer).items() if name not in {"overview", "kept"}
    }
    return {
        "index.html": _page(answer).encode(),
        "index.json": as_json(index),
        **attached,
    }


def _page(answer: Answer) -> str:
    notice, overview = answer.notice, answer.overview
    by_id = {one.id: one for one in answer.attachments}
    told = {
        "title": f"Answer to {notice.reference} of {notice.sender}",
        "who": f"{overview.service}, {overview.provider}",
        "days": f"Notice of {in_words(notice.dated)}, due on {in_words(notice.due)}.",
        "period": period_of(overview),
        "computed": f"Computed on {at_minute(overview.made_at)}, at {overview.head.says}.",
        "witnesses": overview.head.witnesses,
    }
    questions = (_question(place, one, by_id) for place, one in enumerate(answer.answers, 1))
    escaped = {name: escape(text) for name, text in told.items()}
    return _PAGE.substitute(escaped, questions="\n".join(questions))


def _question(place: int, one: Answered, by_id: Mapping[str, Attachment]) -> str:
    lines = [
        f"<h2>Question {place}</h2><blockquote>{_lines(one.question)}</blockquote>",
        f"<p>{_lines(one.answer) or 'Nothing is said beside what is attached.'}</p>",
    ]
    found: Sequence[Attachment] = [by_id[id_] for id_ in one.attached]
    if not found:
        lines.append("<p>Nothing is attached.</p>")
    for attached in found:
        files = "".join(
            f"<li><a href='{escape(path)}'>{escape(path)}</a><br><code>SHA-256 {digest}</code></li>"
            for path, digest in attached.files.items()
        )
        lines.append(f"<h3>{escape(attached.title)}</h3><ul>{files}</ul>")
    return "\n".join(lines)


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
