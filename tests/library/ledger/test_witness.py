"""The witness protocol (c2sp.org/tlog-witness): each answer it names, in whichever order.

Whatever comes, a witness cannot be led to sign two histories.
"""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutybound.ledger.checkpoint import Checkpoint
from dutybound.ledger.cosignatures import lines_by
from dutybound.ledger.notes import open_note, split_note
from dutybound.ledger.tree import EMPTY_ROOT
from dutybound.ledger.witness import (
    BadRequest,
    Remembered,
    Status,
    address_of,
    cosigned,
    note_to_show,
    refusal_of,
    request_in,
    request_of,
)
from tests.library.ledger import oracle
from tests.library.ledger.published import KEY, SIGNER
from tests.library.ledger.witnesses import AT, LOG_MLDSA, head_of, witness, witness_mldsa

ENTRIES = oracle.entries_of(40)
FORK = [*ENTRIES[:7], b"another", *ENTRIES[8:]]
WITNESSES = (witness(1), witness_mldsa(1))


def consistency(old: int, entries: list[bytes]) -> list[bytes]:
    return oracle.subproof(old, entries) if old else []


def asked(
    size: int, *, old: int = 0, history: list[bytes] = ENTRIES, proof: Sequence[bytes] | None = None
) -> bytes:
    """What a log sends for the head of its first `size` entries."""
    entries = history[:size]
    steps = consistency(old, entries) if proof is None else proof
    return request_of(head_of(entries).signed(SIGNER), old_size=old, proof=steps).encode()


def seen(size: int) -> Remembered:
    return Remembered((KEY,), size, oracle.mth(ENTRIES[:size]))


def status_of(body: bytes, remembered: Remembered | None) -> int:
    refusal = refusal_of(request_in(body), remembered)
    return refusal.status if refusal else Status.COSIGNED


@pytest.mark.parametrize(("old", "size"), [(0, 0), (0, 1), (0, 8), (8, 8), (8, 9), (7, 40)])
def test_a_head_that_follows_is_cosigned_by_each_key(old: int, size: int) -> None:
    request = request_in(asked(size, old=old))

    assert refusal_of(request, seen(old)) is None
    lines = cosigned(request, signers=WITNESSES, at=AT)
    assert set(lines_by(lines, [one.key for one in WITNESSES], note=request.note)) == {
        one.key for one in WITNESSES
    }


@pytest.mark.parametrize(
    ("body", "remembered", "status"),
    [
        (asked(9, old=8), None, Status.NOT_WATCHED),
        (asked(9, old=8), Remembered((witness(2).key,), 8), Status.NOT_TRUSTED),
        (asked(9, old=8).replace(b"\n9\n", b"\n10\n"), seen(8), Status.NOT_TRUSTED),
        (asked(7, old=8, proof=[]), seen(8), Status.BAD_REQUEST),
        (asked(9, old=8), seen(7), Status.OTHER_SIZE),
        (asked(9), seen(8), Status.OTHER_SIZE),
        (asked(9, old=8, proof=[]), seen(8), Status.DOES_NOT_FOLLOW),
        (asked(9, old=8, proof=[bytes(32)] * 4), seen(8), Status.DOES_NOT_FOLLOW),
        (asked(20, old=8, history=FORK), seen(8), Status.DOES_NOT_FOLLOW),
        (asked(8, old=8, history=FORK), seen(8), Status.DOES_NOT_FOLLOW),
        (asked(8, old=8, proof=[bytes(32)]), seen(8), Status.DOES_NOT_FOLLOW),
        (asked(9, proof=[bytes(32)]), seen(0), Status.DOES_NOT_FOLLOW),
    ],
)
def test_each_refusal_has_the_status_that_is_specified(
    body: bytes, remembered: Remembered | None, status: Status
) -> None:
    assert status_of(body, remembered) == status


def test_an_empty_tree_has_the_one_root_it_can_have() -> None:
    strange = Checkpoint(KEY.name, 0, bytes(32)).signed(SIGNER)

    assert status_of(f"old 0\n\n{strange}".encode(), seen(0)) == Status.DOES_NOT_FOLLOW


def test_another_size_is_answered_with_the_one_that_is_known() -> None:
    refusal = refusal_of(request_in(asked(9)), seen(8))

    assert refusal
    assert (refusal.body, refusal.content_type) == ("8\n", "text/x.tlog.size")


def test_only_what_the_log_signed_and_that_does_not_follow_is_evidence() -> None:
    def is_evidence(body: bytes, remembered: Remembered) -> bool:
        refusal = refusal_of(request_in(body), remembered)
        assert refusal
        return refusal.is_evidence

    assert is_evidence(asked(20, old=8, history=FORK), seen(8))
    assert is_evidence(asked(7, old=7), seen(8))
    assert not is_evidence(asked(9), seen(8))
    assert not is_evidence(asked(9, old=8).replace(b"\n9\n", b"\n10\n"), seen(8))


