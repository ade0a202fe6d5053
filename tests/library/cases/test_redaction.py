"""What reaches a person is taken out, and what does not stays."""

import pytest

from dutybound.cases.redaction import redacted


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Write to bram.b+x@mail.example.com now", "Write to [e-mail address] now"),
        ("Ask @bram_b, or @bram.b.", "Ask [handle], or [handle]."),
        ("Ring 07700 900123 or +44 (0)20 7946 0958", "Ring [phone number] or [phone number]"),
        ("From 192.0.2.7", "From [address of the network]"),
        ("See https://example.org/u/bram?x=1 there", "See [link] there"),
        ("Lives at SW1A 1AA", "Lives at [postcode]"),
        ("In 2026 it had 1,200 views at 14:05", "In 2026 it had 1,200 views at 14:05"),
        ("", ""),
    ],
)
def test_what_has_the_shape_of_an_address_is_taken_out(words: str, left: str) -> None:
    assert redacted(words) == left


def test_what_is_named_is_taken_out_as_a_whole_word_in_any_case() -> None:
    words = "Bram said: brambles are what bram-b likes."

    assert redacted(words, leave_out=["bram", "bram-b", "x", " "]) == (
        "[left out] said: brambles are what [left out] likes."
    )


def test_a_hundred_thousand_characters_of_anything_take_no_time() -> None:
    for piece in ("@", "a@", "@ab ", "1 ", "a.", "http://", "(", "a@b.cd "):
        redacted(piece * (100_000 // len(piece)))
