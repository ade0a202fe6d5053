"""Words, links and near-duplicate text: `python -m benchmarks.text [NUMBER OF URLS]`.

Peers in the same run: a dict of (kind, text), which this replaced, a plain set of strings, one
regular expression of all phrases, and exact comparison of sets. It ends within a minute.
"""

import os
import random
import re
import statistics
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import can_ada
from ahocorasick_rs import AhoCorasick, MatchKind

from dutybound.matching import Bank, Content, Effect, Matcher, Signal, SignalKind, links, words
from dutybound.matching.campaigns import CampaignIndex, key
from dutybound.matching.lookup import (
    LookupIndex,
    fingerprint,
    fingerprints_of_link,
    of_whole_and_prefixes,
)
from dutybound.matching.phrases import PhraseIndex, TextViews, Wording
from tests.library.matching.evasions import EVASIONS, prose, share_of_words

URLS = 1_000_000
PHRASES = 10_000
MESSAGES = 200
UNRELATED = 3_000
RECENT = 5_000
ROUNDS = 7

_Key = tuple[SignalKind, str]

ENGLISH = (
    "We walked along the ridge on Saturday and the weather was better than the forecast had said "
    "it would be, with only one shower before lunch. Pictures are on the usual site, and I will "
    "put the track up tomorrow when I am back at my desk. Does anybody know whether the path by "
    "the mill is open again? Last time there was a notice that it would stay shut until spring. "
    "If not we could take the bus from the bridge and walk back over the hill instead."
)[:450]
TEXTS = {
    "English": ENGLISH,
    "English, a quote and emoji": ENGLISH.replace(" I ", " I\u2019d ").replace(".", " \U0001f600."),
    "Polish": ("Zażółć gęślą jaźń, a potem idź na spacer nad rzekę. " * 9)[:450],
    "Turkish": ("Il\u0131k bir akşamda yürüdük, İzmir çok güzeldi. " * 10)[:450],
    "Hindi": ("हम शनिवार को पहाड़ी पर घूमने गए और मौसम बहुत अच्छा था। " * 9)[:450],
}


