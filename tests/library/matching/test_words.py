"""A phrase is found however it was dressed up, and not inside other words."""

# ruff: noqa: RUF001 - letters that look like others are what these tests are about

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutybound.matching import (
    BadSignal,
    Bank,
    Content,
    Effect,
    Matcher,
    Signal,
    SignalKind,
    clean_value,
)
from dutybound.matching.phrases import PhraseIndex, TextViews, Wording


def found(text: str, value: str, kind: SignalKind = SignalKind.PHRASE, **bank: bool) -> bool:
    matcher = Matcher()
    matcher.put_bank(1, Bank("demo", "a test", "hate", Effect.FLAG, **bank))
    matcher.add(1, [Signal(1, kind, clean_value(kind, value))])
    return bool(matcher.match(Content(text=text)))


@pytest.mark.parametrize(
    "text",
    [
        "zonk",
        "Such a ZONK!",
        "#zonk @zonk _zonk_",
        "“zonk”",
        "\uff5a\uff4f\uff4e\uff4b",
        "\U0001d537\U0001d52c\U0001d52b\U0001d528",
        "ⓩⓞⓝⓚ",
        "z\u200bo\u200dn\u2060k",
        "z\u00ado\u034fn\ufe0fk",
        "z\u0336o\u0336n\u0336k\u0336",
        "z\u0301\u0302\u0303\u0304onk",
        "zönk",
        "z\u043enk",
        "Z\u039fNK",
        "z\ud800onk zonk",
        "zo\x00n\x08k\x7f",
        "z\u05b0o\u0654n\u0901k",
        "so \u202eknoz\u202c!",
        "\U0001f1ff\U0001f1f4\U0001f1f3\U0001f1f0",
        "\U0001f169\U0001f15e\U0001f15d\U0001f15a",
        "\U0001f189\U0001f17e\U0001f17d\U0001f17a",
        "\u24b5\u24aa\u24a9\u24a6",
        "\u1d22\u1d0f\u0274\u1d0b",
        "\u0225\u00f8\u0272\ua741",
    ],
)
def test_a_phrase_is_found_however_it_was_dressed_up(text: str) -> None:
    assert found(text, "Zonk")


@pytest.mark.parametrize("text", ["", "zonky", "azonk", "zon k", "bezonked", "z0nk", "zon\u0915k"])
def test_a_phrase_is_not_found_inside_other_words(text: str) -> None:
    assert not found(text, "zonk")


@pytest.mark.parametrize(
    "text",
    [
        "zonk zonk",
        "Zonk   zonk",
        "zonk\n\tzonk",
        "zonk-zonk",
        "zonk, zonk",
        "zonk_zonk",
        "zonk _-_ zonk",
        "zonk...zonk",
    ],
)
def test_words_of_a_phrase_may_have_anything_but_words_between_them(text: str) -> None:
    assert found(text, "zonk  zonk")
    assert not found("zonk a zonk", "zonk zonk")


def test_a_phrase_with_signs_is_compared_with_its_signs() -> None:
    assert found("I write C++ only", "c++")
    assert not found("I write C only", "c++")
    assert found("a \U0001f346 b", "\U0001f346")


@pytest.mark.parametrize("text", ["z0nk", "Z0NK!", "z0nk.", "$uch 4 z0nk", "@z0nk", "zo\u200bnk"])
def test_leetspeak_is_read_where_a_bank_asks_for_it(text: str) -> None:
    assert found(text, "zonk", leetspeak=True)


@pytest.mark.parametrize(
    ("text", "phrase"), [("l1k3 th!s", "like this"), ("@$$", "ass"), ("1o1", "lol")]
)
def test_one_sign_may_stand_for_two_letters(text: str, phrase: str) -> None:
    assert found(text, phrase, leetspeak=True)
    assert not found(text, phrase)


def test_a_word_in_another_script_is_found_in_capitals() -> None:
    assert found("ДЫМ, спасибо", "дым")
    assert found("ΌΧΙ", "όχι")
    assert not found("дымок", "дым")


def test_scripts_without_spaces_have_words_everywhere() -> None:
    assert found("これは悪い言葉です", "悪い言葉")
    assert found("这是坏话吗", "坏话")


@pytest.mark.parametrize(
    "text",
    ["z o n k", "so Z.O.N.K!", "z-o-n-k", "z_o*n/k", "z o\u200b n k", "z \u043e n k", "z  o\nn k"],
)
def test_a_word_that_is_spelled_out_is_found(text: str) -> None:
    assert found(text, "zonk")
    assert not found(text, "zonk zonk")


def test_only_whole_words_are_taken_for_spelled_out() -> None:
    assert not found("z o n ky", "zonk")
    assert not found("zo n k", "zonk")
    assert not found("a z, o, n, k", "zonk")
    assert not found("z o n k and then z o n k", "zonk zonk")
    assert not found("plan b", "b c")
    assert found("z 0 n k", "zonk", leetspeak=True)
    assert not found("z 0 n k", "zonk")


SHOWN = [
    "हिन्दी",
    "क्षत्रिय ज़मीन",
    "Ilık Isırgan İĞNE",
    "Zażółć gęślą jaźń",
    "\U0001f469\U0001f3fd\u200d\U0001f680",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 ok",
    "\u2764\ufe0f",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "می\u200cخواهم",
    "Straße №5",
]


@pytest.mark.parametrize("phrase", SHOWN)
def test_a_phrase_is_shown_as_it_was_written_and_found_in_itself(phrase: str) -> None:
    matcher = Matcher()
    matcher.put_bank(1, Bank("demo", "a test", "hate", Effect.FLAG))
    matcher.add(1, [Signal(1, SignalKind.PHRASE, clean_value(SignalKind.PHRASE, phrase))])

    (match,) = matcher.match(Content(text=f"- {phrase}."))

    assert match.value == phrase
    assert all(found(text, phrase) for text in (phrase.lower(), phrase.upper(), phrase.casefold()))


