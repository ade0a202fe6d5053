"""Everything that reads what strangers send: what it may raise, and true examples to damage."""

import base64
import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from dutybound.cases import bundle, guide_files, statements
from dutybound.ledger import checkpoint, notes, proofs, tiles
from dutybound.ledger.tree import ProofRejected, leaf_hash
from dutybound.matching import (
    bankfiles,
    compiled,
    filetypes,
    imports,
    links,
    patterns,
    pictures,
    vpdq,
    words,
)
from dutybound.matching.signals import BadSignal, Bank, Effect, Signal, SignalKind, clean_value
from dutybound.register import loading
from dutybound.risk import oscal_import, profiles
from dutybound.risk.oscal import as_oscal
from dutybound_server.evidence import stamps
from dutybound_server.lib import spooled_json
from tests.library.matching.films import film, still
from tests.library.matching.heics import coded, heic, in_tiles
from tests.library.matching.photos import photo, saved

TOP = Path(__file__).parents[2]
LIMITS = pictures.Limits(
    max_bytes=1_000_000, max_pixels=300_000, max_frames=8, max_decoding_seconds=1.0
)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VERIFIER = notes.verifier_key("example.org/journal", KEY)


@dataclass(frozen=True, slots=True)
class Parser:
    """One reader of foreign bytes."""

    read: Callable[[bytes], object]
    examples: Callable[[], list[bytes]]
    raises: tuple[type[Exception], ...] = ()
    """Everything it says that it may raise; any other error is a fault."""
    share: int = 1
    """How much of the budget it gets: what is read by C code from strangers gets more."""


def _text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    """A reader of text, given bytes: what is no UTF-8 is refused before it, so it is replaced."""
    return lambda content: read(content.decode(errors="replace"))


def _all_of(read: Callable[[io.StringIO], Iterator[object]]) -> Callable[[bytes], object]:
    return _text(lambda text: list(read(io.StringIO(text))))


def _picture(content: bytes) -> object:
    if not content:
        return None
    return pictures.hash_media(io.BytesIO(content), id="m", limits=LIMITS)


@cache
def _photographs() -> list[bytes]:
    small = photo(side=80)
    formats = ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF"]
    return [saved(small, one).getvalue() for one in formats]


@cache
def _heics() -> list[bytes]:
    small = photo(side=80)
    return [heic({1: coded(small)}).getvalue(), heic(in_tiles(small)).getvalue()]


@cache
def _films() -> list[bytes]:
    shots = [still(1, size=(64, 48)), still(2, size=(64, 48))]
    made = [("mpeg4", "mp4"), ("mpeg4", "matroska"), ("mpeg4", "avi"), ("mpeg2video", "mpegts")]
    return [film(shots, codec=codec, container=kind).getvalue() for codec, kind in made]


def _head(content: bytes) -> object:
    found = filetypes.type_of(content[:64])
    return filetypes.is_what_it_says(declared="image/png", found=found)


def _links(text: str) -> object:
    try:
        links.without_links(text)
        return links.links_in(text)
    finally:
        for clean in (links.canonical, links.clean_prefix, links.clean_host, links.clean_domain):
            _or_refused(clean, text)


def _or_refused(clean: Callable[[str], str], text: str) -> None:
    """What is not one is refused with a ValueError; what is one is cleaned once and for all."""
    try:
        once = clean(text)
    except ValueError:
        return
    assert clean(once) == once


def _value(text: str) -> object:
    kind, _, value = text.partition(":")
    return clean_value(SignalKind(kind), value) if kind in set(SignalKind) else None


def _phrase(text: str) -> object:
    plain, unmasked = words.forms(text)
    words.views(plain, unmasked, leetspeak=True)
    return words.letters_alone(text)


def _note(text: str) -> object:
    return checkpoint.checkpoint_in(notes.open_note(text, VERIFIER))


def _checkpoint() -> str:
    root = base64.b64encode(leaf_hash(b"an entry")).decode()
    return notes.sign(f"example.org/journal\n1\n{root}\n", name="example.org/journal", key=KEY)


def _proof(content: bytes) -> object:
    return proofs.verify_proof(content.decode(errors="replace"), b"an entry", key=VERIFIER)


def _bank_file(content: bytes) -> object:
    file = io.BytesIO(content)
    return bankfiles.read_header(file), list(bankfiles.read_signals(file))


@cache
def _a_bank_file() -> bytes:
    bank = Bank("known", "tests", "harassment", Effect.BLOCK)
    found = [Signal(1, SignalKind.PHRASE, "zonk"), Signal(2, SignalKind.PDQ, "0f" * 32)]
    file = io.BytesIO()
    bankfiles.write_bank(file, bank=bank, signals=found)
    return file.getvalue()


def _compiled(content: bytes) -> object:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bank"
        path.write_bytes(content)
        opened = compiled.open_arrays(path)
        opened.check()
        return {name: array.sum() for name, array in opened.arrays.items()}


@cache
def _a_compiled_file() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bank"
        compiled.write_arrays(path, header={"bank": 1}, arrays={"a": np.arange(9)})
        return path.read_bytes()


@cache
def _a_bundle() -> bytes:
    files = {"case.json": b"{}", "case.txt": b"words"}
    manifest = bundle.manifest_of({"body": "A body"}, files)
    note = notes.sign(bundle.statement_of(manifest), name="example.org/journal", key=KEY)
    return bundle.packed(files, manifest=manifest, note=note, key=str(VERIFIER))


def _register_page(text: str) -> object:
    return loading.read_page(text, file="page.yaml")


def _guide(text: str) -> object:
    data = TOP / "src/dutybound/cases/data/guides"
    return guide_files.read_guides([("g.yaml", text)], schema=(data / "schema.json").read_text())


