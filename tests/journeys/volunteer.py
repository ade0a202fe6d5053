"""Somebody who runs a village forum, has no mouse and no JavaScript, and reads every page.

How long that takes is worked out from what is on the pages: nobody waits for it.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

HOME = "/console/ridge/assessment/"
WORDS_A_MINUTE = 250
SECONDS_A_QUESTION = 5
MOST_TABS = 250
# One question a press, since there are thousands of them.
WHERE_FOCUS_IS = """wanted => {
  const at = document.activeElement;
  if (at === wanted) return "here";
  return wanted.type === "radio" && at.name === wanted.name ? "in its group" : "elsewhere";
}"""

ABOUT = {
    "What is the service called?": "Ridge Forum",
    "Who runs it?": "Ridge Walkers",
    "What is it for, and who uses it?": "People who walk in the hills talk about it.",
}
YES = {
    "uk_provider", "discussion_forum_chat", "posting_text_or_links", "posting_images_videos",
    "commenting", "child_users", "user_accounts", "user_profiles", "hyperlinking",
    "volunteer_moderators", "proactive_technology", "prohibits_pornography", "prohibits_suicide",
    "prohibits_self_harm", "prohibits_eating_disorder",
}  # fmt: skip
WHY_FEW_CHILDREN = "We asked our members in October. All are over 30, and it is about fell walking."


class Volunteer:
    """One person at a page; counts the words they read and the questions they answer."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.words = 0
        self.questions = 0
        self.pages: list[tuple[str, int]] = []
        """Where they were, and how many words stood there."""

    @property
    def minutes(self) -> float:
        """Reading at 250 words a minute, and five seconds for each question."""
        return self.words / WORDS_A_MINUTE + self.questions * SECONDS_A_QUESTION / 60

    # With the keyboard

    def reach(self, target: Locator) -> None:
        """Go to it with the tabulator, and with the arrows inside a group of radio buttons."""
        wanted = target.element_handle()
        for _ in range(MOST_TABS):
            where = wanted.evaluate(WHERE_FOCUS_IS)
            if where == "here":
                return
            self.page.keyboard.press("ArrowDown" if where == "in its group" else "Tab")
        raise AssertionError(f"no way to {target} with the keyboard")

    def press(self, target: Locator) -> None:
        """Press a button or follow a link."""
        self.reach(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.read()

    def choose(self, target: Locator) -> None:
        """Choose a radio button or make a tick."""
        self.questions += target.get_attribute("type") == "radio"
        self.reach(target)
        if not target.is_checked():
            self.page.keyboard.press("Space")
        expect(target).to_be_checked()

    def write(self, label: str, words: str) -> None:
        target = self.page.get_by_label(label)
        self.questions += 1
        self.reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(words)

    def save(self) -> None:
        self.press(self.page.locator("main form button").first)

    # What they read and do

    def open(self, path: str) -> None:
        self.page.goto(path)
        self.read()

    def read(self) -> None:
        words = len(self.page.locator("main").inner_text().split())
        self.words += words
        self.pages.append((self.where or "the sections", words))
        expect(self.page.get_by_role("alert")).to_have_count(0)

    @property
    def where(self) -> str:
        return urlsplit(self.page.url).path.removeprefix(HOME)

    def finish(self) -> None:
        """Go on with the next section until only the approval is left."""
        self.press(self.page.get_by_role("button", name="Start the assessment"))
        while self.where != "check/":
            self._answer()

    def approve(self) -> None:
        self.press(self.page.get_by_role("link", name="Change who answers for it"))
        self.write("Who answers for it?", "Grace")
        self.write("To whom was it reported?", "The committee")
        self.save()
        self.save()
        expect(self.page.locator("main")).to_contain_text("Nothing is missing")
        self.choose(self.page.get_by_label("I have read the summary"))
        self.press(self.page.get_by_role("button", name="Approve this assessment"))

    def _answer(self) -> None:
        area, _, rest = self.where.partition("/")
        answers: dict[str, Callable[[str], None]] = {
            "": self._onward,
            "service": self._about,
            "scope": self._scope,
            "questions": self._question,
            "children": self._onward,
            "measures": self._onward,
            "risks": self._risks,
            "gaps": self._gaps,
            "controls": self._control,
        }
        answers[area](rest.strip("/"))

    def _about(self, _: str) -> None:
        for label, words in ABOUT.items():
            self.write(label, words)
        self.save()

    def _scope(self, test: str) -> None:
        if not test:
            self._onward(test)
        elif test == "exemptions":
            self.press(self.page.get_by_role("button", name="None of these is true"))
        else:
            self.choose(self.page.get_by_label("Yes", exact=True))
            self.save()

    def _onward(self, _: str) -> None:
        self.press(self.page.locator("main a.onward"))

    def _question(self, question: str) -> None:
        facts = self.page.locator("input[name=facts]")
        if question == "uk_users":
            self.choose(self.page.get_by_label("Under 700,000"))
            self.write("Your own count", "400")
        elif question == "takedown_feasible":
            for answer in self.page.locator("input[value=yes]").all()[:-1]:
                self.choose(answer)
        elif facts.count():
            for fact in facts.all():
                if fact.get_attribute("value") in YES:
                    self.choose(fact)
            self.choose(self.page.get_by_label("No, none of the others"))
        else:
            said = "Yes" if question in YES else "No"
            self.choose(self.page.get_by_label(said, exact=True))
            if question in {"significant_child_users", "attracts_children"}:
                self.write("Why, or how do you know?", WHY_FEW_CHILDREN)
        self.save()

    def _risks(self, _: str) -> None:
        ticks = self.page.locator("input[name=harm]")
        if not ticks.count():
            self._onward("")
            return
        group = self.page.locator("form:has(input[name=harm])").first
        for tick in group.locator("input[name=harm]").all():
            self.choose(tick)
            self.questions += 1
        self.press(group.get_by_role("button"))

    def _gaps(self, _: str) -> None:
        add = self.page.get_by_role("link", name="Add a control")
        if add.count():
            self.press(add.first)
        else:
            self._onward("")

    def _control(self, _: str) -> None:
        self.write("What is it called?", "Two of us look at every new post")
        self.choose(self.page.get_by_label("It is in place"))
        self.write("What do you do, in your own words?", "We read new posts each evening.")
        self.write("Where does it run?", "The queue of this console")
        self.save()
