"""What can be made of the findings, and for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

BOARD, ANNUAL, FIGURES, NOTICE, ANSWER = "board", "annual", "figures", "notice", "answer"


@dataclass(frozen=True, slots=True)
class KindOfPublication:
    """Its name, and what it is in a sentence."""

    name: str
    says: str


PUBLICATION_KINDS: Mapping[str, KindOfPublication] = MappingProxyType(
    {
        BOARD: KindOfPublication(
            "Board report", "One page in plain words, and behind it each measure with its figures."
        ),
        ANNUAL: KindOfPublication(
            "Annual review pack",
            "For the yearly review (ICU A1, PCU A1): the board report, the assessment, findings, "
            "documents held, tasks, and a form for the minutes.",
        ),
        FIGURES: KindOfPublication(
            "Transparency figures",
            "Counts, times and shares with their intervals; small counts are withheld.",
        ),
        NOTICE: KindOfPublication(
            "Information notice", "What somebody asked you formally, and when it is due."
        ),
        ANSWER: KindOfPublication(
            "Answer to a notice", "Each question with what is attached, as one file."
        ),
    }
)
