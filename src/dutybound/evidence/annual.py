"""The pack for the yearly review by the body that answers for safety (ICU A1, PCU A1)."""

from collections.abc import Mapping

from dutybound.evidence.board import Board, board_report, decisions
from dutybound.evidence.in_print import at_minute, period_of
from dutybound.evidence.overview import written
from dutybound.evidence.tables import (
    as_json,
    figures_csv,
    heard_csv,
    papers_csv,
    tasks_csv,
    turns_csv,
)
from dutybound.risk.pdf import as_pdf

_AGENDA = """\
Agenda and minutes: yearly review of online safety
{service}

{period}
Figures as of {made_at}, at {head}.

Ofcom's Codes recommend (ICU A1, PCU A1) that the most senior body reviews, at least once a year,
how risks of harm to people in the United Kingdom are managed. This is a form to fill in. It says
nothing by itself.

Held on:
Present:
Apologies:
In the chair:
Minutes by:

1. What was read beforehand
   [ ] board-report.pdf     [ ] assessment-record.pdf (where one is approved)
   [ ] documents.csv        [ ] tasks-and-reviews.csv

2. What is at risk or not met, and what is done about it
   Discussed:
   Decided:
   By whom, by when:

3. Risks that are left, and whether their levels still hold
   Discussed:
   Decided:
   By whom, by when:

4. What is asked of this meeting
{asked}
   By whom, by when:

5. New kinds of harm, and changes of the service that are planned
   Discussed:
   Decided:

6. Whether people, training and money are enough
   Discussed:
   Decided:

7. When this is looked at again
   Day:

Signed:
"""


def agenda(board: Board) -> str:
    """A form for the meeting, with what is asked of it filled in."""
    overview = board.overview
    asked = "\n".join(f"   - {one}\n     Decided:" for one in decisions(board))
    return _AGENDA.format(
        service=overview.service,
        period=period_of(overview),
        made_at=at_minute(overview.made_at),
        head=overview.head.says,
        asked=asked,
    )


def annual_files(board: Board, *, assessment: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The files of the pack; `assessment` are those of the approved one with its OSCAL, or none."""
    overview = board.overview
    return {
        "board-report.pdf": as_pdf(board_report(board)),
        **assessment,
        "findings/findings.json": as_json(written(overview)["measures"]),
        "findings/figures.csv": figures_csv(overview),
        "findings/turns.csv": turns_csv(overview),
        "heard.csv": heard_csv(overview),
        "documents.csv": papers_csv(overview),
        "tasks-and-reviews.csv": tasks_csv(overview),
        "agenda-and-minutes.txt": agenda(board).encode(),
    }