def test_what_hides_or_turns_a_phrase_is_not_stored() -> None:
    assert clean_value(SignalKind.PHRASE, " a\x07b \n c\u202edcb\u202c ") == "ab cbcd"
    assert clean_value(SignalKind.PHRASE, "z\u0301\u202don\u2066k") == "\u017aonk"


@pytest.mark.parametrize(
    ("phrase", "other"),
    [
        ("हिंदी", "हिद"),
        ("कमल", "कमाल"),
        ("дым", "дом"),
        ("\u2764", "\U0001f49c"),
        ("\U0001f44d\U0001f3fd", "\U0001f44d"),
        ("\U0001f44d\U0001f3fd", "\U0001f44d\U0001f3ff"),
        ("\U0001f1f5\U0001f1f1", "\U0001f1f9\U0001f1f7"),
    ],
)
def test_different_words_stay_different(phrase: str, other: str) -> None:
    assert not found(other, phrase)
    assert not found(phrase, other) or other in phrase


@pytest.mark.parametrize(
    ("one", "other"), [("łaska", "laska"), ("ılık", "ilik"), ("schön", "schon"), ("Ο", "O")]
)
def test_words_apart_only_by_a_stroke_a_dot_or_a_mark_are_found_as_one(
    one: str, other: str
) -> None:
    # The price of finding \u0225\u00f8\u0272\ua741. Whoever reads the match sees the words.
    assert found(one, other)
    assert found(other, one)


def test_marks_piled_up_by_the_thousand_hide_nothing_and_take_no_time() -> None:
    # In the order in which putting them in order takes longest.
    pile = "\u0315\u0300\u05ae" * 30_000

    assert found(f"z{pile}onk", "zonk")
    assert found("z" + "\u0315\u034f\u0300" * 30_000 + "onk", "zonk")


def test_a_sign_that_stands_for_many_letters_is_read_however_often_it_comes() -> None:
    assert found("\ufdfa" * 10_000 + " zonk", "zonk")
    assert found("\ufdfa", "صلى الله عليه وسلم")


def test_marks_that_are_vowels_are_kept() -> None:
    assert found("हिंदी", "हिंदी")
    assert not found("हद", "हिंदी")
    assert not found("क्या", "या")
    assert found("यह या वह", "या")


@pytest.mark.parametrize("value", ["", "  ", "\u200b", "\u0301"])
def test_a_phrase_of_nothing_visible_is_refused(value: str) -> None:
    with pytest.raises(BadSignal, match="expected a word or phrase"):
        clean_value(SignalKind.PHRASE, value)


VISIBLE = st.characters(categories=("L", "N", "P", "S"))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(alphabet=VISIBLE, min_size=1, max_size=20))
def test_a_clean_phrase_stays_as_it_is_and_is_found_in_itself(text: str) -> None:
    phrase = clean_value(SignalKind.PHRASE, text)

    assert clean_value(SignalKind.PHRASE, phrase) == phrase
    assert found(f"so: {text} - yes", phrase, leetspeak=True)


@pytest.mark.parametrize(
    "text", ["zonk 42", "ZONK 42", "z\u200bonk 42", "z\u043enk 42", "a\nzonk 42"]
)
def test_a_pattern_sees_the_text_as_written_and_without_its_disguise(text: str) -> None:
    assert found(text, r"\bzonk \d+$", kind=SignalKind.PATTERN)


def test_a_pattern_that_would_blow_up_elsewhere_takes_no_time() -> None:
    assert not found("a" * 100_000 + "!", "(a+)+$", kind=SignalKind.PATTERN)


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("(zonk", "RE2's syntax: missing"),
        ("zonk(?=x)", "RE2's syntax: invalid perl operator"),
        (r"(zonk)\1", "RE2's syntax: invalid escape"),
        ("z*", "does not match an empty text"),
        ("^", "does not match an empty text"),
        ("", "does not match an empty text"),
        ("((a{30}){30}){3}", "RE2's syntax: "),
        (r"(?:\pL{90})", "at most 2000 steps"),
        ("a\0b", "without NUL"),
        ("z\ud800", "UTF-8"),
    ],
)
def test_a_pattern_that_could_blow_up_or_match_everything_is_refused(
    pattern: str, complaint: str
) -> None:
    with pytest.raises(BadSignal, match=complaint):
        clean_value(SignalKind.PATTERN, pattern)


changes = st.lists(
    st.one_of(
        st.dictionaries(st.integers(0, 15), st.sampled_from(["zonk", "blip", "blip zonk", "Ж"])),
        st.sets(st.integers(0, 15), max_size=9),
    ),
    max_size=10,
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(changes=changes, text=st.sampled_from(["", "blip", "a Blip-ZONK", "ж zonk", "zonks"]))
def test_after_any_changes_every_phrase_of_the_text_is_found_and_no_other(
    changes: list[dict[int, str] | set[int]], text: str
) -> None:
    index = PhraseIndex(leetspeak=False)
    known: dict[int, str] = {}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dutybound.matching.phrases._MOST_FRESH", 3)
        patch.setattr("dutybound.matching.phrases._MOST_IN_ONE", 8)
        for change in changes:
            index.remove([*change])
            known = {number: each for number, each in known.items() if number not in change}
            if isinstance(change, dict):
                index.add([Wording(*each) for each in change.items()])
                known |= change

    padded = f" {' '.join(text.lower().replace('-', ' ').split())} "
    held = {number for number, each in known.items() if f" {each.lower()} " in padded}
    assert index.found_in(TextViews(text)) == held
