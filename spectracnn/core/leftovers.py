"""Names of files in the making, by which those of writers that were killed are recognised."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import sys
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

_PART = re.compile(r"\.(?:.*)\.spectracnn-([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{8}\.part[^/]*")
_OLD_SECONDS = 86400.0
_REST = 100.0
"""A folder is searched again after so many times the seconds that its last search took."""

_searched: dict[str, float] = {}
_LONGEST_STEM = 60


def new_part(target: Path) -> Path:
    """Make an empty hidden file beside the target, whose name says which process writes it.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    encoded = os.fsencode(target.stem)[:_LONGEST_STEM]
    stem = encoded.decode("utf-8", "ignore") or "file"
    owner = f"{_machine()}-{os.getpid()}-{_started(os.getpid())}"
    name = f".{stem}.spectracnn-{owner}-{secrets.token_hex(4)}.part{target.suffix}"
    path = target.with_name(name)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return path


def clear_leftovers(folder: Path) -> int:
    """Remove what our own writers on this machine left in a folder when they were killed.

    Files of writers that still live, of other machines that share the folder, and of other
    programs stay. A large folder is not searched at every write.

    Parameters
    ----------
    folder : Path
        Where something is about to be written.

    Returns
    -------
    int
        How many files were removed.
    """
    key, began = str(folder), time.monotonic()
    if began < _searched.get(key, 0.0):
        return 0
    removed = 0
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name[:1] == "." and ".part" in entry.name and _is_left(entry):
                with suppress(OSError):
                    os.unlink(entry.path)
                    removed += 1
    ended = time.monotonic()
    if len(_searched) > 1000:
        _searched.clear()
    _searched[key] = ended + _REST * max(ended - began - 0.001, 0.0)
    return removed


def _is_left(entry: os.DirEntry[str]) -> bool:
    match = _PART.fullmatch(entry.name)
    if match is None or match[1] != _machine() or not entry.is_file(follow_symlinks=False):
        return False
    pid, started = int(match[2]), int(match[3])
    if pid == os.getpid() and started == _started(pid):
        return False
    platform: str = sys.platform
    if platform == "linux":
        return _started(pid) != started
    if platform == "win32":  # no harmless way to ask whether a process lives
        return time.time() - entry.stat().st_mtime > _OLD_SECONDS
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


@cache
def _machine() -> str:
    """Return a word for this machine and its numbering of processes."""
    import platform

    words = [platform.node()]
    with suppress(OSError):
        words.append(os.readlink("/proc/self/ns/pid"))
        words.append(Path("/etc/machine-id").read_text(encoding="ascii"))
    return hashlib.sha256("\n".join(words).encode("utf-8", "replace")).hexdigest()[:8]


def _started(pid: int) -> int:
    """Return when a process began, in the kernel's ticks; 0 where there is none, or no way."""
    try:
        text = Path(f"/proc/{pid}/stat").read_bytes()
        return int(text.rpartition(b")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return 0
