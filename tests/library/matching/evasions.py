"""Twelve ways in which one message is sent again so that it is not the same, and real prose."""

# ruff: noqa: RUF001 - letters that look like others are one of them

import ast
import random
import re
import sysconfig
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

Chance = random.Random
Evasion = Callable[[str, Chance], str]

_LEET = str.maketrans("oieast", "013457")
_ALIKE = str.maketrans("aeopcxyiAEOPCXBHM", "аеорсхуіАЕОРСХВНМ")
_EMOJI = "😀🔥💸👉✅🎉"
_NAMES = ("Agnieszka", "Bartholomew", "Charlotte", "Dmitri", "Esperanza", "Funmilayo")
_SENTENCES = (
    "Tell everyone you know about it today.",
    "Sorry for posting this twice, the first one vanished.",
    "My cousin showed me this last night.",
)


def in_capitals(text: str, chance: Chance) -> str:
    return "".join(chance.choice((each.upper(), each.lower())) for each in text)


def with_punctuation(text: str, chance: Chance) -> str:
    return "".join(
        each + (chance.choice("...!*~-") if chance.random() < 0.2 else "") for each in text
    )


def with_nothing_visible(text: str, chance: Chance) -> str:
    hidden = ("", "", "\u200b", "\u2060", "\u00ad", "\ufe0f")
    return "".join(each + chance.choice(hidden) for each in text)


def with_other_letters(text: str, chance: Chance) -> str:
    return "".join(each.translate(_ALIKE) if chance.random() < 0.5 else each for each in text)


def with_digits(text: str, chance: Chance) -> str:
    return "".join(each.translate(_LEET) if chance.random() < 0.7 else each for each in text)


def with_emoji(text: str, chance: Chance) -> str:
    return " ".join(
        f"{word} {chance.choice(_EMOJI)}" if chance.random() < 0.3 else word
        for word in text.split()
    )


def with_words_swapped(text: str, chance: Chance) -> str:
    words = text.split()
    for _ in range(max(1, len(words) // 12)):
        at = chance.randrange(len(words) - 1)
        words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def with_a_sentence(text: str, chance: Chance) -> str:
    added = chance.choice(_SENTENCES)
    return f"{added} {text}" if chance.random() < 0.5 else f"{text} {added}"


def with_another_name(text: str, chance: Chance) -> str:
    words = text.split()
    for at in chance.sample(range(len(words)), 2):
        words[at] = chance.choice(_NAMES)
    return f"Hi {chance.choice(_NAMES)}, {' '.join(words)}"


def in_other_lines(text: str, chance: Chance) -> str:
    return "".join(
        chance.choice((" ", "\n", "\n\n", "\t")) if each == " " else each for each in text
    )


def with_typos(text: str, chance: Chance) -> str:
    letters = list(text)
    for at in chance.sample(range(len(letters) - 1), len(letters) // 25):
        kind = chance.randrange(3)
        if kind == 0:
            letters[at] = ""
        elif kind == 1:
            letters[at] = chance.choice("abcdefghijklmnopqrstuvwxyz")
        else:
            letters[at] *= 2
    return "".join(letters)


def with_another_link(text: str, chance: Chance) -> str:
    return f"{text} https://{chance.getrandbits(40):x}.example.org/{chance.getrandbits(64):x}?r=1"


EVASIONS: tuple[Evasion, ...] = (
    in_capitals, with_punctuation, with_nothing_visible, with_other_letters, with_digits,
    with_emoji, with_words_swapped, with_a_sentence, with_another_name, in_other_lines,
    with_typos, with_another_link,
)  # fmt: skip


def prose() -> Iterator[str]:
    """Paragraphs of 15 to 100 words from the documentation in Python's own modules, each once."""
    told: set[str] = set()
    folder = Path(sysconfig.get_paths()["stdlib"])
    for path in chain.from_iterable(sorted(folder.glob(each)) for each in ("*.py", "*/**/*.py")):
        if not {"site-packages", "test", "tests", "lib2to3"}.intersection(path.parts):
            for paragraph in _paragraphs_of(ast.parse(path.read_bytes())):
                written = " ".join(paragraph.split())
                if (
                    written not in told
                    and 15 <= len(written.split()) <= 100
                    and ">>>" not in written
                ):
                    told.add(written)
                    yield written


def _paragraphs_of(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield from (ast.get_docstring(node) or "").split("\n\n")


def share_of_words(one: str, other: str) -> float:
    """The share of both texts' words that is in both: 0.4 or more in what people call alike."""
    words = [set(re.findall("[a-z]+", text.lower())) for text in (one, other)]
    return len(words[0] & words[1]) / len(words[0] | words[1])
