"""`dutybound hash`: what a file is known by."""

import json
from pathlib import Path

import click

from dutybound.cli.files import FILES, hashes_of, progress
from dutybound.matching import MediaHashes, Unreadable


@click.command("hash")
@click.argument("files", nargs=-1, required=True, type=FILES, metavar="FILE…")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each file, in lines.")
def hash_files(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Print SHA-256, MD5, PDQ and its quality for each FILE."""
    unreadable = 0
    with progress(files, label="Hashing") as steps:
        for path in steps:
            hashed = hashes_of(path)
            unreadable += isinstance(hashed, Unreadable)
            click.echo(json.dumps(_as_json(path, hashed)) if as_json else _as_text(path, hashed))
    raise SystemExit(2 if unreadable else 0)


def _as_json(path: Path, hashed: MediaHashes | Unreadable) -> dict[str, object]:
    if isinstance(hashed, Unreadable):
        return {"file": str(path), "error": hashed.code, "note": hashed.sentence}
    return {
        "file": str(path),
        "size": hashed.size,
        "content_type": hashed.content_type,
        "sha256": hashed.sha256,
        "md5": hashed.md5,
        "frames": [
            {"number": each.number, "quality": each.quality, "pdq": each.hashes[0].hex()}
            for each in hashed.frames
        ],
        "comparable": hashed.comparable,
        "note": hashed.note,
    }


def _as_text(path: Path, hashed: MediaHashes | Unreadable) -> str:
    if isinstance(hashed, Unreadable):
        return f"{path}\n  {hashed.sentence}"
    lines = [str(path), f"  sha256 {hashed.sha256}", f"  md5    {hashed.md5}"]
    lines += [
        f"  pdq    {each.hashes[0].hex()} quality {each.quality}, frame {each.number}"
        for each in hashed.frames
    ]
    return "\n".join([*lines, *([f"  {hashed.note}"] if hashed.note else [])])