def _profile(text: str) -> object:
    return profiles.read_profile(text, file="profile.toml")


def _assessment(text: str) -> object:
    return profiles.read_document(text, file="assessment.json")


def _oscal(text: str) -> object:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return oscal_import.from_oscal(document)


def _statement(text: str) -> object:
    try:
        statement = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return statements.check_statement(statement)


def _body(content: bytes) -> object:
    with ExitStack() as files:
        pieces = [content[at : at + 7] for at in range(0, len(content), 7)]
        value, asides = spooled_json.parse(pieces, files=files)
        return spooled_json.with_texts(value, asides)


@cache
def _a_plan() -> bytes:
    written = (TOP / "examples/village-forum/profile.toml").read_text()
    assessment = profiles.read_profile(written, file="profile.toml")
    return json.dumps(dict(as_oscal(assessment, as_of=date(2026, 11, 23)))).encode()


def _der(tag: int, *content: bytes) -> bytes:
    inside = b"".join(content)
    return bytes([tag, len(inside)]) + inside


def _a_stamp() -> bytes:
    """A TimeStampResp (RFC 3161) with nothing in it but what we look at."""
    number, octets = _der(2, b"\1"), _der(4, bytes(32))
    info = _der(0x30, number, number, _der(0x30, number, octets), number, number, number)
    signed = _der(0x30, number, _der(0xA0, _der(4, info)))
    token = _der(0x30, number, _der(0xA0, _der(0x30, number, number, signed)))
    return _der(0x30, _der(0x30, _der(2, b"\0")), token)


def _files(*patterns: str) -> Callable[[], list[bytes]]:
    return lambda: [path.read_bytes() for one in patterns for path in sorted(TOP.glob(one))]


def _these(*examples: str | bytes) -> Callable[[], list[bytes]]:
    return lambda: [one.encode() if isinstance(one, str) else one for one in examples]


PARSERS: Mapping[str, Parser] = MappingProxyType(
    {
        "pictures": Parser(_picture, _photographs, share=4),
        "HEIC": Parser(_picture, _heics, share=3),
        "films": Parser(_picture, _films, share=3),
        "first bytes": Parser(_head, _photographs),
        "links": Parser(
            _text(_links),
            _these("see https://a.example/b?c=%41#d and xn--mnchen-3ya.de/%2e%2e/x", "1.2.3.4:80"),
            (links.TooManyLinks,),
        ),
        "values of signals": Parser(
            _text(_value),
            _these(
                "pdq:" + "0f" * 32, "url:https://a.example/x", "phrase:zonk", "domain:a.example"
            ),
            (BadSignal,),
        ),
        "words": Parser(
            _text(_phrase),
            _these("z o n k", "\uff5a0nk\u202e\u0301 \u214e", "\uff3a\uff2f\uff2e\uff2b"),
        ),
        "patterns": Parser(_text(patterns.clean_pattern), _these("z+onk[a-z]{2,9}"), (ValueError,)),
        "bank CSV": Parser(
            _all_of(imports.read_csv), _these("kind,value,tags\nphrase,zonk,a|b\n", "zonk\nzink\n")
        ),
        "bank JSON": Parser(
            _all_of(imports.read_json),
            _these('[{"kind":"phrase","value":"zonk"}]', '{"value":"zonk"}\n{"value":1}\n'),
        ),
        "bank file": Parser(_bank_file, lambda: [_a_bank_file()], (bankfiles.BadBankFile,)),
        "compiled bank": Parser(_compiled, lambda: [_a_compiled_file()], (compiled.BadFile,)),
        "vPDQ": Parser(
            _text(vpdq.read),
            _these("0,100," + "0f" * 32 + ",0.0\n", json.dumps(["0f" * 32 + ",100,0.0"])),
            (vpdq.BadFeatures,),
        ),
        "notes": Parser(_text(_note), lambda: [_checkpoint().encode()], (notes.BadNote,)),
        "keys of notes": Parser(_text(notes.key_in), _these(str(VERIFIER)), (notes.BadKey,)),
        "proofs": Parser(
            _proof,
            lambda: [proofs.proof_file(0, proof=[], note=_checkpoint()).encode()],
            (ProofRejected, notes.BadNote),
        ),
        "names of tiles": Parser(_text(tiles.name_in), _these("tile/0/x001/234.p/5")),
        "bundles of entries": Parser(
            tiles.entries_in, lambda: [tiles.bundle_of([b"a", b"bc"])], (tiles.BadBundle,)
        ),
        "bundles of cases": Parser(bundle.opened, lambda: [_a_bundle()], (bundle.BadBundle,)),
        "register": Parser(
            _text(_register_page),
            _files("src/dutybound/register/data/scope.yaml"),
            (loading.BadRegister,),
        ),
        "guides": Parser(
            _text(_guide),
            _files("src/dutybound/cases/data/guides/fraud.yaml"),
            (loading.BadRegister,),
        ),
        "profiles": Parser(
            _text(_profile), _files("examples/*/profile.toml"), (profiles.BadProfile,)
        ),
        "assessments": Parser(_text(_assessment), _these("{}"), (profiles.BadProfile,)),
        "OSCAL": Parser(
            _text(_oscal),
            lambda: [_a_plan()],
            (oscal_import.BadOscal, ValidationError),
        ),
        "statements": Parser(_text(_statement), _these('{"decision_ground": "x"}')),
        "bodies of the API": Parser(
            _body,
            _these('{"id": "p", "media": [{"data": "' + "A" * 40 + '"}], "x": "\\u00e9\\n"}'),
            (spooled_json.BadJson, spooled_json.TooMuchJson),
        ),
        "time-stamps": Parser(
            stamps._read,
            lambda: [_a_stamp()],
            (stamps.NoStamp,),
        ),
    }
)