def main() -> None:
    count = int(sys.argv[1]) if sys.argv[1:] else URLS
    print(f"{_processor()}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    compare_lookups(count)
    compare_phrases()
    watch_readers_while_phrases_are_added()
    time_a_verdict()
    time_hard_texts()
    messages = list(prose())
    count_spelled_out(messages)
    compare_campaigns([text for text in messages if key(text)])


# Links


def compare_lookups(count: int) -> None:
    urls = [f"https://site{n % 50_000}.example.org/a/{n}/page" for n in range(count)]
    index, table, plain = LookupIndex(), dict[_Key, tuple[int, ...]](), set[str]()
    print(f"\n== Look-up of {count:,} URLs")
    entries = ((number, fingerprint(SignalKind.URL, url)) for number, url in enumerate(urls))
    took, held = _measured(lambda: index.add(entries))
    arrays = sum(each.nbytes for each in index.arrays().values()) / count
    _print_built("ours, in arrays to share", took, arrays)
    print(f"{'ours, with what building leaves':34}{'':20}{held * 1e6 / count:8.1f} bytes a key")
    keys = ((SignalKind.URL, links.address(url)) for url in urls)
    took, held = _measured(lambda: table.update((key, (n,)) for n, key in enumerate(keys)))
    _print_built("dict of (kind, text)", took, held * 1e6 / count)
    took, held = _measured(lambda: plain.update(map(links.address, urls)))
    _print_built("set of text", took, held * 1e6 / count)

    known = random.Random(1).sample(urls, 2_000)
    unknown = [link.replace("/a/", "/b/") for link in known]
    ways = _ways_to_look_up(index, table, plain)
    ours, its_peer = ways["ours, exact and 4 prefixes"], ways["dict, exact and 4 prefixes"]
    assert [ours(each) for each in known + unknown] == [its_peer(each) for each in known + unknown]
    for name, asked in (("known", known), ("unknown", unknown)):
        _print_medians(f"microseconds a link, {name}, in canonical form", ways, asked)
    _print_medians(
        "microseconds a link, to its canonical form",
        {"can_ada.parse alone": can_ada.parse, "links.canonical": links.canonical},
        unknown,
    )
    chance = random.Random(2)
    began = perf_counter()
    for number in range(5_000):
        index.add([(count + number, chance.getrandbits(64))])
    print(f"added one by one: {5_000 / (perf_counter() - began):,.0f} a second")


def _ways_to_look_up(
    index: LookupIndex, table: dict[_Key, tuple[int, ...]], plain: set[str]
) -> dict[str, Callable[[str], object]]:
    """By the whole link, and by the whole and every prefix it has."""

    def by_index(link: str) -> list[int]:
        return [number for number, _ in index.find([fingerprint(SignalKind.URL, link)])]

    def by_index_all(link: str) -> list[int]:
        asked = [print_ for _, print_ in fingerprints_of_link(link)]
        return [number for number, _ in index.find(asked)]

    def by_dict(link: str) -> tuple[int, ...]:
        return table.get((SignalKind.URL, links.address(link)), ())

    def by_dict_all(link: str) -> list[int]:
        host = links.host_of(link)
        asked = [(SignalKind.URL, links.address(link)), (SignalKind.HOST, host)]
        asked += [(SignalKind.DOMAIN, links.registered_domain(host) or "")]
        asked += [(SignalKind.URL_PREFIX, each) for each in _prefixes(link)]
        return [number for each in asked for number in table.get(each, ())]

    def by_index_and_prefix(link: str) -> list[int]:
        return [number for number, _ in index.find(of_whole_and_prefixes(link))]

    def by_dict_and_prefix(link: str) -> list[int]:
        asked = [(SignalKind.URL_PREFIX, each) for each in _prefixes(link)]
        every = [(SignalKind.URL, links.address(link)), *asked]
        return [number for each in every for number in table.get(each, ())]

    def by_set_and_prefix(link: str) -> bool:
        asked = [links.address(link), *_prefixes(link)]
        return any(each in plain for each in asked)

    return {
        "ours, exact": by_index,
        "dict, exact": by_dict,
        "ours, exact and 4 prefixes": by_index_and_prefix,
        "dict, exact and 4 prefixes": by_dict_and_prefix,
        "set, exact and 4 prefixes": by_set_and_prefix,
        "ours, with host and domain": by_index_all,
        "dict, with host and domain": by_dict_all,
    }


def _prefixes(link: str) -> list[str]:
    found = [links.longest_prefix(links.address(link).encode()).decode()]
    while "/" in found[-1]:
        found.append(found[-1].rpartition("/")[0])
    return found[::-1]


def _print_built(what: str, seconds: float, bytes_a_key: float) -> None:
    print(f"{what:34}{seconds:10.2f} s to build{bytes_a_key:8.1f} bytes a key")


# Phrases


def _phrases(count: int) -> list[str]:
    """One to three words each; a few are in the English text."""
    chance = random.Random(3)
    made = [
        "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(3, 9)))
        for _ in range(count)
    ]
    phrases = {" ".join(chance.sample(made, chance.randint(1, 3))) for _ in range(2 * count)}
    return ["ridge", "the mill", "bus", *sorted(phrases)][:count]


def compare_phrases() -> None:
    phrases = _phrases(PHRASES)
    index = PhraseIndex(leetspeak=False)
    took, _ = _measured(lambda: index.add([Wording(*each) for each in enumerate(phrases)]))
    alternation = re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b")
    print(f"\n== {PHRASES:,} phrases over 450 characters (built in {took:.2f} s)")
    views = TextViews(ENGLISH)
    ours = {phrases[number] for number in index.found_in(views)}
    (plain,) = {words.plain(ENGLISH), words.unmasked(ENGLISH)}
    assert ours == set(alternation.findall(plain)), ours
    search = AhoCorasick(phrases, matchkind=MatchKind.Standard).find_matches_as_indexes
    _print_medians(
        "microseconds a text",
        {
            "the automaton, one pass": partial(search, overlapping=True),
            "ours, all views, whole words": lambda _: index.found_in(views),
            "re, one alternation of all": alternation.findall,
        },
        [plain],
    )
    _print_medians(
        "microseconds to bring a text of 450 characters to its views",
        {name: lambda _, text=text: TextViews(text).usual for name, text in TEXTS.items()}
        | {"English, with leetspeak": lambda _: TextViews(ENGLISH).with_leetspeak},
        [""],
    )


def watch_readers_while_phrases_are_added() -> None:
    phrases = _phrases(PHRASES + 1_200)
    index, views = PhraseIndex(leetspeak=False), TextViews(ENGLISH)
    index.add([Wording(*each) for each in enumerate(phrases[:PHRASES])])
    _ = views.usual
    waits: list[float] = []
    adds: list[float] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            began = perf_counter()
            index.found_in(views)
            waits.append(perf_counter() - began)
            sleep(0.0005)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(PHRASES, PHRASES + 1_200):
        began = perf_counter()
        index.add([Wording(number, phrases[number])])
        adds.append(perf_counter() - began)
        sleep(0.0005)
    stop.set()
    reader.join()
    median, late, most = (
        statistics.median(waits),
        statistics.quantiles(waits, n=100)[98],
        max(waits),
    )
    print(
        f"1,200 phrases added one by one: {statistics.median(adds) * 1e3:.2f} ms each; a reader "
        f"takes {median * 1e6:.0f} µs then, p99 {late * 1e3:.1f} ms, at most {most * 1e3:.1f} ms"
    )


def time_a_verdict() -> None:
    matcher = Matcher()
    matcher.put_bank(1, Bank("words", "a benchmark", "fraud", Effect.BLOCK))
    matcher.add(1, [Signal(n, SignalKind.PHRASE, each) for n, each in enumerate(_phrases(PHRASES))])
    urls = (f"https://site{n}.example.org/a/{n}" for n in range(100_000))
    matcher.add(1, [Signal(PHRASES + n, SignalKind.URL, url) for n, url in enumerate(urls)])
    sent = (
        "https://www.shop-deals.co.uk/a/b/c?d=1",
        "http://forum.example.org/thread/12345-some-title/page/3",
        "https://cdn.someone.github.io/x.js",
    )
    _print_medians(
        "microseconds for all of Matcher.match, 450 characters and 3 links",
        {"10,000 phrases, 100,000 URLs": matcher.match},
        [Content(text=ENGLISH, links=sent)],
    )


def time_hard_texts() -> None:
    print("\n== Made to take long (seconds, megabytes)")
    matcher = Matcher()
    matcher.put_bank(1, Bank("words", "a benchmark", "fraud", Effect.BLOCK))
    matcher.add(1, [Signal(1, SignalKind.PHRASE, "zonk"), Signal(2, SignalKind.HOST, "b.org")])
    deep, escaped, no_links = "ab/" * 2_700, "%61" * 2_700, "a.b " * 2_000
    thousand = range(1_000)
    hard = {
        "100,000 × U+FDFA": Content(text="\ufdfa" * 100_000),
        "100,000 marks out of order": Content(text="a" + "\u0315\u0300\u05ae" * 33_333),
        "100,000 × an emoji": Content(text="\U0001f600" * 100_000),
        "20,000 links in a text": Content(text="a.co " * 20_000),
        "1,000 links of 8 KB, deep": _sent(f"https://h{n}.org/{deep}" for n in thousand),
        "1,000 links of 8 KB, escaped": _sent(f"https://h{n}.org/{escaped}" for n in thousand),
        "1,000 texts of 8 KB for links": _sent(f":: {n} {no_links}" for n in thousand),
    }
    for name, content in hard.items():
        told = ""

        def match(content: Content = content) -> None:
            nonlocal told
            try:
                matcher.match(content)
            except links.TooManyLinks as error:
                told = f"refused: {error}"

        took, held = _measured(match)
        print(f"{name:34}{took:8.2f} s{held:8.0f} MB  {told}")


def _sent(told: Iterable[str]) -> Content:
    return Content(links=tuple(told))


def count_spelled_out(messages: Sequence[str]) -> None:
    """False matches, were every word of all the prose a phrase in a bank."""
    worded = [TextViews(text).usual for text in messages]
    every = {word for views in worded for word in views[0].split() if word.isalpha()}
    # The words put together are the last view, a line each.
    lines = [line for views in worded for line in views[-1].split("\n") if " " not in views[-1]]
    print(f"\n== Letters spelled out, in {len(messages):,} paragraphs of real prose")
    print(f"{len(lines)} times three letters or more stood alone; were each of the prose's")
    print(f"{len(every):,} words a phrase, it would find {', '.join(sorted(every & {*lines}))}")


# Near-duplicate text


def compare_campaigns(texts: list[str]) -> None:
    chance = random.Random(4)
    chance.shuffle(texts)
    known, others = texts[:MESSAGES], texts[MESSAGES:]
    index = CampaignIndex()
    for number, text in enumerate(known):
        index.add(number, _key(text))
    print(f"\n== Near-duplicate text: {MESSAGES} messages after 12 evasions, real prose")
    for evasion in EVASIONS:
        nearest = [index.near(_key(evasion(text, chance)))[:1] for text in known]
        right = sum(bool(near) and near[0].number == n for n, near in enumerate(nearest))
        print(f"{evasion.__name__.replace('_', ' '):28}{right / MESSAGES:8.3f} recall")
    unrelated = [
        text for text in others if all(share_of_words(text, each) < 0.4 for each in known)
    ][:UNRELATED]
    false = sum(bool(index.near(_key(text))) for text in unrelated)
    print(
        f"{false} false in {len(unrelated):,} messages with under 40 % of words in common with any"
    )

    recent = CampaignIndex(most=RECENT)
    for number, text in enumerate(islice(cycle(texts), RECENT)):
        recent.add(number, _key(text))
    pieces = [_pieces(text) for text in islice(cycle(texts), RECENT)]

    def by_sets(text: str) -> list[int]:
        own = _pieces(text)
        return [n for n, each in enumerate(pieces) if len(own & each) >= 0.35 * len(own | each)]

    print(f"compared with {RECENT:,} recent texts")
    _print_medians(
        "microseconds a text",
        {
            "ours, its key": key,
            "ours, what is near": lambda text: recent.near(_key(text)),
            "exact comparison of sets": by_sets,
        },
        texts[:3],
    )


def _key(text: str) -> bytes:
    made = key(text)
    assert made is not None
    return made


def _pieces(text: str) -> set[str]:
    letters = words.letters_alone(text)
    return {letters[at : at + 5] for at in range(len(letters) - 4)}


# Measuring


def _print_medians(
    what: str, ways: Mapping[str, Callable[[Any], object]], asked: Sequence[Any]
) -> None:
    """Each way in turn, round after round, so that what else the machine does meets all."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            began = perf_counter()
            calls = 0
            while calls < len(asked) or perf_counter() - began < 0.02:
                for each in asked:
                    way(each)
                calls += len(asked)
            took[name].append((perf_counter() - began) / calls)
    print(what)
    for name, each in took.items():
        print(f"  {name:34}{statistics.median(each) * 1e6:10.2f}")


def _measured(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and megabytes of resident memory more than before."""
    before, began = _resident_megabytes(), perf_counter()
    work()
    return perf_counter() - began, _resident_megabytes() - before


def _resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _processor() -> str:
    told = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    return told[1] if told else "unknown processor"


if __name__ == "__main__":
    main()
