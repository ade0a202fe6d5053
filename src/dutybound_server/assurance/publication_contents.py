"""The content of each kind of publication, gathered now, with the digest of each of its files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dutybound.evidence.board import Before, Board, before_of
from dutybound.evidence.notice import Answer, Answered, Notice, attachment
from dutybound.evidence.overview import Head, Overview, written
from dutybound.evidence.packs import digests_of
from dutybound.evidence.transparency import transparency
from dutybound_server.assurance.attachments import attached_files, choices_for, kept_files
from dutybound_server.assurance.models import Publication
from dutybound_server.assurance.overviews import head_now, overview_of
from dutybound_server.assurance.publication_files import board_in, files_of
from dutybound_server.assurance.publication_kinds import ANNUAL, ANSWER, BOARD, FIGURES, NOTICE
from dutybound_server.people.models import Service

A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Period:
    """From when until when; what happened at `until` itself is not in it."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Gathered:
    """What can be published: its content as JSON, and the journal's head it was computed at."""

    kind: str
    content: Mapping[str, Any]
    head: Head


def gather_board(
    service: Service, period: Period, *, asks: Iterable[str], now: datetime, kind: str = BOARD
) -> Gathered:
    """A board report, or the annual pack around one."""
    overview = _overview(service, period, now=now)
    board = Board(overview, _last_board(service), tuple(asks))
    return _gathered(service, kind, board, overview.head)


def gather_annual(service: Service, *, asks: Iterable[str], now: datetime) -> Gathered:
    """The pack for the yearly review, of the last 365 days."""
    period = Period(now - A_YEAR, now)
    return gather_board(service, period, asks=asks, now=now, kind=ANNUAL)


def gather_figures(service: Service, period: Period, *, now: datetime) -> Gathered:
    """Figures for everyone."""
    overview = _overview(service, period, now=now)
    return _gathered(service, FIGURES, transparency(overview), overview.head)


def gather_notice(service: Service, notice: Notice) -> Gathered:
    """A notice that came in: nothing is made of the records yet."""
    return _gathered(service, NOTICE, notice, head_now())


def gather_answer(
    service: Service,
    period: Period,
    *,
    notice: Publication,
    asked: Notice,
    answers: Sequence[Answered],
    now: datetime,
) -> Gathered:
    """An answer to each question, with what is attached and the digest of each file."""
    overview = _overview(service, period, now=now)
    wanted = dict.fromkeys(id_ for one in answers for id_ in one.attached)
    titles = {id_: title for _, group in choices_for(service) for id_, title in group}
    kept = kept_files(service, wanted, period.since, period.until)
    attachments = tuple(
        attachment(id_, titles[id_], attached_files(service, id_, overview=overview, kept=kept))
        for id_ in wanted
    )
    answer = Answer(asked, notice.number, overview, tuple(answers), attachments, kept)
    return _gathered(service, ANSWER, answer, overview.head)


def _overview(service: Service, period: Period, *, now: datetime) -> Overview:
    return overview_of(service, since=period.since, until=period.until, now=now)


def _last_board(service: Service) -> Before | None:
    """What the newest board report that was not withdrawn said."""
    reports = Publication.objects.filter(service=service, kind=BOARD, withdrawn_at=None)
    last = reports.order_by("-number").first()
    return None if last is None else before_of(board_in(last.content).overview)


def _gathered(service: Service, kind: str, made: object, head: Head) -> Gathered:
    content = {"made": written(made), "files": {}}
    files = files_of(service, kind, content)
    return Gathered(kind, {**content, "files": dict(digests_of(files))}, head)
