"""The example of the docs is a service that works, exactly as it is printed there."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import urllib3

from dutybound_server.project.demo.fill import pdq_of
from dutybound_server.project.demo.pictures import reposted
from tests.journeys.installation import TOP, Installation, free_port
from tests.journeys.staff import Staff
from tests.journeys.waiting import wait_until

EXAMPLE = TOP / "docs/examples/forum.py"


def test_the_docs_print_the_example_as_it_is() -> None:
    page = (TOP / "docs/connect-your-service.md").read_text()
    assert f"```python\n{EXAMPLE.read_text()}```" in page
    assert len(EXAMPLE.read_text().splitlines()) == 40


def test_the_example_asks_before_it_shows_and_does_what_it_is_told(
    dutybound: Installation,
) -> None:
    port = free_port()
    made = dutybound.ask(
        "tests.journeys.prepare",
        slug="village",
        staff=["mo"],
        endpoint=f"http://127.0.0.1:{port}/webhooks",
        pdq=[pdq_of("chelsea")],
    )
    # The first picture takes longest, and the example waits three seconds for an answer.
    picture = base64.b64encode(reposted("moon", edit="mirrored")).decode()
    first = {"id": "post-0", "media": [{"id": "m1", "data": picture}]}
    assert dutybound.call("POST", "/api/v1/items", key=made["key"], body=first).status == 200
    with forum(port, dutybound=dutybound.address, **made) as address:
        cat = reposted("chelsea", edit="mirrored")
        assert post(f"{address}/post-1", cat) == "refused"
        assert post(f"{address}/post-2", reposted("moon", edit="original")) == "shown"

        [case] = dutybound.ask("tests.journeys.facts", "village")["cases"]
        mo = Staff(dutybound.address, email="mo@village.example")
        nothing_wrong = {"enforcement_kind": "none", "harm": "iia", "reasons": "A cat."}
        assert mo.post(f"/console/village/cases/{case}/decide/", nothing_wrong) == 200

        wait_until(lambda: read(f"{address}/post-1") == "shown", what="the post is back")


@contextmanager
def forum(port: int, *, dutybound: str, key: str, secret: str) -> Iterator[str]:
    settings = {"DUTYBOUND": dutybound, "KEY": key, "SECRET": secret, "PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, EXAMPLE], env={**os.environ, **settings}, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: is_up(address), what="the example forum is up")
        yield address
    finally:
        process.kill()
        process.wait()


def is_up(address: str) -> bool:
    try:
        return read(f"{address}/post-1") == "unknown"
    except urllib3.exceptions.HTTPError:
        return False


def read(url: str) -> str:
    return urllib3.request("GET", url, retries=False).data.decode()


def post(url: str, picture: bytes) -> str:
    answer = urllib3.request("POST", url, body=picture, headers={"X-Author": "wren"}, retries=False)
    return answer.data.decode()
