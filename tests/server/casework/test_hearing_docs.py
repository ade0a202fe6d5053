"""docs/how-to/hear-people.md does what it says."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from dutybound_server.casework.actions.desks import desk_of
from dutybound_server.casework.actions.forgetting import DRAFT_KEPT_FOR
from dutybound_server.casework.hearing import LARGEST_FILE, MOST_SUBJECTS, Subject
from dutybound_server.casework.item_tokens import read_item_token
from dutybound_server.casework.limits import MOST_FROM_A_NETWORK, MOST_FROM_A_PERSON
from tests.cast import Cast

PAGE = (Path(__file__).parents[3] / "docs/how-to/hear-people.md").read_text()


def test_the_example_signs_a_link_that_is_understood(cast: Cast) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    service: dict[str, Any] = {}
    exec(compile(example, "hear-people.md", "exec"), service)
    desk = desk_of(cast.ridge)
    desk.link_secret = service["SECRET"]

    link = service["report_link"]("post-1", "On the ridge", reporter="u42")

    token = read_item_token(desk, link.partition("item=")[2], timezone.now())
    assert (token.subject, token.title) == (Subject("item", "post-1"), "On the ridge")
    assert token.reporter == "u42"


def test_the_page_has_the_figures_of_the_code() -> None:
    assert f"More than {MOST_FROM_A_NETWORK} within an hour" in PAGE
    assert f"or {MOST_FROM_A_PERSON} from one person" in PAGE
    assert f"up to {MOST_SUBJECTS} `subjects`" in PAGE
    assert f"up to {LARGEST_FILE // 1024 // 1024} MB" in PAGE
    assert timedelta(hours=2) == DRAFT_KEPT_FOR
