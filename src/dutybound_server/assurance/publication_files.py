"""The files of a publication, made again from its content: the same bytes, or it says so."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from dutybound.evidence.annual import annual_files
from dutybound.evidence.board import Board, board_report
from dutybound.evidence.notice import Answer, Notice, answer_files
from dutybound.evidence.overview import digest_of, read
from dutybound.evidence.packs import digests_of, pack
from dutybound.evidence.tables import (
    as_json,
    dictionary_csv,
    transparency_csv,
    transparency_json,
)
from dutybound.evidence.transparency import Transparency
from dutybound.risk.pdf import as_pdf
from dutybound_server.assurance.attachments import assessment_files, attached_files, oscal_files
from dutybound_server.assurance.models import Publication
from dutybound_server.assurance.publication_kinds import ANNUAL, ANSWER, BOARD, FIGURES, NOTICE
from dutybound_server.people.models import Service

CONTENT = "content.json"
PACKS: Mapping[str, str] = MappingProxyType(
    {ANNUAL: "annual-review.zip", ANSWER: "answer-to-notice.zip"}
)
"""Kinds whose files come as one."""

Content = Mapping[str, Any]


def board_in(content: Content) -> Board:
    """What a board report or an annual pack is made of."""
    return read(Board, content["made"])


def figures_in(content: Content) -> Transparency:
    return read(Transparency, content["made"])


def notice_in(content: Content) -> Notice:
    return read(Notice, content["made"])


def answer_in(content: Content) -> Answer:
    return read(Answer, content["made"])


def files_of(service: Service, kind: str, content: Content) -> Mapping[str, bytes]:
    """Each file by its name; of a pack, those inside it.

    PostgreSQL gives names within JSON back in an order of its own, so each has its place here.
    """
    return _FILES[kind](service, json.loads(as_json(content)))


def downloads_of(publication: Publication) -> tuple[str, ...]:
    """The names of what can be downloaded."""
    if publication.kind in PACKS:
        return (PACKS[publication.kind], CONTENT)
    return (*publication.content["files"], CONTENT)


def is_as_journalled(publication: Publication) -> bool:
    """Whether the content still has the digest that was journalled when it was made."""
    return digest_of(publication.content) == publication.digest


def files_again(publication: Publication) -> Mapping[str, bytes]:
    """Each file, made again from the content."""
    return files_of(publication.service, publication.kind, publication.content)


def bytes_of(publication: Publication, name: str, files: Mapping[str, bytes]) -> bytes:
    """One of `downloads_of`, from `files_again`."""
    content = as_json(publication.content)
    if name == CONTENT:
        return content
    if publication.kind not in PACKS:
        return files[name]
    everything = {**files, CONTENT: content}
    head = _head(publication)
    return pack(everything, dated=publication.made_at, content=CONTENT, head=head)


def differing(publication: Publication, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Names of files that come out otherwise now than when they were given.

    What is set by another version of the typesetter may; the content it is set from does not.
    """
    given: Mapping[str, str] = publication.content["files"]
    again = digests_of(files)
    return tuple(name for name in sorted({*again, *given}) if again.get(name) != given.get(name))


def _head(publication: Publication) -> str:
    if publication.checkpoint_size is None:
        return "It was made before the journal's first checkpoint."
    return (
        f"It stands on the checkpoint of {publication.checkpoint_size} entries, whose root is\n"
        f"   {publication.checkpoint_root}."
    )


def _board(_service: Service, content: Content) -> Mapping[str, bytes]:
    return {"board-report.pdf": as_pdf(board_report(board_in(content)))}


def _annual(service: Service, content: Content) -> Mapping[str, bytes]:
    board = board_in(content)
    version = board.overview.assessment
    assessment = assessment_files(service, version.number) if version else {}
    oscal = oscal_files(service, board.overview)
    return annual_files(board, assessment={**assessment, **oscal})


def _figures(_service: Service, content: Content) -> Mapping[str, bytes]:
    figures = figures_in(content)
    return {
        "figures.csv": transparency_csv(figures),
        "figures.json": transparency_json(figures),
        "what-columns-mean.csv": dictionary_csv(),
    }


def _answer(service: Service, content: Content) -> Mapping[str, bytes]:
    answer = answer_in(content)
    attached: dict[str, bytes] = {}
    for one in answer.attachments:
        attached |= attached_files(service, one.id, overview=answer.overview, kept=answer.kept)
    return answer_files(answer, attached)


def _nothing(_service: Service, _content: Content) -> Mapping[str, bytes]:
    return {}


_FILES: Mapping[str, Callable[[Service, Content], Mapping[str, bytes]]] = MappingProxyType(
    {BOARD: _board, ANNUAL: _annual, FIGURES: _figures, NOTICE: _nothing, ANSWER: _answer}
)
