"""Where the counters of all our processes stand: in memory, so that a full disk harms none.

prometheus_client maps its files into memory. On a full disk the kernel ends a process that writes
to such a file (SIGBUS); so they must not stand beside the data, which is what fills up.
"""

import os
import stat
from hashlib import sha256
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - what is made there is checked to be ours


def counters_folder(data: Path) -> Path:
    """One folder for an installation; beside the data only where there is no file system in memory.

    The name can be guessed, so a folder that somebody else made is not used.
    """
    name = f"dutybound-{os.getuid()}-{sha256(os.fsencode(data)).hexdigest()[:16]}"
    for folder in (MEMORY / name, data / "metrics"):
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            found = folder.lstat()
        except OSError:
            continue
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid():
            return folder
    raise OSError(f"there is no folder for counters, neither {MEMORY / name} nor in {data}")
