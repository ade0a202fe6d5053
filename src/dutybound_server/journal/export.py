"""The journal as a folder of files, for whoever verifies it elsewhere."""

import secrets
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

from dutybound.ledger.tiles import ENTRIES, levels_of, tiles_of
from dutybound_server.journal.models import Checkpoint
from dutybound_server.journal.queries import TEXTS, file_at

Progress = Callable[[int, int], None]
"""(files written so far, files there are)"""


class CannotExport(Exception):
    """The folder cannot take a journal."""


def export_journal(folder: Path, *, head: Checkpoint, progress: Progress) -> None:
    """Write the journal of that head to a new folder, all of it or nothing.

    Entries go on being appended and sealed meanwhile; a head's files stay what they are.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CannotExport(f"{folder} is not empty; name a new folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}")
    # Entries tell of decisions about people, so only the one who exports may read them.
    draft.mkdir(mode=0o700)
    try:
        _write(draft, head=head, progress=progress)
        draft.rename(folder)
    finally:
        # Renamed, there is no draft any more; cut off, half a journal would look like a whole one.
        rmtree(draft, ignore_errors=True)


def _write(draft: Path, *, head: Checkpoint, progress: Progress) -> None:
    paths = list(TEXTS)
    for level in (ENTRIES, *levels_of(head.size)):
        paths += [name.path for name in tiles_of(level, size=head.size)]
    for done, path in enumerate(paths, 1):
        content = file_at(path, head=head)
        # A tile that is gone stays away; `verify-journal` names it.
        if content is not None:
            (draft / path).parent.mkdir(parents=True, exist_ok=True)
            (draft / path).write_bytes(content)
        progress(done, len(paths))
