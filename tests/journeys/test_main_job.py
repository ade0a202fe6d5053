"""The main job, with real parts: a server in processes of its own, a browser, a receiver."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from playwright.sync_api import Browser, expect

from dutybound_server.project.demo.fill import pdq_of
from dutybound_server.project.demo.pictures import reposted
from tests.journeys.installation import Installation
from tests.journeys.prepare import PASSWORD
from tests.journeys.receiver import Receiver, listening
from tests.journeys.waiting import wait_for


class Fells:
    """The service of the journey: its installation, its receiver and its key."""

    def __init__(self, dutybound: Installation, receiver: Receiver) -> None:
        made = dutybound.ask(
            "tests.journeys.prepare",
            slug="fells", staff=["mo"], endpoint=receiver.url, pdq=[pdq_of("chelsea")],
        )  # fmt: skip
        self.dutybound, self.receiver, self.key = dutybound, receiver, made["key"]
        receiver.secret = made["secret"]

    def post(self, name: str, picture: bytes) -> Any:  # noqa: ANN401 - JSON
        data = base64.b64encode(picture).decode()
        item = {"id": name, "author": {"id": "bram"}, "media": [{"id": "m1", "data": data}]}
        answer = self.dutybound.call("POST", "/api/v1/items", key=self.key, body=item)
        assert answer.status == 200, answer.data
        return answer.json()

    def told(self, kind: str) -> dict[str, Any]:
        """What the first webhook of this type said, once it has come."""
        messages = wait_for(lambda: self.receiver.messages(kind) or None, what=f"a {kind} webhook")
        return dict(messages[0]["data"])


# Not of the module, which is left and entered again: what drives a browser runs last.
@pytest.fixture(scope="session")
def fells(dutybound: Installation) -> Iterator[Fells]:
    with listening() as receiver:
        yield Fells(dutybound, receiver)


@pytest.mark.browser
def test_a_picture_is_matched_decided_told_and_proved(fells: Fells, browser: Browser) -> None:
    posts = {
        "original": fells.post("post-1", reposted("chelsea", edit="original")),
        "edited": fells.post("post-2", reposted("chelsea", edit="cropped")),
        "mirrored": fells.post("post-3", reposted("chelsea", edit="mirrored")),
        "unrelated": fells.post("post-4", reposted("astronaut", edit="original")),
    }
    assert {name: post["verdict"] for name, post in posts.items()} == {
        "original": "block",
        "edited": "block",
        "mirrored": "block",
        "unrelated": "allow",
    }
    assert posts["mirrored"]["matches"][0]["variant"] == "mirrored"

    case = posts["original"]["case"]
    take_down_in_a_browser(browser, fells.dutybound.address, case=case)

    order = fells.told("enforcement.created")
    assert (order["kind"], order["subject"]["id"], order["case"]) == ("take_down", "post-1", case)
    assert pulled(fells, "enforcements") == [order["id"]]

    notice = fells.told("notice.created")
    assert pulled(fells, "notices") == [notice["id"]]
    page = urllib3.request("GET", notice["url"], retries=False).data.decode()
    assert "We took down your post" in notice["words"]
    assert "We took down your post" in page

    folder = fells.dutybound.export_journal()
    assert "case.decided" in b"".join(map(Path.read_bytes, files_in(folder))).decode(
        errors="replace"
    )
    fells.dutybound.run("verify-journal", str(folder))


def test_a_journal_that_was_altered_does_not_verify(fells: Fells) -> None:
    fells.post("post-1", reposted("chelsea", edit="original"))
    folder = fells.dutybound.export_journal()
    bundle = next(file for file in files_in(folder) if b"signal.added" in file.read_bytes())

    bundle.write_bytes(bundle.read_bytes().replace(b"signal.added", b"signal.aided"))

    with pytest.raises(AssertionError, match="does not"):
        fells.dutybound.run("verify-journal", str(folder))


def take_down_in_a_browser(browser: Browser, address: str, *, case: str) -> None:
    """Sign in, find the case in the queue, and decide it."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/console/fells/cases/")
    page.get_by_label("Email").fill("mo@fells.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    page.locator(f"a[href*='/cases/{case}/']").first.click()
    page.get_by_role("button", name="Claim").click()
    expect(page.locator(".case-head")).to_contain_text("Yours until")
    page.get_by_role("radio", name="Take down").check()
    page.get_by_role("radio", name="Our terms").check()
    page.get_by_label("Which section or rule").fill("House rules, 1")
    page.get_by_label("Reasons, for colleagues").fill("The same picture as the signal.")
    expect(page.locator("#id_statement")).to_have_value(re.compile("We took down your post"))
    page.get_by_role("button", name="Decide").click()
    expect(page.locator(".undo")).to_contain_text(f"case {case}")
    context.close()


def pulled(fells: Fells, what: str) -> list[Any]:
    answer = fells.dutybound.call("GET", f"/api/v1/{what}", key=fells.key).json()
    return [one["id"] for one in answer[what]]


def files_in(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]