def test_one_key_of_a_log_that_signed_is_enough_and_a_false_line_is_too_much() -> None:
    both = Remembered((KEY, LOG_MLDSA.key), 0, EMPTY_ROOT)
    head = head_of(ENTRIES[:9])
    other = head_of(ENTRIES[:8])

    assert status_of(asked(9), both) == Status.COSIGNED
    with_false_line = head.signed(SIGNER) + LOG_MLDSA.line(other.text)
    assert status_of(f"old 0\n\n{with_false_line}".encode(), both) == Status.NOT_TRUSTED


@pytest.mark.parametrize(
    "harm",
    [
        lambda _: b"",
        lambda body: b"\xff" + body,
        lambda body: body.replace(b"old 8", b"old 08"),
        lambda body: body.replace(b"old 8", b"old -8"),
        lambda body: body.replace(b"old 8", b"old 9999999999999999999"),
        lambda body: body.replace(b"old 8", b"new 8"),
        lambda body: body.replace(b"old 8\n", b"old 8\n????\n"),
        lambda body: body.replace(b"old 8\n", b"old 8\nAAAA\n"),
        lambda body: body.replace(b"old 8\n", b"old 8\n" + (b"A" * 43 + b"=\n") * 64),
        lambda body: body.replace(b"\n9\n", b"\nnine\n"),
        lambda body: body.replace(b"\n9\n", b"\n9999999999999999999\n"),
        lambda body: body.replace("—".encode(), b"-"),
        lambda body: body[: body.index(b"\n\n")],
    ],
)
def test_what_is_not_written_as_the_protocol_has_it_is_refused(
    harm: Callable[[bytes], bytes],
) -> None:
    with pytest.raises(BadRequest):
        request_in(harm(asked(9, old=8)))


@given(st.binary(max_size=400) | st.text(alphabet="old 0123\nA=—+/", max_size=400))
def test_any_bytes_are_read_or_refused(body: bytes | str) -> None:
    try:
        request_in(body if isinstance(body, bytes) else body.encode())
    except BadRequest:
        return


def test_the_note_for_monitors_has_the_lines_that_were_verified_and_no_others() -> None:
    head = head_of(ENTRIES[:9])
    stranger = witness(9).line(head.text, at=AT)
    request = request_in(f"old 0\n\n{head.signed(SIGNER)}{stranger}".encode())
    lines = cosigned(request, signers=WITNESSES, at=AT)

    note = note_to_show(request, keys=[KEY], lines=lines)

    assert [name for name, _ in split_note(note)[1]] == [KEY.name, "w1.example", "w1.example"]
    assert open_note(note, KEY) == open_note(note, WITNESSES[1].key) == head.text


def test_a_log_is_found_by_the_hash_of_its_name() -> None:
    # As `printf example.org/journal | sha256sum` prints it.
    hash_ = "ecf93efebc47b41c7d392001fb82028158089f2761b83eb65ab2942b439f6cd0"
    assert address_of("example.org/journal") == f"{hash_}/checkpoint"


class Slow:
    """A witness that remembers every entry it ever signed for, and compares them all."""

    def __init__(self) -> None:
        self.entries: list[bytes] = []

    def would_sign(self, entries: list[bytes], *, old: int, proof: list[bytes]) -> bool:
        return (
            old == len(self.entries)
            and len(entries) >= old
            and entries[:old] == self.entries
            and proof == consistency(old, entries)
        )


ASKED = st.tuples(
    st.integers(0, 40),
    st.integers(0, 40) | st.none(),
    st.booleans(),
    st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ASKED, max_size=12))
def test_no_order_of_requests_leads_to_two_histories(
    steps: list[tuple[int, int | None, bool, bool]],
) -> None:
    fast, slow = Remembered((KEY,)), Slow()
    signed: dict[int, bytes] = {}
    for size, old, is_fork, is_spoilt in steps:
        entries = (FORK if is_fork else ENTRIES)[:size]
        told = fast.size if old is None else old
        proof = consistency(told, entries) if told <= size else []
        if is_spoilt:
            proof = [*proof[:-1], bytes(32)]
        body = asked(size, old=told, history=FORK if is_fork else ENTRIES, proof=proof)
        request = request_in(body)

        would = slow.would_sign(entries, old=told, proof=proof)
        assert (refusal_of(request, fast) is None) is would

        if would:
            assert size >= fast.size
            assert signed.setdefault(size, request.head.root) == request.head.root
            fast = Remembered((KEY,), size, request.head.root)
            slow.entries = entries


def test_a_request_is_written_as_it_is_read() -> None:
    proof = [bytes([number]) * 32 for number in range(3)]
    note = head_of(ENTRIES).signed(SIGNER)

    request = request_in(request_of(note, old_size=7, proof=proof).encode())

    assert (request.old_size, list(request.proof), request.note) == (7, proof, note)
