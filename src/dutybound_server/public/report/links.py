"""What the link beside an item tells: signed by the service, so that nobody pastes an address."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from dutybound_server.casework.hearing import MOST_SUBJECTS
from dutybound_server.casework.item_tokens import BadToken, read_item_token
from dutybound_server.casework.models import Desk


def told_by_links(desk: Desk, tokens: Iterable[str], *, now: datetime) -> dict[str, Any]:
    """What a draft keeps of them, and those that are good as `links`.

    One that cannot be used leaves the key `bad_link` behind.

    The person goes on without it: a forged or old link must not keep a report away.
    """
    answers: dict[str, Any] = {}
    subjects, good = [], []
    for text in list(tokens)[:MOST_SUBJECTS]:
        try:
            token = read_item_token(desk, text, now)
        except BadToken as problem:
            answers["bad_link"] = problem.sentence
            continue
        subjects.append({"kind": token.subject.kind, "id": token.subject.id, "title": token.title})
        answers |= {"author": token.author, "account": token.reporter}
        good.append(text)
    if subjects:
        answers |= {"subjects": subjects, "links": good}
    return answers
