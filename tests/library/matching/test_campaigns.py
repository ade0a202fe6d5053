"""A message sent again with something changed is known again, and no other message is."""

import random
import threading
from itertools import islice

import numpy as np
import pytest

from dutybound.matching.campaigns import CampaignIndex, Near, key
from tests.library.matching.evasions import EVASIONS, Evasion, prose, share_of_words

MESSAGES = 60
UNRELATED = 240


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Real prose."""
    return list(islice(prose(), MESSAGES + UNRELATED))


@pytest.fixture(scope="module")
def known(texts: list[str]) -> CampaignIndex:
    """The first of the texts, under their places."""
    index = CampaignIndex()
    for number, text in enumerate(texts[:MESSAGES]):
        index.add(number, key_of(text))
    return index


def key_of(text: str) -> bytes:
    made = key(text)
    assert made is not None
    return made


@pytest.mark.parametrize("evasion", EVASIONS)
def test_a_message_is_known_again_after(
    evasion: Evasion, texts: list[str], known: CampaignIndex
) -> None:
    chance = random.Random(evasion.__name__)

    nearest = [known.near(key_of(evasion(text, chance)))[:1] for text in texts[:MESSAGES]]

    right = [near for number, near in enumerate(nearest) if near and near[0].number == number]
    assert len(right) >= 0.95 * MESSAGES


def test_no_unrelated_message_is_taken_for_a_known_one(
    texts: list[str], known: CampaignIndex
) -> None:
    for text in texts[MESSAGES:]:
        made = key(text)
        near = known.near(made) if made else []

        assert all(share_of_words(text, texts[each.number]) >= 0.4 for each in near)


def test_nothing_in_common_is_no_likeness_and_the_same_text_is_all_of_it(
    texts: list[str], known: CampaignIndex
) -> None:
    assert known.near(key_of(texts[3]))[0] == Near(3, 1.0)
    assert known.near(key_of("ज्ञानप्रदीपः " * 8 + "कखगघङचछजझञटठडढणतथदधनपफबभम" * 2), least=0.1) == []


@pytest.mark.parametrize("text", ["", "Thanks, see you there!", "ha " * 500, "\U0001f525" * 500])
def test_a_text_too_short_to_tell_has_no_key(text: str) -> None:
    assert key(text) is None
    assert key("https://example.org/" + "".join(map(chr, range(0x4E00, 0x4F00)))) is None


def test_a_key_is_the_same_tomorrow_and_elsewhere() -> None:
    made = np.frombuffer(
        key_of("A walk along the ridge, and then a swim in the lake below it."), "u2"
    )

    assert (made.size, made[:4].tolist()) == (128, [54918, 59388, 55271, 33612])


def test_the_newest_are_remembered_and_the_oldest_forgotten(texts: list[str]) -> None:
    index = CampaignIndex(most=10)
    keys = [key_of(text) for text in texts[:35]]

    for number, each in enumerate(keys):
        index.add(number, each)

    assert len(index) == 10
    assert [
        number for number, each in enumerate(keys) if Near(number, 1.0) in index.near(each)
    ] == [*range(25, 35)]


def test_a_removed_text_is_found_no_more_and_a_changed_one_by_its_new_key(
    texts: list[str],
) -> None:
    index = CampaignIndex(most=4)
    one, other = key_of(texts[0]), key_of(texts[1])
    for _ in range(3):
        index.add(1, one)
        index.add(2, one)
        index.add(1, other)
        index.remove([2, 2, 99])

        assert index.near(one) == []
        assert index.near(other) == [Near(1, 1.0)]
        assert len(index) == 1


def test_the_most_similar_comes_first(texts: list[str]) -> None:
    index = CampaignIndex()
    index.add(1, key_of(texts[0] + texts[1]))
    index.add(2, key_of(texts[0]))

    assert [near.number for near in index.near(key_of(texts[0]))] == [2, 1]


def test_reading_goes_on_while_another_thread_adds_and_removes(texts: list[str]) -> None:
    index, lasting = CampaignIndex(most=4), key_of(texts[0])
    index.add(0, lasting)
    stop, faults = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            found = index.near(lasting)
            if not 1 <= len(found) <= 2 or {near.similarity for near in found} != {1.0}:
                faults.append(found)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 600):
        index.add(number, lasting)
        index.remove([number - 1])
    stop.set()
    reader.join()

    assert faults == []
