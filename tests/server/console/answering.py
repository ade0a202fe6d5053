"""How tests answer the pages of the assessment: open one, fill it in, send it."""

import re
from collections.abc import Mapping

from django.test import Client

HOME = "/console/ridge/assessment/"
SEEN = re.compile(r'name="seen" value="([0-9a-f]{16})"')


def post(client: Client, path: str, answers: Mapping[str, object]) -> str:
    """Open a page, answer it, and read what comes after."""
    page = client.get(HOME + path).content.decode()
    found = SEEN.search(page)
    sent = dict(answers) | ({"seen": found.group(1)} if found else {})
    return client.post(HOME + path, sent, follow=True).content.decode()
