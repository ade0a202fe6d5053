"""Signed notes and checkpoints, on the specifications' own examples."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dutybound.ledger.checkpoint import Checkpoint, checkpoint_in, unverified
from dutybound.ledger.notes import BadKey, BadNote, key_in, open_note, sign, verifier_key

# c2sp.org/signed-note, "Example"
SPECIFIED_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPECIFIED_NOTE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""  # noqa: E501 - one line by specification
# c2sp.org/tlog-checkpoint, its first example
SPECIFIED_CHECKPOINT = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""  # noqa: E501 - one line by specification

OURS = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = verifier_key("example.org/journal", OURS)
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))


def test_the_specified_key_opens_the_specified_note() -> None:
    key = key_in(SPECIFIED_KEY)

    assert str(key) == SPECIFIED_KEY
    assert open_note(SPECIFIED_NOTE, key) == "This is an example message.\n"


def test_the_specified_checkpoint_is_read_and_written_again() -> None:
    head = unverified(SPECIFIED_CHECKPOINT)

    assert (head.origin, head.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert SPECIFIED_CHECKPOINT.startswith(head.text + "\n— ")


def test_a_signed_checkpoint_opens_with_the_key_that_is_published() -> None:
    head = Checkpoint("example.org/journal", 3, bytes(32))

    note = head.signed(OURS)

    assert checkpoint_in(open_note(note, key_in(str(KEY)))) == head


def test_signatures_of_others_are_passed_over() -> None:
    head = Checkpoint("example.org/journal", 3, bytes(32))
    theirs = sign(head.text, name="witness.example", key=OTHER).splitlines()[-1]

    assert open_note(f"{head.signed(OURS)}{theirs}\n", KEY) == head.text


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("\n3\n", "\n4\n", "does not fit the text"),
        ("— example.org", "— example.com", "did not sign it"),
        ("\n\n", "\n", "an empty line and signatures"),
        ("— ", "- ", "expected '— name base64'"),
        ("example", "\texample", "an empty line and signatures"),
        # The last character's spare bits: other base64, the same bytes.
        ("8=\n", "9=\n", "expected base64"),
    ],
)
def test_a_note_that_was_changed_is_refused(old: str, new: str, problem: str) -> None:
    note = Checkpoint("example.org/journal", 3, bytes(32)).signed(OURS).replace(old, new)

    with pytest.raises(BadNote, match=problem):
        open_note(note, KEY)


def test_a_signature_by_another_key_of_the_same_name_is_refused() -> None:
    with pytest.raises(BadNote, match="did not sign it with the key"):
        open_note(sign("text\n", name=KEY.name, key=OTHER), KEY)


@pytest.mark.parametrize("text", ["no newline", "tab\t\n", ""])
def test_what_cannot_be_a_note_is_not_signed(text: str) -> None:
    with pytest.raises(BadNote):
        sign(text, name="example.org", key=OURS)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "nbsp\u00a0name"])
def test_a_key_has_a_name_without_spaces_and_plus(name: str) -> None:
    with pytest.raises(BadKey):
        verifier_key(name, OURS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com/foo",
        SPECIFIED_KEY.replace("530d", "530e"),
        SPECIFIED_KEY[:-4],
        SPECIFIED_KEY.replace("+Ae", "+*e"),
        SPECIFIED_KEY.replace("+Ae", "+Be"),
        SPECIFIED_KEY.replace("example", " example").replace("foo", "f o"),
        SPECIFIED_KEY + "é",
    ],
)
def test_a_key_that_is_not_one_is_refused(text: str) -> None:
    with pytest.raises(BadKey):
        key_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.org\n3\n",
        "example.org\n03\nAAAA\n",
        "example.org\n-3\nAAAA\n",
        "example.org\n3\nAAAA\n",
        "example.org\n3\n????\n",
        f"example.org\n3\n{'A' * 43}=",
        f"example.org\n\n3\n{'A' * 43}=\n",
    ],
)
def test_a_checkpoint_written_any_other_way_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        checkpoint_in(text)


def test_extension_lines_are_passed_over() -> None:
    text = Checkpoint("example.org", 3, bytes(32)).text

    assert checkpoint_in(f"{text}more to know\n") == checkpoint_in(text)
