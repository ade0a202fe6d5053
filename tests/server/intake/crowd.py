"""Many threads at once over a real database; prints what they left behind, for test_races."""

import json
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from dutybound_server.banks.actions import NewSignal, add_signals, create_bank  # noqa: E402
from dutybound_server.banks.models import Bank, Signal  # noqa: E402
from dutybound_server.casework.models import Case, CaseEvent, Match  # noqa: E402
from dutybound_server.intake.actions import journal_verdicts, rematch, take_item  # noqa: E402
from dutybound_server.intake.models import Rematch  # noqa: E402
from dutybound_server.intake.submissions import (  # noqa: E402
    Author,
    DifferentContent,
    Submission,
    SubmittedMedia,
)
from dutybound_server.items.models import Item  # noqa: E402
from dutybound_server.journal.models import Entry  # noqa: E402
from dutybound_server.people.actions import create_service  # noqa: E402
from dutybound_server.people.models import Account, Service  # noqa: E402
from tests.server.intake import pictures  # noqa: E402

THREADS = 6


def now() -> datetime:
    return datetime.now(UTC)


def together(*stories: Callable[[], Any]) -> list[Any]:
    """What each story answers, all of them started at the same moment."""
    start = threading.Barrier(len(stories))

    def tell(story: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever it answers
        start.wait()
        try:
            return story()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(stories)) as pool:
        return list(pool.map(tell, stories))


def a_bank(service: Service, *phrases: str, **options: Any) -> Bank:  # noqa: ANN401 - any setting
    bank = create_bank(
        service=service, name="known", source="tests", harm="hate", effect="block", why="x",
        by="system", now=now(), **options,
    )  # fmt: skip
    learn(bank, phrases)
    return bank


def learn(bank: Bank, phrases: Iterable[str]) -> None:
    signals = [NewSignal("phrase", phrase) for phrase in phrases]
    add_signals(bank=bank, signals=signals, why="x", by="system", now=now())


def take(
    service: Service, external_id: str, text: str, content: bytes = b"", *, author: str = "bram"
) -> Any:  # noqa: ANN401 - JSON
    media = (SubmittedMedia("m1", "image/jpeg", BytesIO(content)),) if content else ()
    submission = Submission(id=external_id, text=text, media=media, author=Author(author))
    try:
        return take_item(service=service, submission=submission, now=now()).body
    except DifferentContent:
        return "conflict"


def the_same_delivery(service: Service) -> Any:  # noqa: ANN401 - JSON
    a_bank(service, "zonk")
    content = pictures.jpeg(pictures.drawn())
    answers = together(*[lambda: take(service, "post-1", "zonk", content)] * THREADS)
    files = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    stored = set(Item.objects.filter(service=service).values_list("media__blob", flat=True))
    return {
        "different_answers": len({json.dumps(answer, sort_keys=True) for answer in answers}),
        "files_without_a_row": len([path for path in files if path.name not in str(stored)]),
    }


def different_content(service: Service) -> Any:  # noqa: ANN401 - JSON
    stories = [lambda n=n: take(service, "post-1", f"text {n}") for n in range(THREADS)]
    answers = together(*stories)
    return {"conflicts": answers.count("conflict")}


def one_author(service: Service) -> Any:  # noqa: ANN401 - JSON
    together(*[lambda n=n: take(service, f"post-{n}", "fine") for n in range(THREADS)])
    return {"accounts": Account.objects.filter(service=service).count()}


def a_signal_crosses_items(service: Service) -> Any:  # noqa: ANN401 - JSON
    """Items keep coming while the bank learns their words: each is found, then or looking back."""
    bank = a_bank(service)
    words = [f"zonk{number}" for number in range(12)]

    def post(part: int) -> None:
        for number, word in enumerate(words[part::3]):
            take(service, f"post-{part}-{number}", word)

    def teach() -> None:
        for word in words:
            learn(bank, [word])

    together(lambda: post(0), lambda: post(1), lambda: post(2), teach)
    together(*[lambda: rematch(now=now())] * 2)
    rematch(now=now())
    found = Match.objects.filter(item__service=service)
    return {"found": found.count(), "unfinished": Rematch.objects.filter(finished_at=None).count()}


def a_flood(service: Service) -> Any:  # noqa: ANN401 - JSON
    a_bank(service, "the", flood_share=0.5)

    def post(part: int) -> None:
        for number in range(8):
            take(service, f"post-{part}-{number}", "the", author=f"poster-{part}")

    together(*[lambda part=part: post(part) for part in range(THREADS)])
    entries = Entry.objects.filter(service=service.slug, kind="signal.quarantined")
    quarantined = Signal.objects.filter(bank__service=service).exclude(quarantined_at=None)
    return {"quarantined": quarantined.count(), "told": entries.count()}


def two_journals(service: Service) -> Any:  # noqa: ANN401 - JSON
    for number in range(20):
        take(service, f"post-{number}", "fine")
    together(*[lambda: journal_verdicts(now=now())] * 3)
    entries = Entry.objects.filter(service=service.slug, kind="verdicts.given")
    told = [json.loads(bytes(entry.body))["facts"]["count"] for entry in entries]
    return {"told": sum(told)}


STORIES = {
    story.__name__: story
    for story in (
        the_same_delivery,
        different_content,
        one_author,
        a_signal_crosses_items,
        a_flood,
        two_journals,
    )
}


def main() -> None:
    name = sys.argv[1]
    slug = name.replace("_", "-")
    service = create_service(slug=slug, name=slug, by="system", now=now())
    left = STORIES[name](service)
    left["items"] = Item.objects.filter(service=service).count()
    left["cases"] = Case.objects.filter(service=service).count()
    left["opened"] = CaseEvent.objects.filter(case__service=service, kind="opened").count()
    sys.stdout.write(json.dumps(left))


if __name__ == "__main__":
    main()
